"""The key that opens the most urgent person: the same on the list and on a contact."""

from contacts_tui import services
from contacts_tui.domain.view import BUILT_IN
from contacts_tui.screens.undo_actions import UndoActions


class QueueKeys(UndoActions):
    """A part of screens from which the agent goes to people who wait."""

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Return whether an action applies: `urgent` does once the store is open (asked by Textual)."""
        return self.session.is_open if action == "urgent" else super().check_action(action, parameters)

    async def action_urgent(self) -> None:
        """Open the most urgent person, and go through the waiting people from there; say so if no one waits."""
        waiting = BUILT_IN[0]
        with self.telling():
            first = await self.session.read(services.views.next_person, waiting.filter, self.session.agent, {})
            if first is None:
                self.say(f"No one is waiting for an answer. {self.done_words}")
            elif await self.leaves_for(first):
                self.session.walk.begin(waiting)
                self.agent_app.open_contact(first)

    async def leaves_for(self, contact_id: int) -> bool:
        """Return whether the screen can be left for this person; say why where it can't."""
        return True

    @property
    def done_words(self) -> str:
        """What was done in this session, as a sentence."""
        return f"So far: {self.session.tally.words}."
