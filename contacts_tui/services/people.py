"""People: the lines of the list, the search, the activity card, and finding a person by what is typed."""

from collections.abc import Sequence
from datetime import timedelta

from sqlmodel import Session

from contacts_tui.domain.address import AddressError, alias_key, normalize_phone
from contacts_tui.domain.channel import Channel
from contacts_tui.domain.clock import Clock
from contacts_tui.domain.contact import Contact
from contacts_tui.domain.listing import PersonFound, PersonRow, SearchResult
from contacts_tui.domain.text import searchable
from contacts_tui.domain.views import ContactCard
from contacts_tui.services import reachability
from contacts_tui.services.errors import Ambiguous, NotFound
from contacts_tui.services.first_page import explained
from contacts_tui.store import contacts, merge_journal, messages, people_list, queue
from contacts_tui.store import search as index

WEEKS = 10
"""Weeks in the activity card's chart."""

_PART_OF_NUMBER = 5
"""How many digits make a text a part of a number to search for."""


def rows(session: Session, clock: Clock, ids: Sequence[int]) -> tuple[PersonRow, ...]:
    """Return the lines of these people, in this order; ids that don't exist are left out."""
    return explained(people_list.rows(session, ids, clock()))


def search(session: Session, clock: Clock, text: str, limit: int) -> SearchResult:
    """Return people by name, company, number, email, tag, or words of messages; latest activity first."""
    return index.search(session, text, limit)


def found_by(session: Session, clock: Clock, text: str, limit: int) -> tuple[PersonFound, ...]:
    """Return people with what they were found by: name first, then other details, then words of messages."""
    ids = index.people_with(session, text, limit)
    known = contacts.by_ids(session, ids)
    found = [_known_by(session, known[contact_id], text) for contact_id in ids if contact_id in known]
    found.sort(key=lambda one: bool(one.words))
    if len(found) < limit:
        said = [pair for pair in index.said(session, text, limit) if pair[0] not in known]
        speakers = contacts.by_ids(session, [contact_id for contact_id, _ in said])
        found += [PersonFound(key, speakers[key].name, body, is_said=True) for key, body in said if key in speakers]
    return tuple(found[:limit])


def _known_by(session: Session, contact: Contact, text: str) -> PersonFound:
    words = searchable(text).split()
    if all(word in searchable(contact.name) for word in words):
        return PersonFound(contact.id, contact.name, "", is_said=False)
    addresses = (identity.address for identity in contacts.identities(session, contact.id))
    details = [contact.company, *contact.emails, *contact.tags, *addresses]
    fits = (
        detail
        for detail in details
        if any(word in searchable(detail) or (index.digits(word) and index.digits(word) in detail) for word in words)
    )
    return PersonFound(contact.id, contact.name, next(fits, next(filter(None, details), "")), is_said=False)


def card(session: Session, clock: Clock, contact_id: int, agent: str = "") -> ContactCard | None:
    """Return the activity card of a person; None when no person has this id.

    `agent` is who looks: the card names the inbox that they chose for this person.
    """
    contact = contacts.get(session, contact_id)
    if contact is None:
        return None
    now = clock()
    starts = [now - timedelta(weeks=week) for week in range(WEEKS, 0, -1)]
    return ContactCard(
        contact=contact,
        identities=contacts.identities(session, contact_id),
        channels=reachability.channels(session, clock, contact_id, agent),
        last_seen_at=contacts.last_inbound_at(session, contact_id),
        weeks=messages.weekly_counts(session, contact_id, starts),
        entry=queue.entry(session, contact_id),
    )


def find(session: Session, clock: Clock, text: str) -> Contact:
    """Return the one person meant by an id, a number in any spelling, an email address or a name.

    The id of a person who was merged means the one they were merged into. Raise NotFound when no person fits, Ambiguous
    when several do.
    """
    typed = text.strip()
    found = _find(session, typed)
    if not found:
        raise NotFound(f"no contact has the name, number, email or id “{typed}”: try a part of it, or search")
    if len(found) > 1:
        raise Ambiguous(f"“{typed}” matches {len(found)} people: use the number, email or id", found)
    return found[0]


def _find(session: Session, typed: str) -> Sequence[Contact]:
    if typed.isascii() and typed.isdigit() and len(typed) < 10:
        known_as = merge_journal.survivor(session, int(typed))
        if known_as is not None:
            return list(contacts.by_ids(session, [known_as]).values())
    if "@" in typed:
        found = contacts.by_email(session, typed)
        if found:
            return found
    if len(index.digits(typed)) >= _PART_OF_NUMBER and not any(char.isalpha() for char in typed):
        return _by_number(session, typed)
    return contacts.by_name(session, typed)


def _by_number(session: Session, typed: str) -> Sequence[Contact]:
    try:
        key = alias_key(Channel.SMS, normalize_phone(typed, None))
    except AddressError:
        key = ""
    return (contacts.by_key(session, key) if key else ()) or contacts.by_number(session, typed)
