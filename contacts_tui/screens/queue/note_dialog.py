"""Where a private note on a person is written. It stands over the composer and never becomes a message."""

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.content import Content

from contacts_tui.commands import Scope
from contacts_tui.domain.text import one_line
from contacts_tui.screens.base import AgentModal
from contacts_tui.widgets.footer import CommandFooter
from contacts_tui.widgets.keys import bindings
from contacts_tui.widgets.plain_text import Plain
from contacts_tui.widgets.writing_area import WritingArea


class NoteField(WritingArea):
    """Its own field with its own commands: none of them sends."""

    BINDINGS: ClassVar[list[BindingType]] = bindings(Scope.NOTE)

    def __init__(self) -> None:
        super().__init__(Scope.NOTE)

    def action_save(self) -> None:
        """Keeps the note."""
        screen = self.screen
        if isinstance(screen, NoteDialog):
            screen.save(self.text)


class NoteDialog(AgentModal[str | None]):
    """Returns the note's words, or None. What was begun and not saved is kept for the next time."""

    CSS_PATH = "note_dialog.tcss"
    AUTO_FOCUS = "NoteField"
    SCOPES = (Scope.NOTE,)

    def __init__(self, contact_id: int, name: str) -> None:
        """`name` is the person's; it need not be cleaned."""
        super().__init__()
        self._contact_id = contact_id
        self._person = one_line(name)

    def compose(self) -> ComposeResult:
        """The field, and the keys."""
        with Vertical(id="box") as box:
            box.border_title = Content(f"Private note on {self._person} · never sent")
            yield NoteField()
            yield Plain(id="line")
            yield CommandFooter()

    def on_mount(self) -> None:
        """Goes on with what was begun."""
        self.query_one(NoteField).put(self.session.begun_notes.get(self._contact_id, ""))

    def save(self, text: str) -> None:
        """Returns the words; a note needs some."""
        if text.strip():
            self.session.begun_notes.pop(self._contact_id, None)
            self.dismiss(text)
        else:
            self.query_one("#line", Plain).show("Write the note first.")

    def typed(self) -> str:
        """The note that isn't saved yet."""
        text = self.query_one(NoteField).text
        return f"note on {self._person}\n{text}" if text.strip() else ""

    def action_back(self) -> None:
        """Keeps what was begun for the next time."""
        if text := self.query_one(NoteField).text.strip():
            self.session.begun_notes[self._contact_id] = text
        self.dismiss(None)
