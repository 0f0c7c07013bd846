"""Asks before a message is sent to a person who may want no more of them."""

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

from contacts_tui import services
from contacts_tui.screens.base import AgentScreen
from contacts_tui.screens.dialogs import Decision

if TYPE_CHECKING:
    from contacts_tui.services.errors import MayWantToStop

_ANSWERS = ("don't send it", "send it anyway")


def ask_about_stop(
    screen: AgentScreen[Any],
    error: "MayWantToStop",
    again: Callable[[], Awaitable[None]],
) -> None:
    """Show what they wrote, and ask. If the agent sends anyway, store that, so as to ask once only; call `again`."""

    async def answered(answer: int | None) -> None:
        if answer != 1:
            screen.say("Not sent: they may want you to stop.")
            return
        with screen.telling("not sent: "):
            await screen.session.run(services.messaging.acknowledge_stop, error.identity_id)
            await again()

    screen.app.push_screen(Decision("Send it? They may want you to stop", (error.sentence,), _ANSWERS), answered)
