"""Asks before a message goes to somebody who may want no more of them."""

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

from textual.screen import Screen

from contacts_tui import services
from contacts_tui.screens.base import sentence_of
from contacts_tui.screens.dialogs import Decision
from contacts_tui.screens.session import AgentSession

if TYPE_CHECKING:
    from contacts_tui.services.errors import MayWantToStop

_ANSWERS = ("don't send it", "send it anyway")


def ask_about_stop(
    screen: Screen[Any],
    session: AgentSession,
    say: Callable[[str], None],
    error: "MayWantToStop",
    again: Callable[[], Awaitable[None]],
) -> None:
    """Show what they wrote. When the agent sends all the same, that is noted, so that it isn't asked again, and `again`
    runs."""

    async def answered(answer: int | None) -> None:
        if answer != 1:
            say("Not sent: they may want you to stop.")
            return
        try:
            await session.run(services.messaging.acknowledge_stop, error.identity_id)
        except Exception as failure:
            say(f"Not sent: {sentence_of(failure)}")
        else:
            await again()

    screen.app.push_screen(Decision("Send it? They may want you to stop", (error.sentence,), _ANSWERS), answered)
