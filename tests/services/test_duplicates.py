"""Possible duplicates: by number in any spelling, by email in any case, and never again once an agent said no."""

import sqlite3

import pytest
from sqlmodel import Session

from contacts_tui.domain.channel import Channel
from contacts_tui.domain.clock import Clock
from contacts_tui.domain.contact import ContactChange, NewContact
from contacts_tui.domain.duplicates import SHARED
from contacts_tui.services import duplicates, merging
from contacts_tui.services.errors import BadInput, NotFound
from contacts_tui.store import bulk_import, contacts
from tests.services.world import World


def person(world: World, name: str, *, number: str = "", channel: Channel = Channel.SMS, email: str = "") -> int:
    contact = world.store.call(contacts.insert, NewContact(name=name, emails=tuple([email] if email else [])))
    if number:
        world.store.call(contacts.add_identity, contact.id, channel, number)
    return contact.id


def suggested(world: World) -> list[tuple[int, int, str]]:
    found = world.store.call_read(duplicates.suggestions)
    return [(one.contact.id, one.other.id, one.reason) for one in found]


@pytest.mark.parametrize(
    ("one", "other", "reason"),
    [
        ("+12025550142", "+1 (202) 555-0142", "same number +1 202 555 0142"),
        ("+5215512345678", "+525512345678", "same number +52 55 1234 5678"),
        ("+556181234567", "+5561981234567", "same number +55 61 98123 4567"),
        ("+5491123456789", "+541123456789", "perhaps the same number: +54 9 11 2345 6789 and +54 11 2345 6789"),
        ("12025550142", "+12025550142", "perhaps the same number: 12025550142 and +1 202 555 0142"),
    ],
    ids=["formatting", "Mexico", "Brazil", "Argentina", "without the plus"],
)
def test_one_number_in_two_spellings_is_suggested(world: World, one: str, other: str, reason: str) -> None:
    first = person(world, "Ann", number=one)
    second = person(world, "Bo", number=other, channel=Channel.WHATSAPP)
    assert suggested(world) == [(first, second, reason)]
    (mine,) = world.store.call_read(duplicates.suggested_for, second)
    assert (mine.contact.id, mine.other.id) == (second, first)


def test_one_email_in_two_cases_is_suggested_until_somebody_says_no(world: World) -> None:
    first = person(world, "Ann", email="Ann@Straße.example")
    second = person(world, "Bo", email=" ann@STRASSE.example")
    assert suggested(world) == [(first, second, "same email ann@strasse.example")]
    world.store.call(duplicates.dismiss, second, first, author="Kim")
    world.store.call(duplicates.dismiss, first, second, author="Lee")
    assert suggested(world) == []
    assert world.store.call_read(duplicates.suggested_for, first) == ()


def test_suggestions_follow_what_is_written(world: World) -> None:
    first, second = person(world, "Ann", email="ann@x.example"), person(world, "Bo")
    assert suggested(world) == []
    world.store.call(contacts.update, second, ContactChange(emails=("ann@x.example",)))
    assert [pair[:2] for pair in suggested(world)] == [(first, second)]
    entry = world.store.call(merging.merge, first, second, author="Kim")
    assert suggested(world) == []
    world.store.call(merging.undo, entry.id, author="Kim")
    assert [pair[:2] for pair in suggested(world)] == [(first, second)]
    world.store.call(contacts.update, first, ContactChange(emails=()))
    assert suggested(world) == []


def test_a_pair_alike_in_two_ways_is_suggested_once(world: World) -> None:
    person(world, "Ann", number="+12025550142", email="ann@x.example")
    person(world, "Bo", number="+12025550142", channel=Channel.WHATSAPP, email="ann@x.example")
    assert len(suggested(world)) == 1


def test_what_many_share_is_nobodys_own(world: World) -> None:
    ids = [person(world, f"Person {place}", email="info@x.example") for place in range(SHARED)]
    assert len(suggested(world)) == SHARED * (SHARED - 1) // 2
    person(world, "One more", email="info@x.example")
    assert suggested(world) == []
    assert world.store.call_read(duplicates.suggested_for, ids[0]) == ()


def test_telegram_and_messenger_never_match_by_number(world: World) -> None:
    person(world, "Ann", number="+12025550142")
    person(world, "Bo", number="12025550142", channel=Channel.TELEGRAM)
    person(world, "Code", number="32665")
    person(world, "Other code", number="32665", channel=Channel.WHATSAPP)
    assert suggested(world) == []


def test_nobody_is_another_than_themselves(world: World) -> None:
    first = person(world, "Ann")
    with pytest.raises(BadInput, match="choose two"):
        world.store.call(duplicates.dismiss, first, first, author="Kim")
    with pytest.raises(NotFound, match="no longer in the store"):
        world.store.call(duplicates.dismiss, first, 99, author="Kim")


@pytest.mark.engine("sqlite")
def test_an_import_of_many_is_looked_through_by_index(world: World) -> None:
    crowd = [_newcomer(place) for place in range(2_000)]
    world.store.call(bulk_import.add_people, crowd)
    assert len(suggested(world)) == 100
    assert [reason for _, _, reason in suggested(world)[:1]] == ["same email person999@x.example"]
    assert len(world.store.call_read(duplicates.suggestions, 5_000)) == 1_000
    plans = world.store.call_read(_plans)
    assert plans
    assert not [step for step in plans if step.startswith("SCAN") and "INDEX" not in step and "shared" not in step]


def _newcomer(place: int) -> bulk_import.NewPerson:
    email = f"{'Person' if place < 1_000 else 'person'}{place % 1_000}@x.example"
    return bulk_import.NewPerson(f"Person {place}", "", (email,), (), "", "", "", ())


def _plans(session: Session, clock: Clock) -> list[str]:
    """Return SQLite's query plans for the statements of `suggestions` that read likenesses."""
    statements: list[str] = []
    connection = session.connection().connection.driver_connection
    assert isinstance(connection, sqlite3.Connection)
    connection.set_trace_callback(statements.append)
    duplicates.suggestions(session, clock)
    connection.set_trace_callback(None)
    asked = [statement for statement in statements if "likeness" in statement]
    return [str(row[3]) for statement in asked for row in connection.execute(f"EXPLAIN QUERY PLAN {statement}")]
