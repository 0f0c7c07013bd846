"""The key that undoes what the agent did last: the same on the list and on a contact."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from contacts_tui.screens.base import AgentScreen

    Screen = AgentScreen[None]
else:
    Screen = object
"""The base class of a part of a screen, for the type checker alone. Textual examines each subclass of its own classes
when it is defined: for the people screen that would be a dozen, before the first frame."""


class UndoActions(Screen):
    """A part of screens on which things are done that can be undone."""

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Return whether an action applies: `undo` does once there is something to undo (asked by Textual)."""
        return bool(self.session.undo_stack) if action == "undo" else True

    def action_undo(self) -> None:
        """Undo the last step, and say so, in a worker: the screen keeps its keys meanwhile, and may be left."""
        self.app.run_worker(self._undo(), group="undo")

    async def _undo(self) -> None:
        with self.telling():
            told = await self.session.undo_stack.undo(self.undo_key)
            if self.is_left:
                # The screen of a person goes when adding them is undone.
                self.app.notify(told)
            else:
                self.say(told)
        self.refresh_bindings()
