"""The file that will be sent with the text being written, on a line of its own above it."""

from textual.content import Content

from contacts_tui.domain.cells import shorten
from contacts_tui.widgets.plain_text import Plain


class AttachmentChip(Plain):
    """Name, kind and size of a file, what is wrong with it, and the key that removes it."""

    DEFAULT_CSS = """
    AttachmentChip {
        height: 1;
        padding: 0 2;
        color: $foreground;
        text-wrap: nowrap;
        text-overflow: ellipsis;
        display: none;
        &.-there { display: block; }
        &.-wrong { color: $warning; }
    }
    """

    def __init__(self) -> None:
        super().__init__()
        self._words = ("", "", "")

    def show_file(self, words: str, note: str, key: str, *, wrong: bool = False) -> None:
        """Show a cleaned line about a file, a note, and the key that removes the file; nothing without `words`."""
        self.set_class(bool(words), "-there")
        self.set_class(wrong, "-wrong")
        self._words = words, note, key
        self._lay_out()

    def on_resize(self) -> None:
        """Lay the line out for the new width: the key stays in sight, the file's name is shortened."""
        self._lay_out()

    def _lay_out(self) -> None:
        words, note, key = self._words
        if not words:
            self.show("", layout=False)
            return
        end = f"  {key} removes it"
        rest = f" · {note}" if note else ""
        room = max((self.size.width or 80) - 4, 20) - len(end)
        if len(rest) + 12 > room:
            rest = ""
        self.show(
            Content.assemble(shorten(words, room - len(rest)), (rest, "$text-muted"), (end, "$text-muted")),
            layout=False,
        )
