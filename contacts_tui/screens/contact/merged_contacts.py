"""Follows an open contact that was merged, and an open address that was moved."""

from contacts_tui import services
from contacts_tui.domain.views import ContactCard, Route
from contacts_tui.screens.merging import merge_words as words
from contacts_tui.screens.session import AgentSession


async def goes_on_with(session: AgentSession, contact_id: int, route: Route | None) -> tuple[int, str] | None:
    """Return the id of the contact that this one was merged into, or its address moved to, and a sentence about it.

    None if neither happened, and if no such contact is in the store.
    """
    identity_id = route.identity.id if route is not None else None
    owner = await session.read(services.merging.present_contact, contact_id, identity_id)
    if owner is None or owner == contact_id:
        return None
    card = await session.read(services.people.card, owner)
    if card is None:
        return None
    entry = await session.read(services.merging.last_move, contact_id, owner)
    return owner, words.moved_on(entry, card.contact.name)


def is_other(before: ContactCard, now: ContactCard) -> bool:
    """Return whether the thread has to be drawn again: for another person, name, or set of addresses."""
    return _whose(before) != _whose(now)


def _whose(card: ContactCard) -> tuple[int, str, frozenset[int]]:
    return card.contact.id, card.contact.name, frozenset(identity.id for identity in card.identities)
