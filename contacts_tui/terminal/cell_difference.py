"""Writes to the terminal only the cells that differ from those that stand there.

Textual repaints whole widgets: a cursor move or a typed character costs kilobytes, which a thin SSH line feels. Here
the update that the compositor made is compared with what the terminal shows, and only the difference leaves.
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
"""What one cell shows and in which look (its escape codes). The rest of something wide is empty text."""

_BLANK: Cell = (" ", "")
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f]")

BRIDGE = 8
"""Cells that may stay the same between two changes before a cursor move (some eight bytes) is cheaper than them."""


class TerminalMemory:
    """What stands on the terminal, as far as it was written through here."""

    def __init__(self, depth: Depth = Depth.FULL) -> None:
        """`depth` is how many colours the terminal has."""
        self._depth = depth
        self._rows: dict[int, dict[int, Cell]] = {}

    def forget(self) -> None:
        """Something else may have written: the next update leaves whole."""
        self._rows.clear()

    def difference(self, update: LayoutUpdate | ChopsUpdate) -> str:
        """The escape sequences that bring the terminal from what it shows to what the update holds."""
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
        """`memory` learns what was written."""
        self._update = update
        self._memory = memory

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """The whole update, for consoles that are no terminal."""
        yield from self._update.__rich_console__(console, options)

    def render_segments(self, console: Console) -> str:
        """The difference."""
        return self._memory.difference(self._update)


def _pieces(update: LayoutUpdate | ChopsUpdate) -> Iterator[tuple[int, int, Iterable[Strip]]]:
    """Where the update writes what: column, line, and the strips from there on."""
    if isinstance(update, LayoutUpdate):
        for y, strips in enumerate(update.strips, update.region.y):
            yield update.region.x, y, strips
        return
    for y, x1, x2 in update.spans:
        for end, (x, strip) in zip(update.chop_ends[y], update.chops[y].items(), strict=False):
            if strip is not None and x <= x2 and end > x1:
                yield x, y, [strip if end <= x2 else strip.crop(0, x2 - x)]


def _cells(strips: Iterable[Strip], depth: Depth) -> list[Cell]:
    """The cells of some strips: a grapheme in the first that it takes, and nothing in its others."""
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
    """What is left, at either end, of wide signs that are overwritten in part: blanks from now on."""
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
    """The columns to be written, near ones joined: those that changed, and what else of the row these may disturb."""
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
    """Whether writing a cell once more disturbs none beside it."""
    return place in row and not is_disputed(row[place][0])


def _disturbed(row: dict[int, Cell], changed: set[int]) -> set[int]:
    """The columns that changed, wide signs as a whole, and those over which a sign may be drawn that changed."""
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
    """The cells of some columns as text, their look said once for neighbours that share it."""
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
    """What some cells show, the first at this column, with the cursor placed anew behind what terminals disagree on."""
    for place, text in enumerate(texts):
        if is_disputed(text):
            after = next((at for at in range(place + 1, len(texts)) if texts[at]), len(texts))
            yield _placed(text, column + after)
        else:
            yield text


def _placed(grapheme: str, end: int) -> str:
    """A grapheme to which terminals give different cells, on blank ground, and the cursor where it ends for us.

    `end` is the column after it, from 0. The terminal counts columns from 1.
    """
    cells = grapheme_width(grapheme)
    ground = " " * cells + f"\x1b[{end - cells + 1}G" if cells > 1 else ""
    return f"{ground}{grapheme}\x1b[{end + 1}G"


def frugal(renderable: RenderableType | None, memory: TerminalMemory) -> RenderableType | None:
    """The renderable, or its frugal form when it is an update of the whole screen or of parts of it."""
    if isinstance(renderable, LayoutUpdate | ChopsUpdate):
        return FrugalUpdate(renderable, memory)
    if renderable is not None:
        memory.forget()
    return renderable
