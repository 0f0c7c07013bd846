"""A text field of several lines: Enter is left to a command, and what is pasted is cleaned."""

from collections.abc import Iterable

from textual import events
from textual.geometry import Offset
from textual.widgets import TextArea

from contacts_tui.commands import Scope
from contacts_tui.domain.graphemes import boundaries
from contacts_tui.domain.text import clean
from contacts_tui.terminal import cell_widths
from contacts_tui.terminal.escape_sequences import teach_alt_keys
from contacts_tui.widgets.jump import JumpSpot
from contacts_tui.widgets.keys import give_way

cell_widths.install_in_text_areas()


class WritingArea(TextArea):
    """A text field of several lines. A blinking cursor would cost bytes."""

    def __init__(self, *scopes: Scope) -> None:
        """Leave each editing key that a command of these scopes has, too, to the command."""
        super().__init__(highlight_cursor_line=False)
        give_way(self, *scopes)
        teach_alt_keys()
        self.cursor_blink = False
        self.match_cursor_bracket = False

    def put(self, text: str) -> None:
        """Replace the text, with the cursor at its end."""
        self.load_text(clean(text))
        self.move_cursor(self.document.end)
        # The field knows only after the layout how many of its lines are in view.
        self.call_after_refresh(self.scroll_cursor_visible, animate=False)

    def jump_spots(self) -> Iterable[JumpSpot]:
        """Yield the field: a jump focuses it."""
        yield JumpSpot(Offset(0, 0), self.focus)

    def get_cursor_left_location(self) -> tuple[int, int]:
        """Return the place before what people see as one character (asked by Textual's moves and deletions)."""
        row, column = super().get_cursor_left_location()
        return row, max(place for place in boundaries(self.document[row]) if place <= column)

    def get_cursor_right_location(self) -> tuple[int, int]:
        """Return the place after what people see as one character (asked by the same)."""
        row, column = super().get_cursor_right_location()
        return row, min(place for place in boundaries(self.document[row]) if place >= column)

    def action_line(self) -> None:
        """Break the line."""
        self.replace("\n", *self.selection, maintain_selection_offset=False)

    async def _on_key(self, event: events.Key) -> None:
        if event.key == "enter":
            event.prevent_default()  # Else the field would break the line; the key goes on to its binding.

    async def _on_paste(self, event: events.Paste) -> None:
        event.prevent_default()
        event.stop()
        result = self.replace(clean(event.text), *self.selection, maintain_selection_offset=False)
        self.move_cursor(result.end_location)
