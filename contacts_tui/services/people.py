"""People: the list and its places, the search, the activity card, and finding somebody by what is typed."""

from array import array
from collections.abc import Sequence
from datetime import timedelta

from sqlmodel import Session

from contacts_tui.domain.address import AddressError, alias_key, normalize_phone
from contacts_tui.domain.channel import Channel
from contacts_tui.domain.clock import Clock
from contacts_tui.domain.contact import Contact
from contacts_tui.domain.listing import PersonRow, Place, PlaceCounts, SearchResult
from contacts_tui.domain.views import ContactCard
from contacts_tui.services import reach
from contacts_tui.services.errors import Ambiguous, NotFound
from contacts_tui.services.glance import explained
from contacts_tui.store import contacts, merges, messages
from contacts_tui.store import people as lines
from contacts_tui.store import search as index

WEEKS = 10
"""Weeks in the activity card's chart."""

_PART_OF_NUMBER = 5
"""Digits that make a part of a number worth looking for."""


def order(session: Session, clock: Clock, place: Place) -> "array[int]":
    """Ids of everybody in a place, in its order."""
    return lines.order(lines.through(session), place, clock())


def first(session: Session, clock: Clock, place: Place, limit: int) -> "array[int]":
    """Ids of the first people of a place, quickly."""
    return lines.first(lines.through(session), place, clock(), limit)


def rows(session: Session, clock: Clock, ids: Sequence[int]) -> tuple[PersonRow, ...]:
    """The lines of these people, in this order; who doesn't exist is left out."""
    return explained(lines.rows(lines.through(session), ids, clock()))


def search(session: Session, clock: Clock, text: str, limit: int) -> SearchResult:
    """People by name, company, number, email, tag, or words they or we said; latest activity first."""
    return index.search(session, text, limit)


def counts(session: Session, clock: Clock) -> PlaceCounts:
    """How many people each place holds."""
    return lines.counts(lines.through(session), clock())


def card(session: Session, clock: Clock, contact_id: int) -> ContactCard | None:
    """What the activity card shows of a person; None when there is nobody of this id."""
    contact = contacts.get(session, contact_id)
    if contact is None:
        return None
    now = clock()
    starts = [now - timedelta(weeks=week) for week in range(WEEKS, 0, -1)]
    return ContactCard(
        contact=contact,
        identities=contacts.identities(session, contact_id),
        channels=reach.channels(session, clock, contact_id),
        last_seen_at=contacts.last_inbound_at(session, contact_id),
        weeks=messages.weekly_counts(session, contact_id, starts),
    )


def find(session: Session, clock: Clock, text: str) -> Contact:
    """The one person meant by an id, a number in any spelling, an email address or a name.

    The id of somebody who was merged away means whom they were merged into.
    Raises NotFound when nobody fits, Ambiguous when several do.
    """
    typed = text.strip()
    found = _find(session, typed)
    if not found:
        raise NotFound(f"nobody has the name, number, email or id “{typed}”: try a part of it, or search")
    if len(found) > 1:
        raise Ambiguous(f"“{typed}” fits {len(found)} people: use the number, email or id", found)
    return found[0]


def _find(session: Session, typed: str) -> Sequence[Contact]:
    if typed.isascii() and typed.isdigit() and len(typed) < 10:
        known_as = merges.survivor(session, int(typed))
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
