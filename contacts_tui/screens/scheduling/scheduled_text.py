"""A dialog to change the text of a scheduled message."""

from typing import ClassVar

from textual.binding import BindingType

from contacts_tui.commands import Scope
from contacts_tui.domain.text import clean, one_line
from contacts_tui.screens.text_dialog import TextDialog
from contacts_tui.widgets.keys import bindings


class ScheduledText(TextDialog):
    """A dialog whose result is the text, or None."""

    CSS_PATH = "scheduled.tcss"
    SCOPES = (Scope.SCHEDULED_TEXT,)
    BINDINGS: ClassVar[list[BindingType]] = bindings(Scope.SCHEDULED_TEXT)

    def __init__(self, name: str, text: str) -> None:
        """Change `text`, scheduled to the person called `name`; neither need be cleaned."""
        self._person = one_line(name)
        self._text = text
        super().__init__(
            f"Scheduled text to {self._person}", "Write the text first, or go back and cancel the message."
        )

    def begun(self) -> str:
        """Return the text as it is scheduled."""
        return self._text

    def typed(self) -> str:
        """Return the text that isn't saved yet, and whom it is for; empty when nothing was changed."""
        return f"scheduled text to {self._person}\n{self.text}" if self.text != clean(self._text) else ""
