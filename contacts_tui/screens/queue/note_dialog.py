"""A dialog for a private note on a person. It covers the composer, and its text never becomes a message."""

from typing import ClassVar

from textual.binding import BindingType

from contacts_tui.commands import Scope
from contacts_tui.domain.text import one_line
from contacts_tui.screens.session import BegunNote
from contacts_tui.screens.text_dialog import TextDialog
from contacts_tui.widgets.keys import bindings


class NoteDialog(TextDialog):
    """A dialog whose result is the note's text, or None. What was begun and not saved is kept for the next time."""

    CSS_PATH = "note_dialog.tcss"
    SCOPES = (Scope.NOTE,)
    BINDINGS: ClassVar[list[BindingType]] = bindings(Scope.NOTE)

    def __init__(self, contact_id: int, name: str) -> None:
        """Ask for a note on the person called `name`, which need not be cleaned."""
        self._contact_id = contact_id
        self._person = one_line(name)
        super().__init__(f"Private note on {self._person} · never sent", "Write the note first.")

    def begun(self) -> str:
        """Return the note that was begun and not saved; empty when none was."""
        begun = self.session.begun_notes.get(self._contact_id)
        return begun.text if begun is not None else ""

    def typed(self) -> str:
        """Return the note that isn't saved yet, and whom it is on; empty without one."""
        return f"note on {self._person}\n{self.text}" if self.text.strip() else ""

    def action_save(self) -> None:
        """Close with the note, which no longer counts as begun."""
        if self.text.strip():
            self.session.begun_notes.pop(self._contact_id, None)
        super().action_save()

    def action_back(self) -> None:
        """Close, and keep what was begun for the next time."""
        if text := self.text.strip():
            self.session.begun_notes[self._contact_id] = BegunNote(self._person, text)
        self.dismiss(None)
