"""The key that takes back what the agent did last: the same on the list and on a contact."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from contacts_tui.screens.base import AgentScreen

    Screen = AgentScreen[None]
else:
    Screen = object
"""What a part of a screen is, for the types. Textual looks through each class of its own kind when it is made: a dozen
for the people screen, before a first frame."""


class UndoActions(Screen):
    """A part of screens on which things are done that can be taken back."""

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Undo only after something was done here."""
        return bool(self.session.undo_stack) if action == "undo" else True

    def action_undo(self) -> None:
        """Takes the last step back, and says so. What takes long leaves the screen its keys, and outlives it."""
        self.app.run_worker(self._undo(), group="undo")

    async def _undo(self) -> None:
        with self.telling():
            told = await self.session.undo_stack.undo(self.undo_key)
            if self.is_left:
                # With the adding of a person their screen is gone, too.
                self.app.notify(told, markup=False)
            else:
                self.say(told)
        self.refresh_bindings()
