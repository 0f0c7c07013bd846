"""Where a private note on a person is written. It stands over the composer and never becomes a message."""

from typing import ClassVar

from textual.binding import BindingType

from contacts_tui.commands import Scope
from contacts_tui.domain.text import one_line
from contacts_tui.screens.session import BegunNote
from contacts_tui.screens.text_dialog import TextDialog
from contacts_tui.widgets.keys import bindings


class NoteDialog(TextDialog):
    """Returns the note's words, or None. What was begun and not saved is kept for the next time."""

    CSS_PATH = "note_dialog.tcss"
    SCOPES = (Scope.NOTE,)
    BINDINGS: ClassVar[list[BindingType]] = bindings(Scope.NOTE)

    def __init__(self, contact_id: int, name: str) -> None:
        """`name` is the person's; it need not be cleaned."""
        self._contact_id = contact_id
        self._person = one_line(name)
        super().__init__(f"Private note on {self._person} · never sent", "Write the note first.")

    def begun(self) -> str:
        """Return what was begun."""
        begun = self.session.begun_notes.get(self._contact_id)
        return begun.text if begun is not None else ""

    def typed(self) -> str:
        """The note that isn't saved yet."""
        return f"note on {self._person}\n{self.text}" if self.text.strip() else ""

    def action_save(self) -> None:
        """Returns the note, which is begun no more."""
        if self.text.strip():
            self.session.begun_notes.pop(self._contact_id, None)
        super().action_save()

    def action_back(self) -> None:
        """Keeps what was begun for the next time."""
        if text := self.text.strip():
            self.session.begun_notes[self._contact_id] = BegunNote(self._person, text)
        self.dismiss(None)
