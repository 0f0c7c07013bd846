"""Whom a contact may be merged or linked with: the suggested ones first, then who is searched for."""

from sqlmodel import Session

from contacts_tui.domain.clock import Clock
from contacts_tui.domain.contact import Contact
from contacts_tui.domain.duplicates import Candidate, is_known_by_chat_only
from contacts_tui.services import duplicates
from contacts_tui.store import contacts, merging
from contacts_tui.store import search as index

_SEARCHED = 500
"""Matches of a search that are looked at for those who are known by chat only."""


def of(
    session: Session, clock: Clock, contact_id: int, text: str, limit: int, *, chat_only: bool = False
) -> tuple[Candidate, ...]:
    """Whom this contact may be, each with a reason where there is one.

    Without a search text: the suggested ones, those of the same name, and with `chat_only` whoever wrote last of those
    known by Telegram or Messenger only. With one: whoever it finds.
    """
    reasons = {one.other.id: one.reason for one in duplicates.suggested_for(session, clock, contact_id)}
    if text.strip():
        found = list(index.search(session, text, _SEARCHED if chat_only else limit + 1).ids)
    else:
        found = list(reasons)
        contact = contacts.get(session, contact_id)
        for namesake in contacts.by_name(session, contact.name) if contact is not None else ():
            reasons.setdefault(namesake.id, "same name")
            found.append(namesake.id)
        if chat_only:
            found += merging.known_by_chat_only(session, limit + 1)
    ordered = sorted(dict.fromkeys(found), key=lambda one: one not in reasons)
    people = contacts.by_ids(session, ordered)
    candidates = (
        _candidate(session, people[one], reasons.get(one, "")) for one in ordered if one != contact_id and one in people
    )
    wanted = (one for one in candidates if not chat_only or is_known_by_chat_only(one.identities))
    return tuple(one for one, _ in zip(wanted, range(limit), strict=False))


def _candidate(session: Session, contact: Contact, reason: str) -> Candidate:
    return Candidate(contact, contacts.identities(session, contact.id), reason)
