"""Widths and graphemes: the one measure by which text is cut, padded and wrapped."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contacts_tui.commands import COMMANDS
from contacts_tui.domain import cells
from contacts_tui.domain.graphemes import boundaries, graphemes

FAMILY = "\U0001f468\u200d\U0001f469\u200d\U0001f467"
SKIN = "\U0001f44d\U0001f3fd"
FLAG = "\U0001f1eb\U0001f1f7"
ENGLAND = "\U0001f3f4\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f"
HEART = "\u2764\ufe0f"
KEYCAP = "1\ufe0f\u20e3"
HINDI = "\u0915\u094d\u0937\u093f"
TAMIL = "\u0ba8\u0bbf"
THAI = "\u0e01\u0e33"
HEBREW = "\u05e9\u05c1\u05b8"
ARABIC = "\u0645\u064f\u0651"
HANGUL = "\u1112\u1161\u11ab"
ACCENT = "e\u0301"

CLUSTERS = (FAMILY, SKIN, FLAG, ENGLAND, HEART, KEYCAP, HINDI, TAMIL, THAI, HEBREW, ARABIC, HANGUL, ACCENT)

TEXTS = st.one_of(
    st.text(),
    st.lists(
        st.sampled_from((*CLUSTERS, "a", "word", " ", "  ", "\n", "日", "本語", "。", "「", "한국")), max_size=60
    ).map("".join),
)


def test_what_commands_draw_needs_no_tables_of_widths() -> None:
    drawn = {word: cells.is_narrow(word) for command in COMMANDS for word in (command.label, *command.key_words)}
    assert all(drawn.values()), [word for word, narrow in drawn.items() if not narrow]


@pytest.mark.parametrize("cluster", CLUSTERS)
def test_what_people_see_as_one_character_is_one(cluster: str) -> None:
    assert graphemes(f"a{cluster}b") == ("a", cluster, "b")
    assert 1 <= cells.text_width(cluster) <= 2


@pytest.mark.parametrize(
    ("text", "width"),
    [
        ("plain", 5),
        ("Núñez ✓✓ ●", 10),
        ("日本語", 6),
        (FAMILY, 2),
        (HEART, 2),
        (FLAG * 2, 4),
        (HEBREW, 1),
        (HINDI, 2),
        (TAMIL, 2),
        (ACCENT, 1),
        ("", 0),
        ("\x1b", 0),
        ("\ud83d\ude00", 2),
    ],
)
def test_widths(text: str, width: int) -> None:
    assert cells.text_width(text) == width


@given(TEXTS)
def test_the_graphemes_are_the_text_and_their_widths_its_width(text: str) -> None:
    assert "".join(graphemes(text)) == text
    assert {0, len(text)} <= boundaries(text)
    assert cells.text_width(text) == sum(map(cells.grapheme_width, graphemes(text)))
    assert all(cells.grapheme_width(one) <= cells.greatest_width(one) for one in graphemes(text))


@given(TEXTS, st.integers(0, 30))
def test_what_is_cut_fits_and_is_whole(text: str, room: int) -> None:
    kept = cells.cut(text, room)
    assert cells.text_width(kept) <= room
    assert text.startswith(kept)
    assert len(kept) in boundaries(text)
    short = cells.shorten(text, room)
    assert cells.text_width(short) <= room
    assert short == text or short == "" or short.endswith("…")
    assert cells.text_width(cells.fit(text, room)) == room


@given(TEXTS, st.integers(0, 30))
def test_a_text_divided_at_a_column_keeps_its_width(text: str, at: int) -> None:
    before, after = cells.split(text, at)
    assert cells.text_width(before) == min(at, cells.text_width(text))
    assert cells.text_width(before) + cells.text_width(after) == cells.text_width(text)


@given(TEXTS, st.integers(2, 30))
def test_wrapped_lines_fit_hold_the_whole_text_and_cut_no_grapheme(text: str, room: int) -> None:
    lines = cells.wrap(text, room)
    assert all(cells.text_width(line) <= room for line in lines)
    assert "".join("".join(lines).split()) == "".join(text.split())
    flat = "".join(text.split())
    place = 0
    for line in lines:
        place += len("".join(line.split()))
        assert place in boundaries(flat) | boundaries_without_blanks(text)


def boundaries_without_blanks(text: str) -> frozenset[int]:
    """Return the places where graphemes end, counted without white space: without it, some graphemes may join."""
    places, at = {0}, 0
    for one in graphemes(text):
        at += len("".join(one.split()))
        places.add(at)
    return frozenset(places)


@pytest.mark.parametrize(
    ("text", "room", "lines"),
    [
        ("one two three", 7, ("one two", "three")),
        ("日本語のテキストは続きます。", 12, ("日本語のテキ", "ストは続きま", "す。")),
        ("彼は「はい」と言う", 7, ("彼は", "「は", "い」と", "言う")),
        ("see 日本 now", 6, ("see 日", "本 now")),
        ("한국어 띄어쓰기", 8, ("한국어", "띄어쓰기")),
        (FAMILY * 3, 4, (FAMILY * 2, FAMILY)),
        (HINDI * 3, 5, (HINDI * 2, HINDI)),
        ("abcdefgh", 3, ("abc", "def", "gh")),
        ("a\tb", 10, ("a   b",)),
        ("", 10, ("",)),
        ("a\n\nb", 10, ("a", "", "b")),
    ],
)
def test_where_lines_break(text: str, room: int, lines: tuple[str, ...]) -> None:
    assert cells.wrap(text, room) == lines


@pytest.mark.parametrize("cluster", [FAMILY, HEART, FLAG, KEYCAP, HINDI, TAMIL, SKIN, "\U0001f600"])
def test_signs_on_which_terminals_disagree_are_known(cluster: str) -> None:
    assert cells.is_disputed(cluster)


@pytest.mark.parametrize("plain", ["a", "é", "ж", "✓", "─", "日", "한", "\uff21"])
def test_and_those_on_which_they_agree(plain: str) -> None:
    assert not cells.is_disputed(plain)


@pytest.mark.parametrize(("cluster", "most"), [(FAMILY, 6), (FLAG, 4), (HEART, 2), (SKIN, 4), ("日", 2), ("a", 1)])
def test_how_far_a_terminal_may_draw(cluster: str, most: int) -> None:
    assert cells.greatest_width(cluster) == most


@given(st.text(st.sampled_from("ab é日\t\n👨\u200d👩क्षि-/"), max_size=60), st.integers(2, 12))
def test_each_character_of_a_wrapped_line_knows_its_place_in_the_text(text: str, room: int) -> None:
    for row in cells.wrap_rows(text, room):
        assert len(row.places) == len(row.text) + 1
        assert list(row.places) == sorted(row.places)
        for char, place in zip(row.text, row.places, strict=False):
            assert char == text[place] or (char == " " and text[place] == "\t")
        end = row.places[-1]
        assert end == len(text) or text[end].isspace() or row.text[-1:] == text[end - 1 : end] or row.text == ""
