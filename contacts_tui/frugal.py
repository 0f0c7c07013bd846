"""Writes to the terminal only the cells that differ from those that stand there.

Textual repaints whole widgets: a cursor move or a typed character costs kilobytes, which a thin SSH line feels. Here
the update that the compositor made is compared with what the terminal shows, and only the difference leaves.
"""

from collections.abc import Iterable, Iterator

from rich.cells import cell_len
from rich.color import ColorSystem
from rich.console import Console, ConsoleOptions, RenderableType, RenderResult
from rich.control import Control
from rich.style import Style
from textual._compositor import ChopsUpdate, CompositorUpdate, LayoutUpdate
from textual.strip import Strip

Cell = tuple[str, str]
"""What one cell shows and in which look (its escape codes). The rest of something wide is empty text."""

BRIDGE = 8
"""Cells that may stay the same between two changes before a cursor move (some eight bytes) is cheaper than them."""


class TerminalMemory:
    """What stands on the terminal, as far as it was written through here."""

    def __init__(self) -> None:
        self._rows: dict[int, dict[int, Cell]] = {}

    def forget(self) -> None:
        """Something else may have written: the next update leaves whole."""
        self._rows.clear()

    def difference(self, update: LayoutUpdate | ChopsUpdate, console: Console) -> str:
        """The escape sequences that bring the terminal from what it shows to what the update holds."""
        colors = console._color_system or ColorSystem.TRUECOLOR
        written: list[str] = []
        for x, y, strips in _pieces(update):
            shown = self._rows.setdefault(y, {})
            cells, whole = _cells(strips, colors)
            for start, end in _changes(shown, x, cells, whole):
                written.append(Control.move_to(x + start, y).segment.text)
                written.extend(_runs(cells[start:end]))
            shown.update(enumerate(cells, x))
        return "".join(written)


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
        return self._memory.difference(self._update, console)


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


def _cells(strips: Iterable[Strip], colors: ColorSystem) -> tuple[list[Cell], bool]:
    """The cells of some strips, and whether their widths are beyond doubt.

    What isn't plain (wide letters, emoji, joined and combined signs) stays together: terminals disagree on its width.
    """
    cells: list[Cell] = []
    plain = True
    for strip in strips:
        for text, style, control in strip:
            if control:
                continue
            look = "" if style is None else _look(style, colors)
            if text.isascii() or all(_is_narrow(char) for char in text):
                cells.extend([(char, look) for char in text])
            else:
                plain = False
                width = cell_len(text)
                if width:
                    cells.append((text, look))
                    cells.extend([("", look)] * (width - 1))
                elif cells:
                    cells[-1] = (cells[-1][0] + text, cells[-1][1])
    return cells, plain


def _is_narrow(char: str) -> bool:
    """Whether every terminal gives it one cell: Latin, Greek, Cyrillic, and the marks and lines that we draw with."""
    return (
        " " <= char < "\u0300" or "\u0370" <= char < "\u0530" or ("\u2010" <= char < "\u27c0" and cell_len(char) == 1)
    )


def _look(style: Style, colors: ColorSystem) -> str:
    ansi = Strip.render_ansi(style, colors) if style._ansi is None else style._ansi
    return f"{ansi}\0{style._link_id};{style._link}" if style._link else ansi


def _changes(shown: dict[int, Cell], x: int, cells: list[Cell], plain: bool) -> Iterator[tuple[int, int]]:
    """The ranges of `cells` to be written, near ones joined."""
    changed = [place for place, cell in enumerate(cells) if shown.get(x + place) != cell]
    if not changed:
        return
    if not plain:
        yield 0, len(cells)
        return
    start = previous = changed[0]
    for place in changed[1:]:
        if place - previous > BRIDGE:
            yield start, previous + 1
            start = place
        previous = place
    yield start, previous + 1


def _runs(cells: list[Cell]) -> Iterator[str]:
    """Cells as text, their look said once for neighbours that share it."""
    start = 0
    while start < len(cells):
        look = cells[start][1]
        end = start
        while end < len(cells) and cells[end][1] == look:
            end += 1
        text = "".join(text for text, _ in cells[start:end])
        ansi, _, link = look.partition("\0")
        output = f"\x1b[{ansi}m{text}\x1b[0m" if ansi else text
        yield f"\x1b]8;id={link}\x1b\\{output}\x1b]8;;\x1b\\" if link else output
        start = end


def frugal(renderable: RenderableType | None, memory: TerminalMemory) -> RenderableType | None:
    """The renderable, or its frugal form when it is an update of the whole screen or of parts of it."""
    if isinstance(renderable, LayoutUpdate | ChopsUpdate):
        return FrugalUpdate(renderable, memory)
    if renderable is not None:
        memory.forget()
    return renderable
