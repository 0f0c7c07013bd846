"""A text in parts: each fits, every word is there, and no character that people see is cut in two."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contacts_tui.domain.graphemes import boundaries
from contacts_tui.domain.text_split import split

CLUSTERS = (
    "e\u0301",
    "\U0001f468\u200d\U0001f469\u200d\U0001f467",
    "\U0001f1e9\U0001f1ea",
    "\U0001f44d\U0001f3fd",
    "\u0915\u094d\u0937\u093f",
    "\u0ba8\u0bbf",
    "\u0e01\u0e33",
    "\u05e9\u05c1\u05b8",
    "1\ufe0f\u20e3",
)
"""An accent, a family, a flag, a skin tone, syllables of Hindi, Tamil and Thai, a Hebrew letter with its points, a
keycap: each is one character to people.
"""

PIECES = st.sampled_from(
    (*CLUSTERS, "a", "word", "\u3002", ".", " ", "\n", "\n\n", ". ", "\ud83d\ude00", "\u1112\u1161")
)
TEXTS = st.lists(PIECES, max_size=120).map("".join)


def bare(text: str) -> str:
    """Return the text without white space."""
    return "".join(text.split())


@given(TEXTS, st.integers(8, 60))
def test_each_part_fits_and_no_character_is_lost(text: str, limit: int) -> None:
    parts = split(text, limit)
    assert all(len(part) <= limit for part in parts)
    assert bare("".join(parts)) == bare(text)
    assert all(parts) or not text.strip()


@given(TEXTS, st.integers(8, 60))
def test_no_cut_goes_through_what_people_see_as_one_character(text: str, limit: int) -> None:
    place = 0
    for part in split(text, limit)[:-1]:
        place = text.index(part, place) + len(part)
        assert place in boundaries(text)


@given(st.lists(st.text("abc.,!", min_size=1, max_size=8), min_size=1, max_size=80), st.integers(8, 60))
def test_words_that_fit_stay_whole(words: list[str], limit: int) -> None:
    assert " ".join(split(" ".join(words), limit)).split() == words


@given(TEXTS, st.integers(8, 60))
def test_what_stays_after_a_part_goes_on_in_the_same_parts(text: str, limit: int) -> None:
    text = text.strip()
    first, *others = split(text, limit)
    assert not others or split(text[len(first) :].lstrip(), limit) == tuple(others)


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("one two", ("one two",)),
        ("Hello Ann.\n\nYour order is here. Come by.", ("Hello Ann.", "Your order is here.", "Come by.")),
        ("It is here. Come and fetch it", ("It is here.", "Come and fetch it")),
        ("He said \u201cyes.\u201d Then he left us", ("He said \u201cyes.\u201d", "Then he left us")),
        ("a. and then many more words", ("a. and then many", "more words")),
        ("first line\nsecond line here", ("first line", "second line here")),
        ("x" * 45, ("x" * 20, "x" * 20, "x" * 5)),
        ("x" * 19 + "e\u0301" + "y", ("x" * 19, "e\u0301y")),
        ("x" * 19 + CLUSTERS[2] + "y", ("x" * 19, CLUSTERS[2] + "y")),
        ("x" * 18 + CLUSTERS[4] + "y", ("x" * 18, CLUSTERS[4] + "y")),
        ("   " + "x" * 20 + "   ", ("x" * 20,)),
    ],
)
def test_where_the_cut_is_made(text: str, parts: tuple[str, ...]) -> None:
    assert split(text, 20) == parts


def test_a_character_longer_than_a_part_is_cut_all_the_same() -> None:
    text = "e" + "\u0301" * 30
    assert [len(part) for part in split(text, 20)] == [20, 11]
