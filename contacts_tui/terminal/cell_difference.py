"""Writes to the terminal only the cells that differ from those that it shows.

Textual repaints whole widgets: a cursor move or a typed character costs kilobytes, which a thin SSH line feels. Here
the update that the compositor made is compared with what the terminal shows, and only the difference is written.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from operator import itemgetter

from rich.console import Console, ConsoleOptions, RenderableType, RenderResult
from rich.control import Control
from rich.style import Style
from textual._compositor import ChopsUpdate, CompositorUpdate, LayoutUpdate
from textual.strip import Strip

from contacts_tui.domain.cells import grapheme_width, greatest_width, is_disputed, is_narrow
from contacts_tui.domain.graphemes import graphemes
from contacts_tui.terminal.colors import Depth, in_depth

Cell = tuple[str, str]
"""The text of a cell and its look (escape codes). A wide character's further cells have an empty text."""

_BLANK: Cell = (" ", "")
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f]")

BRIDGE = 8
"""The most unchanged cells between two changes that cost less to write again than a cursor move (some eight bytes)."""


class TerminalMemory:
    """The cells that the terminal shows, as far as they were written through here."""

    def __init__(self, depth: Depth = Depth.FULL) -> None:
        """Know nothing yet of what the terminal shows; `depth` is how many colours it has."""
        self._depth = depth
        self._rows: dict[int, dict[int, Cell]] = {}

    def forget(self) -> None:
        """Forget all cells, because something else may have written: the next update is written whole."""
        self._rows.clear()

    def difference(self, update: LayoutUpdate | ChopsUpdate) -> str:
        """Return the escape sequences that make the terminal show the update, and remember its cells."""
        changed: dict[int, set[int]] = {}
        for x, y, strips in _pieces(update):
            row, places = self._rows.setdefault(y, {}), changed.setdefault(y, set())
            cells = _cells(strips, self._depth)
            places.update(x + place for place, cell in enumerate(cells) if row.get(x + place) != cell)
            places.update(_halves_left(row, x, cells))
            row.update(enumerate(cells, x))
        return "".join(
            piece
            for y, places in changed.items()
            for start, end in _ranges(self._rows[y], places)
            for piece in (Control.move_to(start, y).segment.text, *_runs(self._rows[y], start, end))
        )


class FrugalUpdate(CompositorUpdate):
    """A compositor's update that is compared with the terminal at the moment it is written."""

    def __init__(self, update: LayoutUpdate | ChopsUpdate, memory: TerminalMemory) -> None:
        """Wrap an update; `memory` remembers what is written."""
        self._update = update
        self._memory = memory

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """Yield the whole update, for consoles that are no terminal."""
        yield from self._update.__rich_console__(console, options)

    def render_segments(self, console: Console) -> str:
        """Return the escape sequences for the cells that differ."""
        return self._memory.difference(self._update)


def _pieces(update: LayoutUpdate | ChopsUpdate) -> Iterator[tuple[int, int, Iterable[Strip]]]:
    """Yield the pieces of the update: column, line, and the strips that it writes from there on."""
    if isinstance(update, LayoutUpdate):
        for y, strips in enumerate(update.strips, update.region.y):
            yield update.region.x, y, strips
        return
    for y, x1, x2 in update.spans:
        for end, (x, strip) in zip(update.chop_ends[y], update.chops[y].items(), strict=False):
            if strip is not None and x <= x2 and end > x1:
                yield x, y, [strip if end <= x2 else strip.crop(0, x2 - x)]


def _cells(strips: Iterable[Strip], depth: Depth) -> list[Cell]:
    """Return the cells of some strips: a grapheme in the first that it takes, and an empty text in its others."""
    cells: list[Cell] = []
    for strip in strips:
        for text, style, control in strip:
            if control:
                continue
            look = "" if style is None else _look(style, depth)
            if is_narrow(text):
                cells.extend([(char, look) for char in text])
                continue
            for grapheme in graphemes(text):
                width = grapheme_width(grapheme)
                if width:
                    cells.append((grapheme, look))
                    cells.extend([("", look)] * (width - 1))
                elif cells and not _CONTROL.search(grapheme):
                    cells[-1] = (cells[-1][0] + grapheme, cells[-1][1])
    return cells


def _halves_left(row: dict[int, Cell], x: int, cells: Sequence[Cell]) -> Iterator[int]:
    """Blank what is left, at either end, of wide characters that are overwritten in part, and yield these columns."""
    end = x + len(cells)
    if not cells:
        return
    if row.get(x, _BLANK)[0] == "" and cells[0][0] and x - 1 in row:
        row[x - 1] = (" ", row[x - 1][1])
        yield x - 1
    if row.get(end, _BLANK)[0] == "":
        row[end] = (" ", row[end][1])
        yield end


def _look(style: Style, depth: Depth) -> str:
    ansi = Strip.render_ansi(in_depth(style, depth), depth.value)
    return f"{ansi}\0{style._link_id};{style._link}" if style._link else ansi


def _ranges(row: dict[int, Cell], changed: set[int]) -> Iterator[tuple[int, int]]:
    """Yield the ranges of columns to write, near ones joined: those that changed, and those that these may disturb."""
    start = end = -1
    for place in sorted(_disturbed(row, changed)):
        if place != end and (
            start < 0 or place - end > BRIDGE or not all(_is_quiet(row, between) for between in range(end, place))
        ):
            if start >= 0:
                yield start, end
            start = place
        end = place + 1
    if start >= 0:
        yield start, end


def _is_quiet(row: dict[int, Cell], place: int) -> bool:
    """Return whether writing a cell once more disturbs none beside it."""
    return place in row and not is_disputed(row[place][0])


def _disturbed(row: dict[int, Cell], changed: set[int]) -> set[int]:
    """Return the columns that changed, with whole wide characters, and those over which these may be drawn."""
    texts = [row[place][0] for place in changed]
    if all(texts) and is_narrow("".join(texts)):
        return changed
    written: set[int] = set()
    reach = 0
    for place in range(min(changed), max(row) + 1):
        if place not in row:
            continue
        text = row[place][0]
        if place not in changed and place >= reach:
            continue
        if not text:
            place = next((at for at in range(place, -1, -1) if row.get(at, _BLANK)[0]), place)
            text = row[place][0]
        most = greatest_width(text)
        written.update(range(place, place + grapheme_width(text)))
        reach = max(reach, place + most)
    return written


def _runs(row: dict[int, Cell], start: int, end: int) -> Iterator[str]:
    """Yield the cells of some columns as text, with the look written once for neighbours that share it."""
    for look, cells in groupby((row[place] for place in range(start, end)), key=itemgetter(1)):
        texts = [text for text, _ in cells]
        text = "".join(texts)
        if not is_narrow(text):
            text = "".join(_steady(texts, start))
        start += len(texts)
        ansi, _, link = look.partition("\0")
        output = f"\x1b[{ansi}m{text}\x1b[0m" if ansi else text
        yield f"\x1b]8;id={link}\x1b\\{output}\x1b]8;;\x1b\\" if link else output


def _steady(texts: Sequence[str], column: int) -> Iterator[str]:
    """Yield the texts of cells from this column on; place the cursor anew after each that terminals disagree on."""
    for place, text in enumerate(texts):
        if is_disputed(text):
            after = next((at for at in range(place + 1, len(texts)) if texts[at]), len(texts))
            yield _placed(text, column + after)
        else:
            yield text


def _placed(grapheme: str, end: int) -> str:
    """Return a grapheme to which terminals give different widths, on blanks, with the cursor moved to our end of it.

    `end` is the column after it, from 0. The terminal counts columns from 1.
    """
    cells = grapheme_width(grapheme)
    ground = " " * cells + f"\x1b[{end - cells + 1}G" if cells > 1 else ""
    return f"{ground}{grapheme}\x1b[{end + 1}G"


def frugal(renderable: RenderableType | None, memory: TerminalMemory) -> RenderableType | None:
    """Return an update of the screen, or of parts of it, in its frugal form. Forget the cells for anything else."""
    if isinstance(renderable, LayoutUpdate | ChopsUpdate):
        return FrugalUpdate(renderable, memory)
    if renderable is not None:
        memory.forget()
    return renderable
