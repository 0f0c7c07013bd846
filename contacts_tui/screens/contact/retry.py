"""What an agent can do about a message that failed, or whose outcome is unknown."""

from typing import Any

from contacts_tui import services
from contacts_tui.commands import keys_of
from contacts_tui.domain.text import begun
from contacts_tui.domain.unknown_outcome import ARRIVED, UnknownOutcome
from contacts_tui.domain.views import MessageView
from contacts_tui.screens.base import AgentScreen
from contacts_tui.screens.contact.stop_question import ask_about_stop
from contacts_tui.screens.dialogs import Decision

_ANSWERS = ("leave it: nothing is sent", ARRIVED, "resend: they may get it twice")
_UNDONE = "Undone: it may or may not have been sent."


class RetryActions:
    """Retries messages, and marks those as sent that the agent knows arrived. What is refused becomes a sentence."""

    def __init__(self, screen: AgentScreen[Any]) -> None:
        self._screen = screen
        self._session = screen.session

    async def retry(self, message_id: int) -> None:
        """Queue a failed message again; if its outcome is unknown, ask first, with all that is known."""
        with self._screen.telling("not resent: "):
            view = next(iter(await self._session.read(services.threads.views, [message_id])), None)
            if view is not None and view.unknown_outcome is not None:
                self._ask(view, view.unknown_outcome)
            else:
                await self._retry(message_id, may_double=False)

    async def arrived(self, message_id: int) -> None:
        """Mark a message as sent, once the agent says that they know it arrived."""

        async def answered(answer: int | None) -> None:
            if answer == 1:
                await self._arrived(message_id)

        with self._screen.telling():
            view = next(iter(await self._session.read(services.threads.views, [message_id])), None)
            if view is not None and view.unknown_outcome is not None:
                lines = (view.message.body, "", view.unknown_outcome.sentence, begun(view.unknown_outcome.evidence))
                question = Decision("Do you know that it arrived?", lines, _ANSWERS[:2])
                self._screen.app.push_screen(question, answered)

    async def _arrived(self, message_id: int) -> None:
        session = self._session

        async def undo() -> str:
            await session.run(services.messaging.undo_arrived, message_id, session.agent)
            return _UNDONE

        with self._screen.telling():
            await session.run(services.messaging.arrived, message_id, session.agent)
            session.undo_stack.push("a message marked as sent", undo, of=("arrived", message_id))
            self._screen.say(f"Marked as sent, recorded under your name. {keys_of('contact.undo')} undoes it.")
            self._screen.refresh_bindings()

    async def undo_arrived(self, message_id: int) -> None:
        """Take back that an agent marked a message as sent."""
        with self._screen.telling():
            await self._session.run(services.messaging.undo_arrived, message_id, self._session.agent)
            self._screen.say(_UNDONE)
            self._session.undo_stack.forget(("arrived", message_id))

    def _ask(self, view: MessageView, unknown: UnknownOutcome) -> None:
        async def answered(answer: int | None) -> None:
            if answer == 1:
                await self._arrived(view.message.id)
            elif answer == 2:
                await self._retry(view.message.id, may_double=True)

        lines = (view.message.body, "", unknown.sentence, begun(unknown.evidence))
        self._screen.app.push_screen(Decision("Resend it? They may get it twice", lines, _ANSWERS), answered)

    async def _retry(self, message_id: int, *, may_double: bool) -> None:
        async def again() -> None:
            await self._retry(message_id, may_double=may_double)

        with self._screen.telling("not resent: "):
            try:
                await self._session.run(services.messaging.retry, message_id, may_double=may_double)
            except services.errors.MayWantToStop as error:
                ask_about_stop(self._screen, error, again)
            else:
                self._screen.say("")
