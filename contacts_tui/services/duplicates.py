"""Who may be one person: suggested by equal emails, numbers and names, and never merged without a person's word."""

from itertools import islice

from sqlmodel import Session

from contacts_tui.domain.address import display_phone, likeness_key
from contacts_tui.domain.clock import Clock
from contacts_tui.domain.contact import Contact
from contacts_tui.domain.duplicates import SHARED, Suggestion, bare, is_number
from contacts_tui.services.errors import BadInput, NotFound
from contacts_tui.store import contacts, duplicate_keys


def suggestions(session: Session, clock: Clock, limit: int = 100) -> tuple[Suggestion, ...]:
    """Pairs of contacts that may be one person, those known last first."""
    found = dict(duplicate_keys.alike(session, limit))
    bare = contacts.by_ids(session, duplicate_keys.bare(session, limit))
    for contact in bare.values():
        for other_id in _namesakes(session, contact):
            found.setdefault((min(contact.id, other_id), max(contact.id, other_id)), "")
    people = contacts.by_ids(session, {contact_id for pair in found for contact_id in pair})
    return tuple(
        Suggestion(people[low], people[high], _reason(session, low, high, key))
        for (low, high), key in islice(found.items(), limit)
    )


def suggested_for(session: Session, clock: Clock, contact_id: int) -> tuple[Suggestion, ...]:
    """Who may be the same person as this one; `other` is the suggested one."""
    found = dict(duplicate_keys.alike_to(session, contact_id))
    contact = contacts.get(session, contact_id)
    others = [] if contact is None else _namesakes(session, contact)
    bare = duplicate_keys.bare_among(session, [contact_id, *others])
    for other_id in others:
        if contact_id in bare or other_id in bare:
            found.setdefault(other_id, "")
    people = contacts.by_ids(session, [contact_id, *found])
    return tuple(
        Suggestion(people[contact_id], people[other_id], _reason(session, contact_id, other_id, key))
        for other_id, key in found.items()
    )


def dismiss(session: Session, clock: Clock, one_id: int, other_id: int, *, author: str) -> None:
    """Remembers that two contacts are not the same person: they are suggested no more. Raises NotFound or BadInput."""
    if one_id == other_id:
        raise BadInput("this is one contact: choose two")
    if len(contacts.by_ids(session, (one_id, other_id))) < 2:
        raise NotFound("one of the two contacts is not in the store any more")
    duplicate_keys.dismiss(session, one_id, other_id, author, clock())


def _namesakes(session: Session, contact: Contact) -> list[int]:
    """Others of this name who weren't said to be somebody else; none for a name that many have."""
    others = [one.id for one in contacts.namesakes(session, contact)]
    if len(others) >= SHARED:
        return []
    return [other_id for other_id in others if not duplicate_keys.are_distinct(session, contact.id, other_id)]


def _reason(session: Session, one_id: int, other_id: int, key: str) -> str:
    if not key:
        return "same name, and one has no number and no email"
    if not is_number(key):
        return f"same email {bare(key)}"
    spellings = [_spelling(session, contact_id, bare(key)) for contact_id in (one_id, other_id)]
    if spellings[0] == spellings[1]:
        return f"same number {display_phone(spellings[0])}"
    return f"perhaps one number: {' and '.join(map(display_phone, spellings))}"


def _spelling(session: Session, contact_id: int, digits: str) -> str:
    """The alias key of a person's number that is recognised by these digits."""
    known = contacts.identities(session, contact_id)
    return next(one.key for one in known if likeness_key(one.channel, one.key) == digits)
