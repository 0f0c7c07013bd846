"""Facts with their names before them, wrapped to the width there is."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from contacts_tui.domain.cells import fit, text_width, wrap
from contacts_tui.widgets.line_view import Shade, Span, WrappedLines

_GAP = 2


@dataclass(frozen=True, slots=True)
class Fact:
    """One fact, with its name."""

    label: str
    """A word or two; empty for a heading or a sentence of its own."""
    text: str
    """Cleaned."""
    shade: Shade = Shade.PLAIN


class FactSheet(WrappedLines):
    """Facts in two columns, scrolled by its screen when there are more than fit."""

    def __init__(self) -> None:
        super().__init__()
        self._facts: tuple[Fact, ...] = ()

    def show(self, facts: Sequence[Fact]) -> None:
        """Show these facts, in this order; the scroll position stays."""
        self._facts = tuple(facts)
        self.rewrap()

    def more(self) -> None:
        """Scroll on by a screenful; from the end, go back to the top."""
        if self.scroll_offset.y >= self.max_scroll_y:
            self.scroll_home(animate=False)
        else:
            self.scroll_relative(y=max(1, self.size.height - 1), animate=False)

    def wrapped(self) -> Iterator[list[Span]]:
        """Yield the facts for the present width."""
        column = max((text_width(fact.label) + _GAP for fact in self._facts if fact.label), default=0)
        for fact in self._facts:
            width = column if fact.label else 0
            label = fact.label
            for text in wrap(fact.text, self.line_width - width - 2):
                yield [(" " + fit(label, width), Shade.SOFT), (text, fact.shade)]
                label = ""
