"""Rich and Textual measure, divide and wrap text as `domain.cells` does. An upgrade of either may change that."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len, chop_cells, set_cell_size
from rich.segment import Segment
from textual.app import App, ComposeResult
from textual.content import Content
from textual.document._document import Document
from textual.document._wrapped_document import WrappedDocument
from textual.strip import Strip

from contacts_tui.domain.cells import breaks, split, text_width
from contacts_tui.domain.channel import Channel
from contacts_tui.domain.graphemes import boundaries
from contacts_tui.terminal import cell_widths
from contacts_tui.widgets.composer import Composer
from tests.limits import limits_of
from tests.unit.test_cells import CLUSTERS, FAMILY, FLAG, HINDI, TAMIL

cell_widths.install()
cell_widths.install_in_text_areas()

LINES = st.lists(st.sampled_from((*CLUSTERS, *"a日。é ", "word", "本語", "한국")), min_size=1, max_size=40).map("".join)


@given(LINES, st.integers(0, 40))
def test_rich_measures_and_divides_as_we_do(line: str, at: int) -> None:
    assert cell_len(line) == text_width(line) == Segment(line).cell_length
    before, after = Segment(line).split_cells(at)
    assert (before.text, after.text) == split(line, at)
    strip = Strip([Segment(line)])
    assert strip.cell_length == text_width(line)
    assert strip.crop(0, at).text == split(line, at)[0]
    assert text_width(set_cell_size(line, at)) == at
    assert all(text_width(piece) <= max(at, 2) for piece in chop_cells(line, max(at, 2)))


@given(LINES, st.integers(4, 40))
def test_text_is_broken_as_we_do_where_textual_lays_it_out(line: str, width: int) -> None:
    rows = Content(line).wrap(width)
    assert all(text_width(row.plain) <= width for row in rows)
    assert (
        "".join(row.plain for row in rows).split()
        == "".join(
            line[start:end].rstrip()
            for start, end in zip([0, *breaks(line, width)], [*breaks(line, width), None], strict=True)
        ).split()
    )


@given(LINES, st.integers(4, 40))
def test_text_is_broken_as_we_do_where_somebody_writes(line: str, width: int) -> None:
    places = WrappedDocument(Document(line), width=width)._wrap_offsets[0]
    assert set(places) <= boundaries(line)
    assert all(text_width(line[a:b]) <= width for a, b in zip([0, *places], [*places, None], strict=True))


@pytest.mark.parametrize("text", ["\tone two three", "日本\t日本語日本語 word", "a\t\t\tb" * 4])
def test_a_tab_where_somebody_writes_is_as_wide_as_it_stands(text: str) -> None:
    places = WrappedDocument(Document(text), width=8, tab_width=4)._wrap_offsets[0]
    assert places == sorted(set(places)) and 0 not in places and all(place <= len(text) for place in places)


class OneComposer(App[None]):
    """A composer, and nothing else."""

    def compose(self) -> ComposeResult:
        yield Composer()


@pytest.mark.parametrize("cluster", [FAMILY, FLAG, HINDI, TAMIL])
async def test_the_cursor_steps_over_what_people_see_as_one_character_and_deletes_it_whole(cluster: str) -> None:
    async with OneComposer().run_test() as pilot:
        composer = pilot.app.query_one(Composer)
        composer.write_to(Channel.TELEGRAM, limits_of(Channel.TELEGRAM), "to Ann", f"a{cluster}b")
        composer.focus()
        await pilot.press("left", "left")
        assert composer.cursor_location == (0, 1)
        await pilot.press("right")
        assert composer.cursor_location == (0, 1 + len(cluster))
        await pilot.press("backspace")
        assert composer.text == "ab"
