"""Facts with their names before them, wrapped to the width there is."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from textual.events import Resize
from textual.strip import Strip

from contacts_tui.domain.cells import fit, text_width, wrap
from contacts_tui.widgets.line_view import Lines, Shade, Span

_GAP = 2


@dataclass(frozen=True, slots=True)
class Fact:
    """One fact, with its name."""

    label: str
    """A word or two; empty for a heading or a sentence of its own."""
    text: str
    """Cleaned."""
    shade: Shade = Shade.PLAIN


class FactSheet(Lines, can_focus=False):
    """Facts in two columns, scrolled by its screen when there are more than fit."""

    DEFAULT_CSS = """
    FactSheet { overflow-y: auto; }
    """

    def __init__(self) -> None:
        super().__init__()
        self._facts: tuple[Fact, ...] = ()
        self._wrapped: list[list[Span]] = []

    def show(self, facts: Sequence[Fact]) -> None:
        """Show these facts, in this order; the scroll position stays."""
        self._facts = tuple(facts)
        self._arrange()

    def more(self) -> None:
        """Scroll on by a screenful; from the end, go back to the top."""
        if self.scroll_offset.y >= self.max_scroll_y:
            self.scroll_home(animate=False)
        else:
            self.scroll_relative(y=max(1, self.size.height - 1), animate=False)

    @property
    def has_more(self) -> bool:
        """Whether there is more than fits."""
        return len(self._wrapped) > self.size.height

    def on_resize(self, event: Resize) -> None:
        """Wrap the facts to the new width."""
        self._arrange()

    def line(self, index: int) -> Strip:
        """Return one line of the facts."""
        return self.strip(self._wrapped[index] if index < len(self._wrapped) else [])

    def _arrange(self) -> None:
        self._wrapped = list(self._wrap())
        self.set_height(len(self._wrapped))
        self.redraw()
        self.refresh_bindings()

    def _wrap(self) -> Iterator[list[Span]]:
        column = max((text_width(fact.label) + _GAP for fact in self._facts if fact.label), default=0)
        for fact in self._facts:
            width = column if fact.label else 0
            label = fact.label
            for text in wrap(fact.text, self.line_width - width - 2):
                yield [(" " + fit(label, width), Shade.SOFT), (text, fact.shade)]
                label = ""
