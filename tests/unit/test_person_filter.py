"""Filters over people: what a line means, and where its mistakes are."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contacts_tui.domain.person_filter import (
    FACTS,
    STATES,
    Field,
    FilterError,
    Order,
    PersonFilter,
    Term,
    completions,
    parse,
)

WORDS = st.text(st.characters(blacklist_characters='"', blacklist_categories=("Cs", "Cc", "Z")), min_size=1, max_size=9)
PHRASES = st.lists(WORDS, min_size=1, max_size=3).map(" ".join)
SPANS = st.builds("{}{}".format, st.integers(0, 999), st.sampled_from("mhdw"))


def term(field: Field, value: str, operator: str = ":") -> Term:
    """Return a term that isn't negated."""
    return Term(field, value, operator)


TERMS = st.one_of(
    st.builds(
        term,
        st.sampled_from((Field.ASSIGNEE, Field.TAG, Field.COMPANY, Field.INBOX, Field.LANGUAGE, Field.TEXT)),
        PHRASES,
    ),
    st.builds(
        term, st.just(Field.ATTRIBUTE), st.builds("{}={}".format, WORDS.filter(lambda word: "=" not in word), PHRASES)
    ),
    st.builds(term, st.just(Field.CHANNEL), st.sampled_from(("sms", "whatsapp", "telegram", "messenger"))),
    st.builds(term, st.just(Field.STATE), st.sampled_from(STATES)),
    st.builds(term, st.just(Field.IS), st.sampled_from(FACTS)),
    st.builds(term, st.sampled_from((Field.WAITING, Field.WINDOW)), SPANS, st.sampled_from("<>")),
)
FILTERS = st.builds(PersonFilter, st.lists(TERMS, max_size=5).map(tuple), st.none() | st.sampled_from(Order))


@given(FILTERS)
def test_what_is_written_is_read_as_it_was(found: PersonFilter) -> None:
    assert parse(str(found)) == found


@given(st.text(max_size=40))
def test_any_line_is_read_or_its_mistake_has_a_place(line: str) -> None:
    try:
        parse(line)
    except FilterError as error:
        assert 0 <= error.begin < error.end <= len(line)
        assert str(error)


def test_a_line_of_every_kind() -> None:
    found = parse('assignee:me -tag:"late payer" waiting>30m channel:whatsapp window<2h "blue one" order:name')
    assert [str(term) for term in found.terms] == [
        "assignee:me",
        '-tag:"late payer"',
        "waiting>30m",
        "channel:whatsapp",
        "window<2h",
        '"blue one"',
    ]
    assert found.order is Order.NAME
    assert found.text == "blue one"
    assert found.terms[2].span.total_seconds() == 1800


@pytest.mark.parametrize(
    ("line", "place", "words"),
    [
        ("tag:vip chanel:sms", "chanel:sms", "did you mean channel?"),
        ("channel:sm", "channel:sm", "did you mean sms?"),
        ("waiting:30m", "waiting:30m", "waiting>30m"),
        ("waiting>soon", "waiting>soon", "waiting>30m"),
        ("is:unread tag:", "tag:", "no value"),
        ("tag<3h", "tag<3h", "write tag:3h"),
        ('say "blue one', '"blue one', "no end"),
        ('""', '""', "nothing"),
        ("order:name order:latest", "order:latest", "twice"),
    ],
)
def test_a_mistake_is_named_where_it_is(line: str, place: str, words: str) -> None:
    with pytest.raises(FilterError) as raised:
        parse(line)
    assert line[raised.value.begin : raised.value.end] == place
    assert words in str(raised.value)


@pytest.mark.parametrize("line", ["http://shop.example/a", "10:30", "a<b", "re:order"])
def test_what_only_looks_like_a_term_is_searched_for(line: str) -> None:
    assert parse(line).text == line


def test_the_last_word_is_completed() -> None:
    names = {Field.TAG: ("late payer", "vip"), Field.ASSIGNEE: ("Noor",)}
    assert completions("tag:vip is:un", names) == ("is:unread", "is:unassigned")
    assert completions("ta", names) == ("tag:",)
    assert sorted(completions("w", names)) == ["waiting<", "waiting>", "window<", "window>"]
    assert completions("-tag:la", names) == ('tag:"late payer"',)
    assert completions("assignee:", names) == ("assignee:me", "assignee:none", "assignee:Noor")
    assert completions("order:n", names) == ("order:name",)
    assert completions("http:x", names) == ()


def test_an_attribute_needs_a_name() -> None:
    with pytest.raises(FilterError, match="names no attribute") as refused:
        parse("tag:vip attribute:=Berlin")
    assert (refused.value.begin, refused.value.end) == (8, 25)
    assert completions("attr", {}) == ("attribute:",)
    assert completions("attribute:ci", {Field.ATTRIBUTE: ("city=", "seats=")}) == ("attribute:city=",)
