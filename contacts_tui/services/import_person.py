"""A person whom an import adds or changes, as the rows of its file make them, and the steps that an undo needs."""

from collections.abc import Iterable, Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlmodel import Session

from contacts_tui.domain.address import NAMELESS
from contacts_tui.domain.change import ChangeKind
from contacts_tui.domain.channel import Channel
from contacts_tui.domain.clock import Clock
from contacts_tui.domain.contact import Contact
from contacts_tui.domain.text import NO_NAME, draws_nothing, searchable
from contacts_tui.services import person_fields
from contacts_tui.services.exchange_details import WrittenNote, newest
from contacts_tui.services.import_row import PersonEntry
from contacts_tui.store import bulk_import, change_feed, contacts, notes
from contacts_tui.store.journal import Step

_FIELDS = ("name", "company", "emails", "tags", "note", "owner", "time_zone", "language", "attributes")
"""The fields that a row can give a person, beside numbers."""

_NOBODY = {"exists": False, "digest": ""}
"""The journal's state of a person before they were added."""

Number = tuple[Channel, str, str]
"""Channel, number in E.164 and its alias key."""


@dataclass(slots=True, eq=False)
class ImportPerson:
    """A person in the store or about to be added, as the rows so far make them."""

    contact_id: int | None
    """None for a new person."""
    name: str
    company: str
    emails: list[str]
    tags: list[str]
    note: str
    owner: str
    time_zone: str
    has_address: bool
    """Whether they have a number or a chat."""
    language: str = ""
    attributes: dict[str, str] = field(default_factory=dict)
    blocked_at: datetime | None = None
    notes: set[WrittenNote] = field(default_factory=set)
    """Notes in the store; read only when the rows have some."""
    opted_out: set[tuple[Channel, str]] = field(default_factory=set)
    """Channels and alias keys of numbers that are opted out in the store."""
    new_notes: dict[WrittenNote, None] = field(default_factory=dict)
    new_opt_outs: dict[tuple[Channel, str], datetime] = field(default_factory=dict)
    new_numbers: list[Number] = field(default_factory=list)
    changed: bool = False
    before: dict[str, Any] = field(default_factory=dict)
    """The fields of a person in the store, as they are stored."""

    def agrees(self, entry: PersonEntry) -> bool:
        """Return whether a row with an address of this person may mean them: the names agree, or one is missing."""
        return not entry.name or self.is_nameless or searchable(entry.name) == searchable(self.name)

    @property
    def is_bare(self) -> bool:
        """Whether the person has only a name, and no address and no email."""
        return not (self.has_address or self.emails)

    def fill(self, entry: PersonEntry, attributes: Mapping[str, str], *, overwrite: bool) -> None:
        """Take from a row what is missing here, or with `overwrite` all that it says. Emails are only added."""
        if entry.name and entry.name != self.name and (overwrite or self.is_nameless):
            self.name, self.changed = entry.name, True
        for attribute in ("company", "note", "owner", "time_zone", "language"):
            given, has = getattr(entry, attribute), getattr(self, attribute)
            if given and given != has and (overwrite or not has):
                setattr(self, attribute, given)
                self.changed = True
        if entry.tags and list(entry.tags) != self.tags and (overwrite or not self.tags):
            self.tags, self.changed = list(entry.tags), True
        for name, value in attributes.items():
            if self.attributes.get(name) != value and (overwrite or name not in self.attributes):
                self.attributes[name] = value
                self.changed = True
        known = {email.casefold() for email in self.emails}
        for email in entry.emails:
            if email.casefold() not in known:
                self.emails.append(email)
                self.changed = True

    def take_details(self, entry: PersonEntry, numbers: Iterable[Number], now: datetime) -> None:
        """Add the notes, opt-outs and block that aren't known yet. An import never removes any."""
        for note in entry.notes:
            if note not in self.notes and note not in self.new_notes:
                self.new_notes[note] = None
                self.changed = True
        for channel, number, key in numbers:
            mark = newest(entry.opt_outs, channel, number)
            if mark is not None and (channel, key) not in self.opted_out and (channel, key) not in self.new_opt_outs:
                self.new_opt_outs[channel, key] = mark.at or now
                self.changed = True
        if entry.blocks and self.blocked_at is None:
            self.blocked_at = entry.blocks[0].at or now
            self.changed = True

    @property
    def is_nameless(self) -> bool:
        """Whether the name isn't a real one: an unknown sender is listed under their number or email."""
        return (
            draws_nothing(self.name)
            or self.name in (NAMELESS, NO_NAME)
            or self.name.casefold() in (email.casefold() for email in self.emails)
            or (self.has_address and not any(char.isalpha() for char in self.name) and any(map(str.isdigit, self.name)))
        )


def known_person(contact: Contact, has_address: bool) -> ImportPerson:
    """Return a person in the store, as they are before any row changes them."""
    person = ImportPerson(
        contact_id=contact.id,
        name=contact.name,
        company=contact.company,
        emails=list(contact.emails),
        tags=list(contact.tags),
        note=contact.note,
        owner=contact.owner,
        time_zone=contact.time_zone,
        has_address=has_address,
        language=contact.language,
        attributes=dict(contact.attributes),
        blocked_at=contact.blocked_at,
    )
    person.before = deepcopy(fields_of(person))
    return person


def new_person(person: ImportPerson) -> bulk_import.NewPerson:
    """Return the person to add to the store."""
    return bulk_import.NewPerson(
        name=person.name,
        company=person.company,
        emails=tuple(person.emails),
        tags=tuple(person.tags),
        note=person.note,
        owner=person.owner,
        time_zone=person.time_zone,
        numbers=tuple(person.new_numbers),
        language=person.language,
        attributes=person.attributes,
        blocked_at=person.blocked_at,
    )


def added(contact_id: int, person: ImportPerson) -> Step:
    """Return the step that undoes adding a person."""
    digest = person_fields.digest(fields_of(person), [key for _, _, key in person.new_numbers])
    return Step(0, contact_id, "", _NOBODY, {"exists": True, "digest": digest})


def updated(session: Session, clock: Clock, contact_id: int, person: ImportPerson) -> Step:
    """Write what the rows changed of a person in the store. Return the step that undoes it."""
    after = {name: value for name, value in fields_of(person).items() if value != person.before[name]}
    before = {name: person.before[name] for name in after}
    numbers = list(dict.fromkeys(f"{person_fields.NUMBER}{key}" for _, _, key in person.new_numbers))
    if numbers:
        before |= person_fields.read(session, contact_id, numbers) or {}
    if after:
        person_fields.put(session, clock, contact_id, after)
    for channel, number, _ in person.new_numbers:
        contacts.add_identity(session, clock, contact_id, channel, number)
    if numbers:
        after |= person_fields.read(session, contact_id, numbers) or {}
    return Step(0, contact_id, "", before, after)


def detailed(session: Session, clock: Clock, contact_id: int, person: ImportPerson) -> Step:
    """Write the new notes and opt-outs of a person who is in the store by now. Return the step that undoes it.

    It is a separate step: a person who was added can be removed as they were added once this one is undone.
    """
    after: dict[str, Any] = {}
    for note in person.new_notes:
        written = notes.add(session, contact_id, note.author, note.at, note.text, note.edited_at)
        after[f"{person_fields.NOTE}{written.id}"] = person_fields.note_fields(written)
    for (channel, key), at in person.new_opt_outs.items():
        after[f"{person_fields.OPTED_OUT}{channel.value}:{key}"] = person_fields.kept_time(at)
    opt_outs = [name for name in after if name.startswith(person_fields.OPTED_OUT)]
    before = dict.fromkeys(after) | (person_fields.read(session, contact_id, opt_outs) or {})
    # A number whose opt-out was remembered when a person was forgotten is opted out already.
    after = {name: value for name, value in after.items() if before[name] is None}
    person_fields.put(session, clock, contact_id, {name: after[name] for name in opt_outs if name in after})
    change_feed.record(session, clock, ChangeKind.CONTACT, contact_id=contact_id)
    return Step(0, contact_id, "", {name: before[name] for name in after}, after)


def fields_of(person: ImportPerson) -> dict[str, Any]:
    """Return the fields that a row can give a person, beside numbers, as JSON holds them."""
    fields: dict[str, Any] = {name: getattr(person, name) for name in _FIELDS}
    return fields | {"blocked_at": None if person.blocked_at is None else person_fields.kept_time(person.blocked_at)}
