"""An update by the difference leaves the same screen as a whole one, with fewer bytes."""

import io

import pyte
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console
from rich.segment import Segment
from rich.style import Style
from textual._compositor import LayoutUpdate
from textual.geometry import Region
from textual.strip import Strip

from contacts_tui.domain.cells import grapheme_width, greatest_width, is_disputed
from contacts_tui.domain.graphemes import graphemes
from contacts_tui.terminal import cell_widths
from contacts_tui.terminal.cell_difference import TerminalMemory

cell_widths.install()

WIDTH, HEIGHT = 24, 4
STYLES = [Style.parse(text) for text in ("none", "bold red", "white on blue", "underline green")]
TEXTS = st.text(st.sampled_from("abc XYZ…✓●▸│é水花ñ"), max_size=WIDTH)


def frames_of(texts: st.SearchStrategy[str]) -> st.SearchStrategy[list[list[list[tuple[str, Style]]]]]:
    lines = st.lists(st.tuples(texts, st.sampled_from(STYLES)), min_size=1, max_size=4)
    return st.lists(st.lists(lines, min_size=HEIGHT, max_size=HEIGHT), min_size=1, max_size=5)


FRAMES = frames_of(TEXTS)
DISPUTED = (
    "\u2764\ufe0f",
    "1\ufe0f\u20e3",
    "\U0001f468\u200d\U0001f469\u200d\U0001f467",
    "\U0001f1eb\U0001f1f7",
    "\U0001f44d\U0001f3fd",
    "\u0915\u094d\u0937\u093f",
    "\u0ba8\u0bbf",
    "\U0001f600",
)
"""Graphemes to which terminals give different numbers of cells."""
DISPUTED_FRAMES = frames_of(st.lists(st.sampled_from((*DISPUTED, *"ab│é水")), max_size=WIDTH).map("".join))


def console() -> Console:
    return Console(file=io.StringIO(), force_terminal=True, color_system="truecolor", width=WIDTH)


def strip(parts: list[tuple[str, Style]]) -> Strip:
    """Return a line of exactly the terminal's width."""
    return Strip([Segment(text, style) for text, style in parts]).adjust_cell_length(WIDTH, Style.null())


class OtherWidths(pyte.Screen):
    """A screen that gives disputed graphemes other widths: 1 cell, the most of any terminal, or by character.

    As Textual asks of a terminal, it doesn't wrap at the right edge.
    """

    def __init__(self, opinion: str) -> None:
        super().__init__(WIDTH, HEIGHT)
        self.opinion = opinion
        self.reset_mode(7, private=True)

    def draw(self, data: str) -> None:
        for grapheme in graphemes(data):
            if not is_disputed(grapheme):
                super().draw(grapheme)
            elif self.opinion == "by character":
                for char in grapheme:
                    super().draw(char)
            else:
                super().draw("?" * (1 if self.opinion == "narrow" else greatest_width(grapheme)))


class Terminal:
    """A terminal that is only written to."""

    def __init__(self, screen: pyte.Screen | None = None) -> None:
        self.screen = screen or pyte.Screen(WIDTH, HEIGHT)
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
        thrifty.stream.feed(memory.difference(update(frame)))
        assert thrifty.cells() == whole.cells()


@pytest.mark.parametrize("opinion", ["narrow", "wide", "by character"])
@given(frames=DISPUTED_FRAMES)
def test_whatever_a_terminal_gives_to_a_sign_the_rest_stands_at_its_column(
    opinion: str, frames: list[list[list[tuple[str, Style]]]]
) -> None:
    thrifty, memory = Terminal(OtherWidths(opinion)), TerminalMemory()
    for frame in frames:
        thrifty.stream.feed(memory.difference(update(frame)))
        for y, line in enumerate(frame):
            column = 0
            for grapheme in graphemes(strip(line).text):
                after = column + grapheme_width(grapheme)
                if not is_disputed(grapheme):
                    assert thrifty.screen.buffer[y][column].data == grapheme
                column = after


@given(FRAMES)
def test_nothing_of_a_wide_sign_is_left_where_another_part_of_the_screen_covers_half_of_it(
    frames: list[list[list[tuple[str, Style]]]],
) -> None:
    whole, thrifty, memory = Terminal(), Terminal(), TerminalMemory()
    for frame in frames:
        half = LayoutUpdate([[strip(line).crop(3, 11)] for line in frame], Region(3, 0, 8, HEIGHT))
        for part in (update(frame), half):
            expected = part.render_segments(console()).replace("\n", "\r\n")
            whole.stream.feed(expected)
            thrifty.stream.feed(memory.difference(part))
        assert [line[3:11] for line in thrifty.cells()] == [line[3:11] for line in whole.cells()]


def test_control_characters_never_leave_as_text() -> None:
    frame = [[("a\x1b[2Jb\x9bc\x07", STYLES[0])] for _ in range(HEIGHT)]
    written = TerminalMemory().difference(update(frame))
    assert "\x1b[2J" not in written and "\x9b" not in written and "\x07" not in written


def test_one_changed_letter_costs_some_bytes_and_nothing_changed_costs_none() -> None:
    memory = TerminalMemory()
    frame = [[("hello there", STYLES[2])] for _ in range(HEIGHT)]
    memory.difference(update(frame))
    assert memory.difference(update(frame)) == ""
    frame[2] = [("hello where", STYLES[2])]
    assert memory.difference(update(frame)) == "\x1b[3;7H\x1b[37;44mw\x1b[0m"


def test_after_forgetting_everything_is_written_again() -> None:
    memory = TerminalMemory()
    frame = [[("hello", STYLES[1])] for _ in range(HEIGHT)]
    first = memory.difference(update(frame))
    memory.forget()
    assert memory.difference(update(frame)) == first
