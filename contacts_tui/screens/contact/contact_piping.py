"""The thread of a contact, given to a command of the agent's own, whose output can become a draft or a note."""

from contacts_tui import services
from contacts_tui.domain.fallback import refit
from contacts_tui.domain.reachability import Reach
from contacts_tui.domain.thread_text import LIMIT, thread_text
from contacts_tui.screens.contact.contact_queue import ContactQueue
from contacts_tui.screens.contact.pipe_dialog import PipeDialog
from contacts_tui.screens.contact.pipe_output import PipeOutput, Use


class ContactPiping(ContactQueue):
    """The part of a contact's screen for commands that read the thread."""

    def action_pipe(self) -> None:
        """Ask which command reads the thread."""
        session = self.session
        self.app.push_screen(PipeDialog(self._person, session.pipes, session.last_pipe), self._run_pipe)

    async def _run_pipe(self, command: str | None) -> None:
        if command is None:
            return
        self.session.last_pipe = command
        with self.telling():
            page = await self.session.read(services.threads.timeline, self._contact_id, limit=LIMIT)
            if not page.messages:
                self.say(f"There is nothing to give to a command: no conversation with {self._person} yet.")
                return
            text = thread_text(page.messages, self._person)
            self.app.push_screen(PipeOutput(command, text, takes_draft=self._takes_draft), self._piped)

    @property
    def _takes_draft(self) -> bool:
        """Whether a draft can be written here, if only for a template."""
        allowed = self._state.allowed
        waits = allowed is not None and allowed.reach is Reach.TEMPLATE
        return self._state.route is not None and (self._composition.takes_text or waits)

    async def _piped(self, result: tuple[Use, str] | None) -> None:
        use, output = (None, "") if result is None else result
        allowed = self._state.allowed
        match use:
            case Use.OTHER_COMMAND:
                self.action_pipe()
            case Use.NOTE:
                await self._note(output)
            case Use.DRAFT if allowed is not None:
                fit = refit(allowed.channel, allowed.limits, allowed.reach, output)
                self._composition.take_over(fit, self._taken_over)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Return whether an action applies: before the person was read there is no thread (asked by Textual)."""
        return self._card is not None if action == "pipe" else super().check_action(action, parameters)
