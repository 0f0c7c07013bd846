"""Merging two contacts, field by field: nothing is lost, either direction gives the same, and it can be undone."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contacts_tui.domain.merge import (
    JOINABLE,
    Field,
    MergeError,
    Profile,
    Take,
    defaults,
    options,
    outcome,
    preview_fields,
    restored,
)

words = st.text(st.sampled_from("aAbBß é1+\n"), max_size=4)
lists = st.lists(words, max_size=4).map(tuple)


names = words.map("Z{}".format)
profiles = st.builds(
    Profile,
    name=names,
    company=words,
    emails=lists,
    tags=lists,
    note=words,
    owner=words,
    time_zone=words,
    language=words,
    attributes=st.dictionaries(words, words, max_size=3),
)


def folded(texts: Any) -> set[str]:
    return {text.strip().casefold() for text in texts}


def choices_of(draw: st.DrawFn, keep: Profile, other: Profile) -> dict[Field, Take]:
    return {field: draw(st.sampled_from(options(field, keep, other))) for field in Field}


@st.composite
def merges(draw: st.DrawFn) -> tuple[Profile, Profile, dict[Field, Take]]:
    keep, other = draw(profiles), draw(profiles)
    return keep, other, choices_of(draw, keep, other)


@given(profiles, profiles)
def test_by_default_nothing_that_one_side_alone_has_is_lost(keep: Profile, other: Profile) -> None:
    result = outcome(keep, other, {})
    for field in (Field.EMAILS, Field.TAGS):
        assert folded(result.value(field)) == folded(keep.value(field)) | folded(other.value(field))
    for field in Field:
        assert bool(result.value(field)) == bool(keep.value(field) or other.value(field))
    assert keep.note in result.note
    assert other.note in result.note


@given(merges())
def test_what_is_chosen_comes_out(merge: tuple[Profile, Profile, dict[Field, Take]]) -> None:
    keep, other, choices = merge
    for entry in preview_fields(keep, other, choices):
        assert entry.taken in entry.options
        if entry.taken is Take.KEEP:
            assert entry.result == keep.value(entry.field) == entry.keep
        elif entry.taken is Take.OTHER:
            assert entry.result == other.value(entry.field) == entry.other
        else:
            assert entry.field in JOINABLE


@given(merges())
def test_the_other_direction_with_the_same_choices_gives_the_same(
    merge: tuple[Profile, Profile, dict[Field, Take]],
) -> None:
    keep, other, choices = merge
    one = outcome(keep, other, choices)
    back = outcome(other, keep, {field: take.swapped for field, take in choices.items()})
    for field in Field:
        if choices[field] is not Take.BOTH:
            assert one.value(field) == back.value(field)
        elif field is Field.ATTRIBUTES:
            assert set(one.value(field)) == set(back.value(field))
        elif field is not Field.NOTE:
            assert folded(one.value(field)) == folded(back.value(field))


@given(merges())
def test_a_merge_is_taken_apart_exactly(merge: tuple[Profile, Profile, dict[Field, Take]]) -> None:
    keep, other, choices = merge
    after = outcome(keep, other, choices)
    assert restored(keep, after, after) == keep


@given(merges(), profiles)
def test_what_was_written_since_the_merge_stays(
    merge: tuple[Profile, Profile, dict[Field, Take]], now: Profile
) -> None:
    keep, other, choices = merge
    after = outcome(keep, other, choices)
    back = restored(keep, after, now)
    for field in Field:
        mine = now.value(field)
        if mine == after.value(field):
            assert back.value(field) == keep.value(field)
        elif isinstance(mine, str):
            assert back.value(field) == mine
        else:
            assert set(mine) - set(after.value(field)) <= set(back.value(field))
            assert not (set(after.value(field)) - set(mine)) & set(back.value(field))


def person(name: str = "Ann Lee", **fields: Any) -> Profile:
    texts = dict.fromkeys(("company", "note", "owner", "time_zone", "language"), "")
    empty: dict[str, Any] = {**texts, "emails": (), "tags": (), "attributes": {}}
    return Profile(name=name, **{**empty, **fields})


def test_a_name_is_preferred_to_a_number() -> None:
    assert defaults(person("+1 202 555 0142"), person("Ann Lee"))[Field.NAME] is Take.OTHER
    assert defaults(person("Ann Lee"), person("+1 202 555 0142"))[Field.NAME] is Take.KEEP
    assert defaults(person("Ann Lee"), person("A. Lee"))[Field.NAME] is Take.KEEP


def test_lists_unite_in_any_case_and_the_first_spelling_stays() -> None:
    one, other = person(emails=("Ann@x.example",)), person(emails=("ann@x.example", "lee@x.example"))
    assert outcome(one, other, {}).emails == ("Ann@x.example", "lee@x.example")


def test_notes_stand_below_each_other() -> None:
    assert outcome(person(note="vip"), person(note="fridays"), {}).note == "vip\nfridays"


@pytest.mark.parametrize("field", sorted(set(Field) - JOINABLE))
def test_there_is_one_name_and_one_company(field: Field) -> None:
    with pytest.raises(MergeError, match="only one"):
        outcome(person(), person("Bo"), {field: Take.BOTH})


def test_nobody_loses_their_name() -> None:
    with pytest.raises(MergeError, match="needs a name"):
        outcome(person("Ann"), person(""), {Field.NAME: Take.OTHER})
