"""Hostile text, widths in cells, and the folding for search."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contacts_tui.domain.cells import fit, shorten, text_width
from contacts_tui.domain.text import around, clean, first_name, last_name, one_line, searchable

FORBIDDEN = (
    {chr(code) for code in [*range(0x20), *range(0x7F, 0xA0)]} - {"\n", "\t"}
    | {chr(code) for code in [*range(0x202A, 0x202F), *range(0x2066, 0x206A), 0x200E, 0x200F, 0x061C]}
    | {chr(code) for code in [*range(0xE0000, 0xE0080), 0x200B, 0x2028, 0x2029, 0xFEFF]}
    | {chr(code) for code in range(0xD800, 0xE000)}
)
anything = st.text(
    st.characters(codec=None) | st.sampled_from(sorted(FORBIDDEN)) | st.sampled_from("e\u0301\u200d\ufe0f👩🚀日\r\n "),
    max_size=40,
)


@given(anything)
def test_no_forbidden_character_is_let_through(text: str) -> None:
    cleaned = clean(text)
    assert FORBIDDEN.isdisjoint(cleaned)
    cleaned.encode()


@given(anything)
def test_cleaning_twice_is_cleaning_once(text: str) -> None:
    assert clean(clean(text)) == clean(text)
    assert one_line(one_line(text)) == one_line(text)


@pytest.mark.parametrize("attack", ["\x1b]52;c;aGk=\x07", "\x1b[2J", "\x9b2J", "\u202eevil", "\x08\x7f\x00"])
def test_an_attack_leaves_a_visible_trace(attack: str) -> None:
    assert "\ufffd" in clean(attack)


@pytest.mark.parametrize(
    "honest",
    [
        "plain text [/nope] [@click=app.quit]",
        "two\nlines\tand a tab",
        "👩‍🚀 ❤️ 日本語 नमस्ते می‌خواهم",
        "Zoë O’Brien <b> & “q”",
    ],
)
def test_honest_text_stays_as_it_is(honest: str) -> None:
    assert clean(honest) == honest


def test_every_line_end_becomes_a_newline() -> None:
    assert clean("a\r\nb\rc\u2028d\u2029e") == "a\nb\nc\nd\ne"


def test_marks_without_a_shape_vanish() -> None:
    assert clean("\ufeffo\u00adr\u200bd\u200eer\U000e0041") == "order"


@given(anything)
def test_one_line_is_one_line(text: str) -> None:
    line = one_line(text)
    assert line == " ".join(line.split())


def test_a_name_that_draws_nothing_is_empty() -> None:
    assert one_line("\u3164\u200b\u2066"[:2]) == ""


@given(anything, st.integers(-2, 30))
def test_fit_is_exact_and_shorten_at_most(text: str, cells: int) -> None:
    line = one_line(text)
    assert text_width(fit(line, cells)) == max(0, cells)
    assert text_width(shorten(line, cells)) <= max(0, cells)


@pytest.mark.parametrize(
    ("text", "cells", "short"),
    [
        ("Amara Okafor", 12, "Amara Okafor"),
        ("Amara Okafor", 11, "Amara Okaf…"),
        ("Amara Okafor", 7, "Amara…"),
        ("日本語テキスト", 6, "日本…"),
        ("Amara", 1, "…"),
        ("Amara", 0, ""),
    ],
)
def test_shorten_counts_cells(text: str, cells: int, short: str) -> None:
    assert shorten(text, cells) == short


def test_fit_pads() -> None:
    assert fit("日本", 6) == "日本  "


def test_an_emoji_of_several_characters_is_not_torn() -> None:
    assert shorten("👩‍🚀👩‍🚀👩‍🚀", 5) == "👩‍🚀👩‍🚀…"


@pytest.mark.parametrize(
    ("stored", "typed"),
    [
        ("Élodie Marchand", "elodie"),
        ("Carla NÚÑEZ", "nunez"),
        ("Łódź", "lodz"),
        ("Straße", "STRASSE"),
        ("O’Brien", "o'brien"),
        ("e\u0301lodie", "é"),
        ("\uff21\uff22\uff23", "abc"),
        ("one\ntwo", "one two"),
        ("Søren Ærø", "soren aero"),
        ("İstanbul", "istanbul"),
    ],
)
def test_search_finds_what_people_type(stored: str, typed: str) -> None:
    assert searchable(typed) in searchable(stored)


def test_search_keeps_letters_apart_that_are_different_words() -> None:
    assert searchable("がき") != searchable("かき")
    assert searchable("กิน") != searchable("กัน")


@given(anything)
def test_folding_twice_is_folding_once(text: str) -> None:
    folded = searchable(text)
    assert searchable(folded) == folded


@pytest.mark.parametrize(
    ("text", "query", "shown"),
    [
        ("Where is my order?", "order", "…my order?"),
        ("Where is my order?", "where", "Where is my order?"),
        ("Where is my order?", "order where", "…my order?"),
        ("Where is my order?", "nothing", "Where is my order?"),
        ("ßßßßßßßß strasse", "STRASSE", "…ßß strasse"),
        ("ﷺﷺ and then the word", "word", "…he word"),
        ("e\u0301e\u0301e\u0301e\u0301 bon café noir", "noir", "…fé noir"),
        ("", "word", ""),
    ],
)
def test_a_text_is_cut_before_what_was_found_in_it(text: str, query: str, shown: str) -> None:
    assert around(text, query, 3) == shown


@given(anything, anything)
def test_what_is_cut_is_the_beginning_of_a_text(text: str, query: str) -> None:
    found = around(text, query, 2)
    assert found == text or (found.startswith("…") and text.endswith(found[1:]))


@pytest.mark.parametrize(
    ("name", "first", "last"),
    [
        ("Amara Okafor", "Amara", "Okafor"),
        ("Okafor, Amara", "Amara", "Okafor"),
        ("Dr. Amara  Okafor", "Amara", "Okafor"),
        ("Élodie", "Élodie", ""),
        ("Carla Núñez de Alba", "Carla", "Núñez de Alba"),
        ("+234 803 555 0142", "", ""),
        ("amara@okafor.example", "", ""),
        ("", "", ""),
        ("Dr", "Dr", ""),
    ],
)
def test_names(name: str, first: str, last: str) -> None:
    assert (first_name(name), last_name(name)) == (first, last)
