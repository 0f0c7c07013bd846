"""Importing people: adds who is new, fills what was empty, overwrites nothing, and says what it could not take."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from enum import Enum, auto

from sqlmodel import Session

from contacts_tui.domain.address import display_phone
from contacts_tui.domain.channel import Channel
from contacts_tui.domain.clock import Clock
from contacts_tui.domain.contact import Contact
from contacts_tui.domain.text import searchable
from contacts_tui.services.people_csv import PersonEntry, RowProblem, open_csv, read_people
from contacts_tui.store import bulk, contacts

__all__ = ["ImportReport", "RowProblem", "import_csv", "open_csv"]


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What came of an import."""

    added: int
    unchanged: int
    """Rows that told nothing new."""
    updated: int
    """Rows that filled something empty, or gave an address more."""
    problems: tuple[RowProblem, ...]
    """Rows that were not taken, in the file's order."""


def import_csv(session: Session, clock: Clock, text: Iterable[str], default_region: str | None) -> ImportReport:
    """Imports a CSV text with a line of headings. See `people_csv.COLUMNS` and `open_csv`.

    `default_region` (ISO 3166, "NG") reads numbers without a country code. A row is somebody known when a number of
    it is theirs and the name agrees, or when name and email (or name alone, if it has nothing else) are theirs.
    Raises BadInput when the text as a whole can't be read; nothing is stored then.
    """
    # All of the text is read before the first statement takes the store's write lock.
    rows = list(read_people(text, default_region))
    entries = [row for row in rows if isinstance(row, PersonEntry)]
    problems = [row for row in rows if isinstance(row, RowProblem)]
    people = _People(session, entries)
    outcomes: Counter[_Outcome] = Counter()
    for entry in entries:
        outcome = people.take(entry)
        if isinstance(outcome, RowProblem):
            problems.append(outcome)
        else:
            outcomes[outcome] += 1
    people.store(session, clock)
    return ImportReport(
        added=outcomes[_Outcome.ADDED],
        unchanged=outcomes[_Outcome.UNCHANGED],
        updated=outcomes[_Outcome.UPDATED],
        problems=tuple(sorted(problems, key=lambda problem: problem.line)),
    )


class _Outcome(Enum):
    ADDED = auto()
    UNCHANGED = auto()
    UPDATED = auto()


@dataclass(slots=True, eq=False)
class _Person:
    """Somebody in the store or about to be, as the rows so far make them."""

    contact_id: int | None
    """None for a new one."""
    name: str
    company: str
    emails: list[str]
    tags: list[str]
    note: str
    owner: str
    time_zone: str
    new_numbers: list[tuple[Channel, str, str]] = field(default_factory=list)
    changed: bool = False

    def agrees(self, entry: PersonEntry) -> bool:
        """Whether a row that has a number of this person may speak of them."""
        return not entry.name or self._is_nameless or searchable(entry.name) == searchable(self.name)

    def is_meant_by(self, entry: PersonEntry) -> bool:
        """Whether a row of this very name, whose numbers nobody has, speaks of this person."""
        if entry.emails:
            known = {email.casefold() for email in self.emails}
            return any(email.casefold() in known for email in entry.emails)
        return not entry.numbers and entry.company in ("", self.company)

    def fill(self, entry: PersonEntry) -> None:
        """Takes from a row what is missing here."""
        if self._is_nameless and entry.name:
            self.name, self.changed = entry.name, True
        for attribute in ("company", "note", "owner", "time_zone"):
            given = getattr(entry, attribute)
            if given and not getattr(self, attribute):
                setattr(self, attribute, given)
                self.changed = True
        if entry.tags and not self.tags:
            self.tags, self.changed = list(entry.tags), True
        known = {email.casefold() for email in self.emails}
        for email in entry.emails:
            if email.casefold() not in known:
                self.emails.append(email)
                self.changed = True

    @property
    def _is_nameless(self) -> bool:
        """An unknown sender is listed under their number."""
        return not any(char.isalpha() for char in self.name)


class _People:
    """Everybody whom the rows may speak of, found in a few statements."""

    def __init__(self, session: Session, entries: Sequence[PersonEntry]) -> None:
        owned = bulk.owners(session, {key for entry in entries for _, _, key in entry.numbers})
        strangers = {
            entry.shown_name
            for entry in entries
            if not any((channel, key) in owned for channel, _, key in entry.numbers)
        }
        named = bulk.named(session, strangers)
        ids = set(owned.values()).union(*named.values())
        known = {contact_id: _known(contact) for contact_id, contact in contacts.by_ids(session, ids).items()}
        self._owners = {number: known[contact_id] for number, contact_id in owned.items()}
        self._named = {name: [known[contact_id] for contact_id in ids] for name, ids in named.items()}
        self._known = tuple(known.values())
        self._new: list[_Person] = []

    def take(self, entry: PersonEntry) -> _Outcome | RowProblem:
        """Finds whom a row speaks of, and notes what it adds."""
        person = None
        for channel, number, key in entry.numbers:
            owner = self._owners.get((channel, key))
            if owner is None:
                continue
            if person not in (None, owner):
                return RowProblem(entry.line, f"its numbers belong to two people: {person.name} and {owner.name}")
            if not owner.agrees(entry):
                return RowProblem(entry.line, f"{display_phone(number)} belongs to {owner.name} already")
            person = owner
        if person is None:
            named = self._named.get(entry.shown_name, ())
            person = next((candidate for candidate in named if candidate.is_meant_by(entry)), None)
        if person is None:
            self._add(entry)
            return _Outcome.ADDED
        before, person.changed = person.changed, False
        person.fill(entry)
        self._give_numbers(person, entry)
        outcome = _Outcome.UPDATED if person.changed else _Outcome.UNCHANGED
        person.changed |= before
        return outcome

    def store(self, session: Session, clock: Clock) -> None:
        """Writes everything that was noted."""
        for person in self._known:
            if person.changed and person.contact_id is not None:
                _update(session, clock, person.contact_id, person)
        bulk.add_people(session, clock, [_new_person(person) for person in self._new])

    def _add(self, entry: PersonEntry) -> None:
        person = _Person(
            contact_id=None,
            name=entry.shown_name,
            company=entry.company,
            emails=list(entry.emails),
            tags=list(entry.tags),
            note=entry.note,
            owner=entry.owner,
            time_zone=entry.time_zone,
        )
        self._new.append(person)
        self._named.setdefault(person.name, []).append(person)
        self._give_numbers(person, entry)

    def _give_numbers(self, person: _Person, entry: PersonEntry) -> None:
        for channel, number, key in entry.numbers:
            if (channel, key) not in self._owners:
                self._owners[channel, key] = person
                person.new_numbers.append((channel, number, key))
                person.changed = True


def _known(contact: Contact) -> _Person:
    return _Person(
        contact_id=contact.id,
        name=contact.name,
        company=contact.company,
        emails=list(contact.emails),
        tags=list(contact.tags),
        note=contact.note,
        owner=contact.owner,
        time_zone=contact.time_zone,
    )


def _new_person(person: _Person) -> bulk.NewPerson:
    return bulk.NewPerson(
        name=person.name,
        company=person.company,
        emails=tuple(person.emails),
        tags=tuple(person.tags),
        note=person.note,
        owner=person.owner,
        time_zone=person.time_zone,
        numbers=tuple(person.new_numbers),
    )


def _update(session: Session, clock: Clock, contact_id: int, person: _Person) -> None:
    contacts.update(
        session,
        clock,
        contact_id,
        name=person.name,
        company=person.company,
        emails=person.emails,
        tags=person.tags,
        note=person.note,
        owner=person.owner,
        time_zone=person.time_zone,
    )
    for channel, number, _ in person.new_numbers:
        contacts.add_identity(session, clock, contact_id, channel, number)
