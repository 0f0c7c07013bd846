"""Many people at once: an import of a hundred thousand takes seconds, where one by one it would take minutes."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import func, insert
from sqlmodel import Session, col, select

from contacts_tui.domain.change import ChangeKind
from contacts_tui.domain.channel import Channel
from contacts_tui.domain.clock import Clock
from contacts_tui.domain.duplicates import bare, likeness_keys
from contacts_tui.domain.unknown_values import member
from contacts_tui.store import change_feed, forgotten_opt_outs, search
from contacts_tui.store.people_tables import ContactRow, IdentityRow, LikenessRow, MergeRow
from contacts_tui.store.queue_tables import JournalRow
from contacts_tui.store.sql import ids_among, texts_among
from contacts_tui.store.timestamps import NEVER

PhoneKey = tuple[Channel, str]
"""A channel and the alias key of a phone number on it."""


@dataclass(frozen=True, slots=True)
class NewPerson:
    """A person to be added, with addresses that nobody else has."""

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


def owners(session: Session, keys: Iterable[str]) -> dict[PhoneKey, int]:
    """Whose these phone numbers are: the contact's id for each channel and alias key that is known."""
    found = session.exec(
        select(IdentityRow.channel, IdentityRow.key, IdentityRow.contact_id).where(
            col(IdentityRow.channel).in_([channel.value for channel in Channel if channel.by_phone]),
            col(IdentityRow.key).in_(texts_among(keys)),
        )
    )
    return {(member(Channel, channel), key): contact_id for channel, key, contact_id in found}


def named(session: Session, names: Iterable[str]) -> dict[str, list[int]]:
    """The ids of those of exactly these names, first known first."""
    found = session.exec(
        select(ContactRow.name, ContactRow.id)
        .where(col(ContactRow.name).in_(texts_among(names)))
        .order_by(col(ContactRow.id))
    )
    ids: dict[str, list[int]] = {}
    for name, contact_id in found:
        assert contact_id is not None
        ids.setdefault(name, []).append(contact_id)
    return ids


def by_emails(session: Session, emails: Iterable[str]) -> dict[str, list[int]]:
    """The ids of those who have each of these email addresses, in any case; by the address in lower case."""
    keys = {key for email in emails for key in likeness_keys([email], ())}
    found = session.exec(
        select(LikenessRow.key, LikenessRow.contact_id)
        .where(col(LikenessRow.key).in_(texts_among(keys)))
        .order_by(col(LikenessRow.contact_id))
    )
    ids: dict[str, list[int]] = {}
    for key, contact_id in found:
        ids.setdefault(bare(key), []).append(contact_id)
    return ids


def with_address(session: Session, ids: Iterable[int]) -> set[int]:
    """Those of these people who have a number, a chat or another address of a channel."""
    return set(
        session.exec(select(IdentityRow.contact_id).where(col(IdentityRow.contact_id).in_(ids_among(ids))).distinct())
    )


def add_people(session: Session, clock: Clock, people: Sequence[NewPerson]) -> list[int]:
    """Add all of them, with one change for all. Return their ids."""
    if not people:
        return []
    now = clock()
    # Nobody else can add people meanwhile: writing takes turns. Asking SQLite for each new id costs three times more.
    newest = newest_id(session)
    numbered = list(enumerate(people, newest + 1))
    # Plain statements: the mapped classes would double the time.
    connection = session.connection()
    connection.execute(
        insert(ContactRow.metadata.tables["contact"]),
        [
            {
                "id": contact_id,
                "name": person.name,
                "company": person.company,
                "emails": list(person.emails),
                "tags": list(person.tags),
                "note": person.note,
                "owner": person.owner,
                "time_zone": person.time_zone,
                "language": person.language,
                "attributes": dict(person.attributes),
                "created_at": now,
                "search_text": _search_text(person),
                "activity_at": NEVER,
                "unread": 0,
                "failing": False,
            }
            for contact_id, person in numbered
        ],
    )
    opted_out = forgotten_opt_outs.among(
        session, ((channel, key, 0) for person in people for channel, _, key in person.numbers)
    )
    numbers = [
        {
            "contact_id": contact_id,
            "channel": channel.value,
            "address": address,
            "key": key,
            "scope": 0,
            "profile_name": "",
            "refusal_code": "",
            "opted_out_at": now if (channel, key, 0) in opted_out else None,
        }
        for contact_id, person in numbered
        for channel, address, key in person.numbers
    ]
    if numbers:
        connection.execute(insert(IdentityRow.metadata.tables["identity"]), numbers)
    alike = [
        {"key": key, "contact_id": contact_id}
        for contact_id, person in numbered
        for key in likeness_keys(person.emails, ((channel, key) for channel, _, key in person.numbers))
    ]
    if alike:
        connection.execute(insert(LikenessRow.metadata.tables["likeness"]), alike)
    change_feed.record(session, clock, ChangeKind.CONTACT)
    return [contact_id for contact_id, _ in numbered]


def newest_id(session: Session) -> int:
    """Return the highest id that anybody has or had: who was merged away comes back under theirs."""
    highest = (
        func.max(ContactRow.id),
        func.max(MergeRow.kept_id),
        func.max(MergeRow.other_id),
        func.max(JournalRow.contact_id),
    )
    return max(session.execute(select(one)).scalar_one() or 0 for one in highest)


def _search_text(person: NewPerson) -> str:
    words = (person.name, person.company, *person.emails, *person.tags, *person.attributes.values())
    spellings = [(channel, text) for channel, address, key in person.numbers for text in (address, key)]
    return search.contact_text(words, spellings)
