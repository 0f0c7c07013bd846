"""Possible duplicates: suggested by equal emails, numbers and names, and never merged unless an agent says so."""

from itertools import islice

from sqlmodel import Session

from contacts_tui.domain.address import display_phone, likeness_key
from contacts_tui.domain.clock import Clock
from contacts_tui.domain.contact import Contact
from contacts_tui.domain.duplicates import SHARED, Candidate, Suggestion, bare, is_known_by_chat_only, is_number
from contacts_tui.services.errors import BadInput, NotFound
from contacts_tui.store import belongings, contacts, duplicate_keys
from contacts_tui.store import search as index


def suggestions(session: Session, clock: Clock, limit: int = 100) -> tuple[Suggestion, ...]:
    """Return pairs of contacts that may be one person: those with a common key first, newest first."""
    found = dict(duplicate_keys.alike(session, limit))
    named_only = contacts.by_ids(session, duplicate_keys.bare(session, limit))
    for contact in named_only.values():
        for other_id in _namesakes(session, contact):
            found.setdefault((min(contact.id, other_id), max(contact.id, other_id)), "")
    people = contacts.by_ids(session, {contact_id for pair in found for contact_id in pair})
    return tuple(
        Suggestion(people[low], people[high], _reason(session, low, high, key))
        for (low, high), key in islice(found.items(), limit)
    )


def suggested_for(session: Session, clock: Clock, contact_id: int) -> tuple[Suggestion, ...]:
    """Return the contacts that may be the same person as this one; `other` is the suggested one."""
    found = dict(duplicate_keys.alike_to(session, contact_id))
    contact = contacts.get(session, contact_id)
    others = [] if contact is None else _namesakes(session, contact)
    named_only = duplicate_keys.bare_among(session, [contact_id, *others])
    for other_id in others:
        if contact_id in named_only or other_id in named_only:
            found.setdefault(other_id, "")
    people = contacts.by_ids(session, [contact_id, *found])
    return tuple(
        Suggestion(people[contact_id], people[other_id], _reason(session, contact_id, other_id, key))
        for other_id, key in found.items()
    )


def dismiss(session: Session, clock: Clock, one_id: int, other_id: int, *, author: str) -> tuple[str, str]:
    """Remember that two contacts are not the same person, and suggest them no more. Return their names, raw.

    Raise NotFound when one of them is no longer in the store, and BadInput when both are the same contact.
    """
    if one_id == other_id:
        raise BadInput("this is one contact: choose two")
    people = contacts.by_ids(session, (one_id, other_id))
    if len(people) < 2:
        raise NotFound("one of the two contacts is no longer in the store")
    duplicate_keys.dismiss(session, one_id, other_id, author, clock())
    return people[one_id].name, people[other_id].name


def suggest_again(session: Session, clock: Clock, one_id: int, other_id: int) -> None:
    """Take back that two contacts are not the same person."""
    duplicate_keys.forget_dismissals(session, one_id, (other_id,))


def _namesakes(session: Session, contact: Contact) -> list[int]:
    """Return the ids of others of this name who weren't said to be different; none where SHARED or more have it."""
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
    return f"perhaps the same number: {' and '.join(map(display_phone, spellings))}"


def _spelling(session: Session, contact_id: int, digits: str) -> str:
    """Return the alias key of a person's number that is recognised by these digits."""
    known = contacts.identities(session, contact_id)
    return next(one.key for one in known if likeness_key(one.channel, one.key) == digits)


_SEARCHED = 500
"""Matches of a search that are looked through for people who are known by chat only."""


def candidates(
    session: Session, clock: Clock, contact_id: int, text: str, limit: int, *, chat_only: bool = False
) -> tuple[Candidate, ...]:
    """Return the people whom this contact may be, each with a reason where there is one, those with a reason first.

    Without a search text: the suggested people, those of the same name, and with `chat_only` the people known by
    Telegram or Messenger only who wrote last. With a text: the people found by it. `chat_only` leaves out all others.
    """
    reasons = {one.other.id: one.reason for one in suggested_for(session, clock, contact_id)}
    if text.strip():
        found = list(index.search(session, text, _SEARCHED if chat_only else limit + 1).ids)
    else:
        found = list(reasons)
        contact = contacts.get(session, contact_id)
        for namesake in contacts.by_name(session, contact.name) if contact is not None else ():
            reasons.setdefault(namesake.id, "same name")
            found.append(namesake.id)
        if chat_only:
            found += belongings.known_by_chat_only(session, limit + 1)
    ordered = sorted(dict.fromkeys(found), key=lambda one: one not in reasons)
    people = contacts.by_ids(session, ordered)
    all_candidates = (
        _candidate(session, people[one], reasons.get(one, "")) for one in ordered if one != contact_id and one in people
    )
    wanted = (one for one in all_candidates if not chat_only or is_known_by_chat_only(one.identities))
    return tuple(one for one, _ in zip(wanted, range(limit), strict=False))


def _candidate(session: Session, contact: Contact, reason: str) -> Candidate:
    return Candidate(contact, contacts.identities(session, contact.id), reason)
