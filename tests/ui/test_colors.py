"""A theme's colours are written by the numbers chosen for it, other colours by the nearest that the terminal has."""

import pytest
from rich.color import Color
from rich.segment import Segment
from rich.style import Style
from textual._compositor import LayoutUpdate
from textual.geometry import Region
from textual.strip import Strip

from contacts_tui.terminal.cell_difference import TerminalMemory
from contacts_tui.terminal.colors import PALETTE, Depth, contrast, hex_of, shown_as
from contacts_tui.themes import PALETTES


def written(style: Style, depth: Depth) -> str:
    return TerminalMemory(depth).difference(LayoutUpdate([[Strip([Segment("x", style)])]], Region(0, 0, 1, 1)))


@pytest.mark.parametrize("depth", [Depth.PALETTE, Depth.SIXTEEN])
@pytest.mark.parametrize("theme", PALETTES)
def test_each_colour_of_a_theme_is_written_by_its_number(theme: str, depth: Depth) -> None:
    for use, number in PALETTES[theme][depth]._asdict().items():
        assert isinstance(number, int), use
        assert shown_as(PALETTE[number], depth) == number, use
        codes = written(Style(bgcolor=Color.parse(hex_of(number))), depth)
        expected = f"48;5;{number}" if number > 15 else f"{40 + number if number < 8 else 92 + number}"
        assert f"\x1b[{expected}m" in codes, use


@pytest.mark.parametrize("theme", PALETTES)
@pytest.mark.parametrize("depth", Depth)
def test_grounds_differ(theme: str, depth: Depth) -> None:
    palette = PALETTES[theme][depth]
    assert palette.background != palette.surface != palette.panel != palette.background
    assert palette.theirs != palette.ours
    assert palette.background not in (palette.ours, palette.cursor, palette.selection)


def test_a_dark_grey_stays_grey_and_a_dark_blue_blue() -> None:
    assert shown_as((0x1B, 0x1F, 0x26), Depth.PALETTE) == 234
    assert PALETTE[shown_as((0x22, 0x34, 0x49), Depth.PALETTE)] != (0, 95, 95)
    assert all(shown_as(PALETTE[number], Depth.PALETTE) == number for number in range(16, 256))


def test_all_colours_leave_as_they_are_where_the_terminal_has_them() -> None:
    assert "48;2;27;31;38" in written(Style(bgcolor=Color.parse("#1b1f26")), Depth.FULL)


def test_contrast_is_that_of_the_guidelines() -> None:
    assert contrast((0, 0, 0), (255, 255, 255)) == pytest.approx(21)
    assert contrast((0x77, 0x77, 0x77), (255, 255, 255)) == pytest.approx(4.48, abs=0.01)
