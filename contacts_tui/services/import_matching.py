"""Finding the person whom a row of a file means: one in the store, one of an earlier row, or a new one.

Two people are never taken for one by a guess. A person is known
- by a number of theirs, when the name agrees (or one of the two has none);
- by an email of theirs, when the name agrees;
- by the very same name alone, when either the row or the stored person has neither number nor email, no other person
  has that name, and the companies don't differ.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum, StrEnum, auto

from sqlmodel import Session

from contacts_tui.domain.address import display_phone
from contacts_tui.domain.attributes import Kind, read_value
from contacts_tui.domain.clock import Clock
from contacts_tui.services.exchange_details import WrittenNote
from contacts_tui.services.import_person import (
    ImportPerson,
    Number,
    added,
    detailed,
    known_person,
    new_person,
    updated,
)
from contacts_tui.services.import_row import PersonEntry
from contacts_tui.store import attributes as stored_attributes
from contacts_tui.store import bulk_import, contacts, notes
from contacts_tui.store.journal import Step


class Duplicates(StrEnum):
    """What is done with a row whose person is known."""

    SKIP = "skip"
    """The person stays unchanged."""
    FILL = "fill"
    """The row gives what is missing: numbers, emails, empty fields."""
    OVERWRITE = "overwrite"
    """The row's values replace the stored ones; numbers and emails are added."""


@dataclass(frozen=True, slots=True)
class Terms:
    """How the rows of a file are taken."""

    duplicates: Duplicates = Duplicates.FILL
    distinct_after: int | None = None
    """The last contact's id before the import of a file that this program wrote, else None. Each row of such a file is
    a person of its own: contacts that came in since match no row by name or email."""


class By(StrEnum):
    """What a known person was found by."""

    NUMBER = "number"
    EMAIL = "email"
    NAME = "name"


class Outcome(Enum):
    """The result of a row."""

    ADDED = auto()
    UPDATED = auto()
    UNCHANGED = auto()
    REFUSED = auto()


@dataclass(frozen=True, slots=True)
class Taken:
    """The result of a row, and how its person was found."""

    outcome: Outcome
    reasons: tuple[str, ...]
    """What can't be taken, as clauses: why a row is refused, other people's numbers, or unreadable attributes."""
    by: By | None = None
    """What its person was found by; None for a new person, and for a row that is refused."""
    is_stored: bool = False
    """Whether that person is in the store; else they came with an earlier row."""


class People:
    """Everybody whom some rows may mean, found with a few statements."""

    def __init__(self, session: Session, now: datetime, entries: Sequence[PersonEntry], terms: Terms) -> None:
        self._terms = terms
        self._kinds = stored_attributes.kinds(session)
        self._spelled = {name.casefold(): name for name in self._kinds}
        self._new_kinds: dict[str, Kind] = {}
        owned = bulk_import.owners(session, {key for entry in entries for _, _, key in entry.numbers})
        mailed = bulk_import.by_emails(session, {email for entry in entries for email in entry.emails})
        named = bulk_import.named(session, {entry.name for entry in entries if entry.name})
        ids = set(owned.values()).union(*mailed.values(), *named.values())
        addressed = bulk_import.with_address(session, ids)
        known = {
            contact_id: known_person(contact, contact_id in addressed)
            for contact_id, contact in contacts.by_ids(session, ids).items()
        }
        self._owners = {number: known[contact_id] for number, contact_id in owned.items()}
        self._mailed = {email: [known[contact_id] for contact_id in ids] for email, ids in mailed.items()}
        self._named = {name: [known[contact_id] for contact_id in ids] for name, ids in named.items()}
        self._known = tuple(known.values())
        self._now = now
        if any(entry.notes for entry in entries):
            for contact_id, written in notes.of_people(session, ids).items():
                known[contact_id].notes = {WrittenNote(one.author, one.at, one.text, one.edited_at) for one in written}
        if any(entry.opt_outs for entry in entries):
            for contact_id, numbers in contacts.identities_of(session, ids).items():
                known[contact_id].opted_out = {(one.channel, one.key) for one in numbers if one.opted_out_at}
        self._new: list[ImportPerson] = []

    def take(self, entry: PersonEntry) -> Taken:
        """Find the person whom a row means, and note what it adds."""
        if self._is_new(entry):
            attributes, wrong = self._attributes(entry)
            self._add(entry, attributes)
            return Taken(Outcome.ADDED, wrong) if wrong else _ADDED
        owners = [(number, self._owners[number[0], number[2]]) for number in entry.numbers if self._has(number)]
        agreeing = _distinct(owner for _, owner in owners if owner.agrees(entry))
        if len(agreeing) > 1:
            return _refused(f"its numbers belong to {len(agreeing)} people, {_names(agreeing)}: merge them first")
        others = [(number, owner) for number, owner in owners if owner not in agreeing]
        told = tuple(
            dict.fromkeys(f"{display_phone(number[1])} belongs to {owner.name} already" for number, owner in others)
        )
        attributes, wrong = self._attributes(entry)
        person, by = (agreeing[0], By.NUMBER) if agreeing else (None, By.EMAIL)
        if person is None:
            mailed = self._earlier(one for email in entry.emails for one in self._mailed.get(email.casefold(), ()))
            if others and (len(others) == len(entry.numbers) or any(owner in mailed for _, owner in others)):
                return _refused(*told)
            candidates = [one for one in mailed if one.agrees(entry)]
            if not candidates and entry.name:
                candidates, by = self._by_name(entry), By.NAME
            if len(candidates) > 1:
                return _refused(f"it matches {len(candidates)} people, {_names(candidates)}: merge them first")
            person = candidates[0] if candidates else None
        if person is None:
            self._add(entry, attributes)
            return Taken(Outcome.ADDED, (*told, *wrong))
        outcome = self._fill(person, entry, attributes)
        return Taken(outcome, (*told, *wrong), by, person.contact_id is not None)

    def _is_new(self, entry: PersonEntry) -> bool:
        """Return whether no person has a number, an email or the name of a row, as is the case for most rows."""
        return (
            entry.name not in self._named
            and not any((channel, key) in self._owners for channel, _, key in entry.numbers)
            and not any(email.casefold() in self._mailed for email in entry.emails)
        )

    def store(self, session: Session, clock: Clock) -> list[Step]:
        """Write everything that was noted. Return the steps that an undo needs."""
        for name, kind in self._new_kinds.items():
            stored_attributes.put(session, name, kind)
        steps = [
            updated(session, clock, person.contact_id, person)
            for person in self._known
            if person.changed and person.contact_id is not None
        ]
        ids = bulk_import.add_people(session, clock, [new_person(person) for person in self._new])
        steps += [added(contact_id, person) for contact_id, person in zip(ids, self._new, strict=True)]
        told = [*((person.contact_id, person) for person in self._known), *zip(ids, self._new, strict=True)]
        steps += [
            detailed(session, clock, contact_id, person)
            for contact_id, person in told
            if contact_id is not None and (person.new_notes or person.new_opt_outs)
        ]
        return [step for step in steps if step.after]

    def _attributes(self, entry: PersonEntry) -> tuple[dict[str, str], tuple[str, ...]]:
        """Return the attributes of a row as they are stored, and clauses on those that can't be read."""
        if not entry.attributes:
            return {}, ()
        found: dict[str, str] = {}
        wrong = []
        for typed, text in entry.attributes.items():
            name = self._spelled.setdefault(typed.casefold(), typed)
            kind = self._kinds.get(name)
            if kind is None:
                kind = self._kinds[name] = self._new_kinds[name] = entry.kinds.get(typed, Kind.TEXT)
            try:
                found[name] = read_value(kind, text) if self._terms.distinct_after is None else text
            except ValueError as error:
                wrong.append(f"{name}: {error}")
        return found, tuple(wrong)

    def _earlier(self, people: Iterable[ImportPerson]) -> list[ImportPerson]:
        """Return those of these people who may be meant by a name or an email; see `Terms.distinct_after`."""
        last = self._terms.distinct_after
        return _distinct(
            one for one in people if last is None or (one.contact_id is not None and one.contact_id <= last)
        )

    def _has(self, number: Number) -> bool:
        return (number[0], number[2]) in self._owners

    def _by_name(self, entry: PersonEntry) -> list[ImportPerson]:
        """Return those whom a row means by their name alone."""
        named = self._earlier(self._named.get(entry.name, []))
        fitting = [one for one in named if not (entry.company and one.company) or entry.company == one.company]
        if entry.numbers or entry.emails:
            return fitting if len(named) == 1 and fitting and fitting[0].is_bare else []
        exact = [one for one in fitting if one.company == entry.company]
        return exact if len(exact) == 1 else fitting

    def _fill(self, person: ImportPerson, entry: PersonEntry, attributes: Mapping[str, str]) -> Outcome:
        if self._terms.duplicates is Duplicates.SKIP:
            return Outcome.UNCHANGED
        before, person.changed = person.changed, False
        person.fill(entry, attributes, overwrite=self._terms.duplicates is Duplicates.OVERWRITE)
        self._remember(person, entry)
        outcome = Outcome.UPDATED if person.changed else Outcome.UNCHANGED
        person.changed |= before
        return outcome

    def _add(self, entry: PersonEntry, attributes: Mapping[str, str]) -> None:
        person = ImportPerson(
            contact_id=None,
            name=entry.shown_name,
            company=entry.company,
            emails=list(entry.emails),
            tags=list(entry.tags),
            note=entry.note,
            owner=entry.owner,
            time_zone=entry.time_zone,
            has_address=False,
            language=entry.language,
            attributes=dict(attributes),
        )
        self._new.append(person)
        self._named.setdefault(person.name, []).append(person)
        self._remember(person, entry)

    def _remember(self, person: ImportPerson, entry: PersonEntry) -> None:
        """Give a person the row's numbers that no other has, and know the person by these and the emails from now on.

        The person gets the row's notes, opt-outs and blocks as well.
        """
        for number in entry.numbers:
            if not self._has(number):
                self._owners[number[0], number[2]] = person
                person.new_numbers.append(number)
                person.has_address = person.changed = True
        if entry.notes or entry.opt_outs or entry.blocks:
            theirs = (one for one in entry.numbers if self._owners[one[0], one[2]] is person)
            person.take_details(entry, theirs, self._now)
        for email in entry.emails:
            known = self._mailed.setdefault(email.casefold(), [])
            if person not in known:
                known.append(person)


_ADDED = Taken(Outcome.ADDED, ())


def _distinct(people: Iterable[ImportPerson]) -> list[ImportPerson]:
    return list(dict.fromkeys(people))


def _names(people: Iterable[ImportPerson]) -> str:
    return " and ".join(person.name for person in people)


def _refused(*reasons: str) -> Taken:
    return Taken(Outcome.REFUSED, reasons)
