"""Emails, tags and time zones in the cells of a file."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contacts_tui.services.import_cells import read_emails, read_tags, read_time_zone

TWO = ["a@x.example", "b@x.example"]


@pytest.mark.parametrize(
    ("cell", "emails"),
    [
        ("a@x.example; b@x.example", TWO),
        ("a@x.example, b@x.example", TWO),
        ("a@x.example ::: b@x.example", TWO),
        ("a@x.example\nb@x.example", TWO),
        ("a@x.example b@x.example", TWO),
        ("a@x.example/b@x.example", TWO),
        ("Ann Example <a@x.example>", TWO[:1]),
        ('"Example, Ann" <a@x.example>, Bea <b@x.example>', TWO),
        ("Example, Ann <a@x.example>", TWO[:1]),
        ("<a@x.example>; b@x.example", TWO),
        ("mailto:a@x.example?subject=Hello", TWO[:1]),
        ("MAILTO:a@x.example", TWO[:1]),
        ("\u200ea@x.example\u00a0", TWO[:1]),
        ("a@x.example.", TWO[:1]),
        ("'a@x.example'", TWO[:1]),
        ("\uff41\uff20x.example", TWO[:1]),
        ("", []),
    ],
)
def test_every_email_of_a_cell_is_taken(cell: str, emails: list[str]) -> None:
    assert [(value.value, value.problem) for value in read_emails(cell)] == [(email, "") for email in emails]


@pytest.mark.parametrize(
    "cell", ["ann at x.example", "ann@", "@x.example", "ann@localhost", "a@@x.example", "+12025550142"]
)
def test_what_is_no_email_is_told(cell: str) -> None:
    values = list(read_emails(cell))
    assert [value.value for value in values] == [""]
    assert values[0].is_lost
    assert "is not an email address" in values[0].problem


def test_an_email_with_words_around_it_is_offered() -> None:
    (value,) = read_emails("a@x.example (work)")
    assert (value.value, value.offered) == ("", ("a@x.example",))


@pytest.mark.parametrize("cell", ["N/A", "-", "none", "null"])
def test_what_says_that_there_is_nothing_loses_nothing(cell: str) -> None:
    (value,) = read_emails(cell)
    assert (value.value, value.is_lost) == ("", False)


@pytest.mark.parametrize(
    ("cell", "tags"),
    [
        ("vip;late", ["vip", "late"]),
        ("vip, late", ["vip", "late"]),
        ("* myContacts ::: Lagos ::: * starred", ["Lagos"]),
        ("vip|late", ["vip", "late"]),
        ("vip\nlate", ["vip", "late"]),
        ("C++; R&D / Lab", ["C++", "R&D / Lab"]),
        ('"vip","late"', ["vip", "late"]),
        ("; ,", []),
        ("-", []),
    ],
)
def test_every_tag_of_a_cell_is_one(cell: str, tags: list[str]) -> None:
    assert list(read_tags(cell)) == tags


@pytest.mark.parametrize(
    ("cell", "zone"),
    [
        ("Asia/Kathmandu", "Asia/Kathmandu"),
        ("asia/kathmandu", "Asia/Kathmandu"),
        ("EUROPE/BERLIN", "Europe/Berlin"),
        ("America/New York", "America/New_York"),
        ("europe_slash_berlin", "Europe/Berlin"),
        ("utc", "UTC"),
    ],
)
def test_a_time_zone_in_any_case(cell: str, zone: str) -> None:
    assert (read_time_zone(cell).value, read_time_zone(cell).problem) == (zone, "")


@pytest.mark.parametrize("cell", ["Mars/Olympus", "America", "GMT+25", "yes"])
def test_an_unknown_time_zone_is_told(cell: str) -> None:
    value = read_time_zone(cell)
    assert (value.value, value.is_lost) == ("", True)
    assert "is not a time zone" in value.problem
    assert read_time_zone("Berlin").offered == ("Europe/Berlin",)


@given(st.text(max_size=40))
def test_any_cell_gives_values_or_sentences(cell: str) -> None:
    for value in (*read_emails(cell), read_time_zone(cell)):
        assert value.value or value.problem
    assert all(tag.strip() for tag in read_tags(cell))


def test_a_zone_of_the_other_direction_is_not_offered() -> None:
    value = read_time_zone("GMT+1")
    assert (value.value, value.offered, value.is_lost) == ("", (), True)
    assert read_time_zone("Lagos").offered == ("Africa/Lagos",)
