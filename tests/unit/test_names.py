"""Names: whether they can be seen, and what our own things may be called; counts and their nouns."""

import pytest

from contacts_tui.domain.address import stranger_name
from contacts_tui.domain.text import LONGEST_NAME, begun, counted, draws_nothing, name_fault, name_or, one_line

BLANK = [
    "",
    " ",
    "\u3164",
    "\uffa0",
    "\u115f\u1160",
    "\u2800\u2800",
    "\u200e",
    "\u200b\u200c\u200d\u2060",
    "\u00ad",
    "\ufeff",
    "\u00a0\u2003",
    "\u0301",
    "\u0301\u0489",
    "\ufe0f",
    "\U000e0041\U000e007f",
    "\x1b\x07",
    "\n\t\u2028",
    "\u202e\u2066",
    "\ud800",
    "\u034f",
]
SEEN = [
    "Ann",
    "李",
    "يوسف",
    "\u3164x",
    "🌸",
    "-",
    "1",
    "\u200eAnn\u200f",
    "e\u0301",
    "नि",
    "👩\u200d🚀",
    "ㅎ",
    "\ufffd",
]


@pytest.mark.parametrize("name", BLANK)
def test_what_draws_nothing_is_no_name(name: str) -> None:
    assert draws_nothing(name)
    assert name_or(name, "+1 202 555 0142") == "+1 202 555 0142"
    assert stranger_name("+12025550142", name) == "+1 202 555 0142"
    assert name_fault(name)


@pytest.mark.parametrize("name", SEEN)
def test_what_is_seen_is_a_name(name: str) -> None:
    assert not draws_nothing(name)
    assert name_or(f" {name} ", "x") == name
    assert one_line(name).strip()


@pytest.mark.parametrize("name", ["Shop", "Shop & Söhne (2)", "店", "x" * LONGEST_NAME])
def test_what_a_thing_of_ours_may_be_called(name: str) -> None:
    assert name_fault(name) == ""


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("Shop\nx", "line break"),
        ("Shop\tx", "line break"),
        ("Shop\u2028x", "line break"),
        ("Shop\x1b[2J", "controls the terminal"),
        ("Shop\u202egnp", "controls the terminal"),
        ("x" * (LONGEST_NAME + 1), "101 characters, and the limit is 100"),
        ("\u2800", "invisible characters"),
    ],
)
def test_what_a_thing_of_ours_may_not_be_called(name: str, says: str) -> None:
    assert says in name_fault(name)


def test_counts_have_their_noun() -> None:
    assert [counted(count, "row") for count in (0, 1, 2, 1204)] == ["0 rows", "1 row", "2 rows", "1,204 rows"]
    assert [counted(count, "person", "people") for count in (1, 2)] == ["1 person", "2 people"]


def test_a_sentence_begins_with_a_capital() -> None:
    assert (begun("ask them"), begun("Ask"), begun("élan"), begun("")) == ("Ask them", "Ask", "Élan", "")
