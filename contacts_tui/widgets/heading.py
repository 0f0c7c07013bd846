"""The line over a list: its title and its sums."""

from textual.events import Click
from textual.message import Message
from textual.strip import Strip

from contacts_tui.domain.cells import shorten, text_width
from contacts_tui.domain.text import one_line
from contacts_tui.widgets.line_view import Lines, Shade

_BETWEEN = " · "
"""What stands between two sums."""

_LEAST = 12
"""Cells that the sums get at least, before the title is shortened."""


class Heading(Lines, can_focus=False):
    """A title at the left, sums at the right; sums that don't fit are left out, from the last one."""

    DEFAULT_CSS = """
    Heading { height: 1; overflow-y: hidden; }
    """

    class SumsClicked(Message):
        """The sums at the right were clicked: they say how the list is sorted."""

    def __init__(self) -> None:
        super().__init__()
        self._title = ""
        self._sums = ""

    def show(self, title: str, sums: str) -> None:
        """Show a title and sums; only what changed is repainted."""
        self._title, self._sums = one_line(title), one_line(sums)
        self.redraw()

    def on_click(self, event: Click) -> None:
        """Tell the screen of a click on the sums."""
        if event.x >= self.line_width - 1 - text_width(self._fitted()[1]):
            self.post_message(self.SumsClicked())

    def line(self, index: int) -> Strip:
        """Return the only line."""
        title, sums = self._fitted()
        gap = max(0, self.line_width - 2 - text_width(title) - text_width(sums))
        return self.strip([(f" {title}", Shade.STRONG), (" " * gap + sums + " ", Shade.SOFT)])

    def _fitted(self) -> tuple[str, str]:
        """Return as much of the title and of the sums as has room side by side."""
        room = self.line_width - 2
        title = shorten(self._title, max(_LEAST, room - _LEAST))
        sums, left = self._sums, max(0, room - text_width(title) - 2)
        while text_width(sums) > left and _BETWEEN in sums:
            sums = sums.rpartition(_BETWEEN)[0]
        return title, shorten(sums, left)
