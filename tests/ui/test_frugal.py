"""The frugal update leaves the same screen as the whole one, with fewer bytes."""

import io

import pyte
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console
from rich.segment import Segment
from rich.style import Style
from textual._compositor import LayoutUpdate
from textual.geometry import Region
from textual.strip import Strip

from contacts_tui.frugal import TerminalMemory

WIDTH, HEIGHT = 24, 4
STYLES = [Style.parse(text) for text in ("none", "bold red", "white on blue", "underline green")]
TEXTS = st.text(st.sampled_from("abc XYZ…✓●▸│é水花ñ"), max_size=WIDTH)
LINES = st.lists(st.tuples(TEXTS, st.sampled_from(STYLES)), min_size=1, max_size=4)
FRAMES = st.lists(st.lists(LINES, min_size=HEIGHT, max_size=HEIGHT), min_size=1, max_size=5)


def console() -> Console:
    return Console(file=io.StringIO(), force_terminal=True, color_system="truecolor", width=WIDTH)


def strip(parts: list[tuple[str, Style]]) -> Strip:
    """A line of exactly the terminal's width."""
    return Strip([Segment(text, style) for text, style in parts]).adjust_cell_length(WIDTH, Style.null())


class Terminal:
    """A terminal that is only written to."""

    def __init__(self) -> None:
        self.screen = pyte.Screen(WIDTH, HEIGHT)
        self.stream = pyte.Stream(self.screen)

    def cells(self) -> list[list[object]]:
        return [[self.screen.buffer[y][x] for x in range(WIDTH)] for y in range(HEIGHT)]


def update(frame: list[list[tuple[str, Style]]]) -> LayoutUpdate:
    return LayoutUpdate([[strip(line)] for line in frame], Region(0, 0, WIDTH, HEIGHT))


@given(FRAMES)
def test_any_frames_one_after_the_other_look_as_if_written_whole(frames: list[list[list[tuple[str, Style]]]]) -> None:
    whole, thrifty, memory = Terminal(), Terminal(), TerminalMemory()
    for frame in frames:
        whole.screen.reset()
        whole.stream.feed(update(frame).render_segments(console()).replace("\n", "\r\n"))
        thrifty.stream.feed(memory.difference(update(frame), console()))
        assert thrifty.cells() == whole.cells()


def test_one_changed_letter_costs_some_bytes_and_nothing_changed_costs_none() -> None:
    memory = TerminalMemory()
    frame = [[("hello there", STYLES[2])] for _ in range(HEIGHT)]
    memory.difference(update(frame), console())
    assert memory.difference(update(frame), console()) == ""
    frame[2] = [("hello where", STYLES[2])]
    assert memory.difference(update(frame), console()) == "\x1b[3;7H\x1b[37;44mw\x1b[0m"


def test_after_forgetting_everything_is_written_again() -> None:
    memory = TerminalMemory()
    frame = [[("hello", STYLES[1])] for _ in range(HEIGHT)]
    first = memory.difference(update(frame), console())
    memory.forget()
    assert memory.difference(update(frame), console()) == first
