"""Adding many people at once: a hundred thousand take seconds, where one by one they would take minutes."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Integer, String, func
from sqlmodel import Session, col

from contacts_tui.domain.change import ChangeKind
from contacts_tui.domain.channel import Channel
from contacts_tui.domain.clock import Clock
from contacts_tui.domain.duplicates import bare, likeness_keys
from contacts_tui.domain.unknown_values import member
from contacts_tui.store import backends, change_feed, forgotten_opt_outs, search, sql
from contacts_tui.store.people_tables import ContactRow, IdentityRow, LikenessRow, MergeRow
from contacts_tui.store.queue_tables import JournalRow

PhoneKey = tuple[Channel, str]
"""A channel and the alias key of a phone number on it."""


@dataclass(frozen=True, slots=True)
class NewPerson:
    """A person to be added, with numbers that no other person has."""

    name: str
    company: str
    emails: tuple[str, ...]
    tags: tuple[str, ...]
    note: str
    owner: str
    time_zone: str
    numbers: tuple[tuple[Channel, str, str], ...]
    """Channel, number and its alias key."""
    language: str = ""
    attributes: Mapping[str, str] = field(default_factory=dict)
    blocked_at: datetime | None = None


_OWNERS = sql.statement(
    lambda: sql.query(IdentityRow.channel, IdentityRow.key, IdentityRow.contact_id).where(
        col(IdentityRow.channel).in_([channel.value for channel in Channel if channel.by_phone]),
        col(IdentityRow.key).in_(sql.members("keys", String())),
    )
)
_NAMED = sql.statement(
    lambda: (
        sql.query(ContactRow.name, ContactRow.id)
        .where(col(ContactRow.name).in_(sql.members("names", String())))
        .order_by(col(ContactRow.id))
    )
)
_ALIKE = sql.statement(
    lambda: (
        sql.query(LikenessRow.key, LikenessRow.contact_id)
        .where(col(LikenessRow.key).in_(sql.members("keys", String())))
        .order_by(col(LikenessRow.contact_id))
    )
)
_WITH_ADDRESS = sql.statement(
    lambda: (
        sql.query(IdentityRow.contact_id)
        .where(col(IdentityRow.contact_id).in_(sql.members("ids", Integer())))
        .distinct()
    )
)
_NEWEST_ID = sql.statement(
    lambda: sql.query(
        *(
            sql.query(func.coalesce(func.max(one), 0)).scalar_subquery()
            for one in (ContactRow.id, MergeRow.kept_id, MergeRow.other_id, JournalRow.contact_id)
        )
    )
)
_NO_ATTRIBUTES: Mapping[str, str] = {}
_ADD_PERSON = sql.insertion(ContactRow, *ContactRow.model_fields)
_ADD_NUMBER = sql.insertion(IdentityRow, *(name for name in IdentityRow.model_fields if name != "id"))
_ADD_LIKENESS = sql.insertion(LikenessRow, "key", "contact_id")
_BLANK_PERSON, _BLANK_NUMBER = sql.blank(ContactRow), sql.blank(IdentityRow)


def owners(session: Session, keys: Iterable[str]) -> dict[PhoneKey, int]:
    """Return whose these phone numbers are: the contact's id for each channel and alias key that is known."""
    found = sql.several(session, _OWNERS, keys=keys)
    return {(member(Channel, channel), key): contact_id for channel, key, contact_id in found}


def named(session: Session, names: Iterable[str]) -> dict[str, list[int]]:
    """Return the ids of the people of exactly these names, by name, first known first."""
    ids: dict[str, list[int]] = {}
    for name, contact_id in sql.several(session, _NAMED, names=names):
        ids.setdefault(name, []).append(contact_id)
    return ids


def by_emails(session: Session, emails: Iterable[str]) -> dict[str, list[int]]:
    """Return the ids of the people with each of these email addresses, in any case; by the address in lower case."""
    keys = likeness_keys(emails, ())
    ids: dict[str, list[int]] = {}
    for key, contact_id in sql.several(session, _ALIKE, keys=keys):
        ids.setdefault(bare(key), []).append(contact_id)
    return ids


def with_address(session: Session, ids: Iterable[int]) -> set[int]:
    """Return the ids of those of these people who have an address on any channel."""
    return {contact_id for (contact_id,) in sql.several(session, _WITH_ADDRESS, ids=ids)}


def add_people(session: Session, clock: Clock, people: Sequence[NewPerson]) -> list[int]:
    """Add all of these people, with one change in the feed for all, and return their ids in the same order."""
    if not people:
        return []
    now = clock()
    # No other process adds people meanwhile: writers take turns. Asking for each new id takes three times as long.
    numbered = list(enumerate(people, newest_id(session) + 1))
    opted_out = forgotten_opt_outs.among(
        session, ((channel, key, 0) for person in people for channel, _, key in person.numbers)
    )
    sql.insert_all(session, _ADD_PERSON, (_row(contact_id, person, now) for contact_id, person in numbered))
    backends.of_bind(session.bind).ids_taken(session, str(ContactRow.__tablename__), numbered[-1][0])
    sql.write_all(
        session,
        _ADD_NUMBER,
        (
            {
                **_BLANK_NUMBER,
                "contact_id": contact_id,
                "channel": channel.value,
                "address": address,
                "key": key,
                "opted_out_at": now if (channel, key, 0) in opted_out else None,
            }
            for contact_id, person in numbered
            for channel, address, key in person.numbers
        ),
    )
    sql.write_all(
        session,
        _ADD_LIKENESS,
        (
            {"key": key, "contact_id": contact_id}
            for contact_id, person in numbered
            for key in likeness_keys(person.emails, ((channel, key) for channel, _, key in person.numbers))
        ),
    )
    change_feed.record(session, clock, ChangeKind.CONTACT)
    return [contact_id for contact_id, _ in numbered]


def _row(contact_id: int, person: NewPerson, now: datetime) -> dict[str, Any]:
    return {
        **_BLANK_PERSON,
        "id": contact_id,
        "name": person.name,
        "company": person.company,
        "emails": list(person.emails),
        "tags": list(person.tags),
        "note": person.note,
        "owner": person.owner,
        "time_zone": person.time_zone,
        "language": person.language,
        "attributes": person.attributes or _NO_ATTRIBUTES,
        "blocked_at": person.blocked_at,
        "created_at": now,
        "search_text": _search_text(person),
    }


def newest_id(session: Session) -> int:
    """Return the highest id that any person has or had: undoing a merge brings a person back under their old id."""
    return int(max(sql.one(session, _NEWEST_ID)))


def _search_text(person: NewPerson) -> str:
    words = (person.name, person.company, *person.emails, *person.tags, *person.attributes.values())
    # A number mostly is on two channels, and is its own alias key: it has to stand in the text only once.
    spellings = {text: channel for channel, address, key in person.numbers for text in (address, key)}
    return search.contact_text(words, ((channel, text) for text, channel in spellings.items()))
