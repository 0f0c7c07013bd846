"""What came in while an agent was elsewhere."""

from collections.abc import Iterable

from sqlmodel import Session

from contacts_tui.domain.arrival import Arrival
from contacts_tui.domain.clock import Clock
from contacts_tui.store import arrivals, messages


def arrived(session: Session, clock: Clock, message_ids: Iterable[int]) -> tuple[Arrival, ...]:
    """Return those of these messages that came in, without those of people whom an agent blocked."""
    return arrivals.arrived(session, message_ids)


def latest(session: Session, clock: Clock) -> int:
    """Return the id of the newest message; 0 when there is none."""
    return messages.newest(session)


def unread_among(session: Session, clock: Clock, contact_ids: Iterable[int]) -> frozenset[int]:
    """Return those of these people who wrote messages that no agent has read yet."""
    return arrivals.unread_among(session, contact_ids)
