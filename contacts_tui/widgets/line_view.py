"""A view drawn line by line, which repaints only the lines that changed: hundreds of bytes over SSH, not thousands."""

from collections.abc import Iterable, Sequence
from enum import StrEnum
from functools import lru_cache
from typing import ClassVar

from rich.segment import Segment
from rich.style import Style
from textual.events import Resize
from textual.geometry import Region, Size
from textual.scroll_view import ScrollView
from textual.strip import Strip
from textual.widget import Widget

from contacts_tui.domain.cells import fit
from contacts_tui.terminal.colors import READABLE, contrast


class Shade(StrEnum):
    """How a piece of a line looks: three shades of text, and the few colours that mean something."""

    PLAIN = "plain"
    STRONG = "strong"
    SOFT = "soft"
    FAINT = "faint"
    ACCENT = "accent"
    WARNING = "warning"
    DANGER = "danger"
    PERSON_0 = "person-0"
    PERSON_1 = "person-1"
    PERSON_2 = "person-2"
    PERSON_3 = "person-3"
    PERSON_4 = "person-4"
    PERSON_5 = "person-5"


PERSON_SHADES = tuple(shade for shade in Shade if shade.startswith("person-"))
"""The shades behind people's initials, as many as the themes have."""


Span = tuple[str, Shade]
"""Cleaned text on one line, and its shade."""


class Lines(ScrollView):
    """Lines of spans. A subclass implements `line`; `redraw` repaints the lines that differ from the screen."""

    ALLOW_SELECT = False

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "lines--cursor",
        *(f"lines--{shade}" for shade in Shade if shade not in PERSON_SHADES),
    }
    """One for each shade, except those of people, which few views draw, and one for the line that keys act on."""

    DEFAULT_CSS = """
    Lines {
        scrollbar-size-vertical: 1;
        overflow-x: hidden;
        overflow-y: scroll;
        & > .lines--strong { text-style: bold; }
        & > .lines--soft { color: $text-muted; }
        & > .lines--faint { color: $text-disabled; }
        & > .lines--accent { color: $accent; }
        & > .lines--warning { color: $warning; }
        & > .lines--danger { color: $error; }
        & > .lines--cursor { color: $block-cursor-foreground; background: $block-cursor-background; }
        &:ansi > .lines--faint { text-style: dim; }
        &:ansi > .lines--cursor { text-style: reverse; background: ansi_default; }
    }
    """

    def __init__(
        self,
        *,
        id: str | None = None,  # noqa: A002 (every widget of Textual calls it so)
    ) -> None:
        super().__init__(id=id)
        self._drawn: dict[int, Strip] = {}
        self._looks: dict[tuple[Shade, bool], Style] = {}
        """The style of each shade, on the bar and beside it, in the present theme."""

    @property
    def line_width(self) -> int:
        """Cells in a line."""
        return self.scrollable_content_region.width

    def line(self, index: int) -> Strip:
        """Return what stands in a line; the first one is 0, wherever the view is scrolled."""
        raise NotImplementedError

    def render_line(self, y: int) -> Strip:
        """Draw line `y` of the widget, and remember what was drawn (called by Textual)."""
        strip = self.drawn_at(y)
        self._drawn[y] = strip
        return strip

    def drawn_at(self, y: int) -> Strip:
        """Return what stands in line `y` of the widget at the present scroll position."""
        return self.line(y + self.scroll_offset.y)

    def redraw(self) -> None:
        """Repaint the lines that no longer look as they were drawn."""
        self._repaint(range(self.size.height))

    def redraw_lines(self, indexes: Iterable[int]) -> None:
        """Repaint those of `indexes` that changed, when no other line did; lines out of view are skipped."""
        top = self.scroll_offset.y
        self._repaint(index - top for index in indexes if 0 <= index - top < self.size.height)

    def _repaint(self, lines: Iterable[int]) -> None:
        for y in lines:
            drawn = self._drawn.get(y)
            if drawn is None:
                self.refresh(Region(0, y, self.size.width, 1))
                continue
            strip = self.drawn_at(y)
            if drawn != strip:
                start, end = _difference(drawn, strip)
                self.refresh(Region(start, y, end - start, 1))

    def strip(self, spans: Sequence[Span], *, cursor: bool = False) -> Strip:
        """Return spans as a strip of the full width; with `cursor`, marked as the line that keys act on."""
        width = self.line_width
        segments: list[Segment] = []
        for text, shade in spans:
            segments.append(Segment(text, self._style(shade, cursor)))
        strip = Strip(segments)
        if strip.cell_length > width:
            plain = "".join(text for text, _ in spans)
            return Strip([Segment(fit(plain, width), self._style(Shade.PLAIN, cursor))], width)
        # Neighbours of one look become one segment: each segment costs some forty bytes of colour.
        return strip.extend_cell_length(width, self._style(spans[-1][1] if spans else Shade.PLAIN, cursor)).simplify()

    def set_height(self, lines: int) -> None:
        """Set the number of lines, without the layout of the whole screen that setting `virtual_size` would start.

        The scrollbar always has its column, so nothing around this view can change.
        """
        if lines != self.virtual_size.height:
            size = Size(0, lines)
            self.set_reactive(Widget.virtual_size, size)
            self._scroll_update(size)

    def reveal(self, index: int) -> None:
        """Scroll no further than it takes to bring a line into view."""
        top, height = self.scroll_offset.y, max(1, self.size.height)
        wanted = min(max(top, index - height + 1), index)
        if wanted != top:
            self.scroll_to(y=wanted, animate=False, force=True)

    def notify_style_update(self) -> None:
        """Forget what was drawn and the styles: with another theme every line looks different (called by Textual)."""
        super().notify_style_update()
        self._drawn.clear()
        self._looks.clear()

    def _style(self, shade: Shade, cursor: bool) -> Style:
        look = self._looks.get((shade, cursor))
        if look is None:
            look = self._looks[shade, cursor] = self._styled(shade, cursor)
        return look

    def _styled(self, shade: Shade, cursor: bool) -> Style:
        look = self.get_component_rich_style(f"lines--{shade}")
        if not cursor:
            return look
        bar = self.get_component_rich_style("lines--cursor")
        if self.app.native_ansi_color:
            return Style(bold=look.bold, reverse=True)
        if shade in PERSON_SHADES:
            return look
        return _on_bar(look, bar)


class WrappedLines(Lines, can_focus=False):
    """Lines that are wrapped anew for each width and scrolled by the screen. A subclass implements `wrapped`."""

    DEFAULT_CSS = """
    WrappedLines { overflow-y: auto; }
    """

    def __init__(self) -> None:
        super().__init__()
        self._lines: tuple[Sequence[Span], ...] = ()

    def wrapped(self) -> Iterable[Sequence[Span]]:
        """Return all lines for the present width."""
        raise NotImplementedError

    def rewrap(self) -> None:
        """Wrap the lines again, after what they say or the width has changed."""
        self._lines = tuple(self.wrapped())
        self.set_height(len(self._lines))
        self.redraw()
        self.refresh_bindings()

    @property
    def has_more(self) -> bool:
        """Whether there is more than fits."""
        return len(self._lines) > self.size.height

    def on_resize(self, event: Resize) -> None:
        """Wrap the lines to the new width."""
        self.rewrap()

    def line(self, index: int) -> Strip:
        """Return one line; an empty one below the last."""
        return self.strip(self._lines[index] if index < len(self._lines) else [])


@lru_cache(64)
def _on_bar(look: Style, bar: Style) -> Style:
    """Return the style of a shade on the bar, in the bar's own colour where the shade's can't be read there."""
    color = look.color
    if color is None or bar.bgcolor is None or contrast(color.get_truecolor(), bar.bgcolor.get_truecolor()) < READABLE:
        color = bar.color
    return Style(color=color, bgcolor=bar.bgcolor, bold=look.bold)


def _difference(before: Strip, after: Strip) -> tuple[int, int]:
    """Return where two strips differ: the cells from the first differing segment to the end of the last one."""
    start = _alike(list(before), list(after))
    tail = _alike(list(before)[::-1], list(after)[::-1])
    width = max(before.cell_length, after.cell_length)
    return start, max(start + 1, width - tail)


def _alike(before: list[Segment], after: list[Segment]) -> int:
    """Return how many cells the segments take that both lists begin with."""
    cells = 0
    for old, new in zip(before, after, strict=False):
        if old != new:
            break
        cells += new.cell_length
    return cells
