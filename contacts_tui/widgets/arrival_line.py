"""One line over the screen for a message received elsewhere. It takes no focus, and nothing moves for it."""

from textual.content import Content

from contacts_tui.commands import typing_key_of
from contacts_tui.domain.cells import shorten
from contacts_tui.domain.text import one_line
from contacts_tui.widgets.plain_text import Plain

_LONGEST = 70
"""Cells that the line takes at most."""


class ArrivalLine(Plain):
    """Who wrote what, and the key that opens it. It covers the whole row: no part of a word is left beside it."""

    DEFAULT_CSS = """
    ArrivalLine {
        layer: _toastrack;
        dock: top;
        width: 100%;
        height: 1;
        padding: 0 1;
        background: $surface;
        text-wrap: nowrap;
        text-overflow: ellipsis;
    }
    """

    def tell(self, name: str, words: str, others: int) -> None:
        """Show who wrote last and what, both not cleaned yet, and how many other people wrote as well."""
        key = f" · {typing_key_of('app.arrived')} opens it"
        more = f" · {others:,} more" if others else ""
        said = shorten(f"{one_line(name)}: {one_line(words)}", _LONGEST - len(key) - len(more))
        self.show(Content.styled(f"{said}{more}{key}", "$background on $accent"))
