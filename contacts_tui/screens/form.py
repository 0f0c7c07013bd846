"""What forms share: fields one below the other, moving between them, and the choices in them."""

from pathlib import Path
from typing import TypeVar

from contacts_tui.screens.base import AgentModal
from contacts_tui.screens.dialogs import leave_unsaved
from contacts_tui.widgets.form_field import FormField

ResultT = TypeVar("ResultT")


class FormScreen(AgentModal[ResultT]):
    """A dialog with fields; its result is what was saved, or None."""

    # The whole path: Textual looks for a mere name beside the class that inherits it.
    CSS_PATH = Path(__file__).with_name("form.tcss")
    AUTO_FOCUS = ""

    @property
    def _fields(self) -> list[FormField]:
        return list(self.query(FormField))

    @property
    def _current(self) -> FormField | None:
        return next((field for field in self._fields if field.is_focused), None)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Return whether an action applies: only a field with choices turns them (asked by Textual)."""
        return (current := self._current) is not None and current.has_choices if action == "turn" else True

    def typed(self) -> str:
        """Return what is typed here and not saved; empty when nothing is."""
        lines = [f"{field.field.label}: {field.value}" for field in self._fields if field.is_typed]
        return "\n".join([self.heading, *lines]) if lines else ""

    @property
    def heading(self) -> str:
        """What is asked for, cleaned: the title of the box, and the first line of the text that `typed` returns."""
        raise NotImplementedError

    def action_back(self) -> None:
        """Leave everything as it is; ask first where something was typed."""
        leave_unsaved(self, loses=bool(self.typed()))

    def action_go(self, by: int) -> None:
        """Focus the field that is `by` places further; after the last comes the first."""
        fields = [field for field in self._fields if not field.disabled]
        current = self._current
        index = fields.index(current) + by if current in fields else 0
        fields[index % len(fields)].take_focus()

    def action_turn(self, by: int) -> None:
        """Take the choice that is `by` places further in the focused field."""
        if (current := self._current) is not None:
            current.turn(by)
