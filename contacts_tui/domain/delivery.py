"""The delivery lattice: a status never goes backwards."""

from collections.abc import Mapping
from enum import StrEnum

from contacts_tui.domain.unknown_values import is_known


class Delivery(StrEnum):
    """Where an outbound message stands."""

    SCHEDULED = "scheduled"
    """Stored, waiting for the time that its writer chose."""
    QUEUED = "queued"
    """Stored, waiting for the outbox."""
    SENDING = "sending"
    """An attempt is under way."""
    SENT = "sent"
    """The provider took it."""
    DELIVERED = "delivered"
    READ = "read"
    FAILED = "failed"
    UNKNOWN = "unknown"
    """The provider may or may not have it; only evidence decides this, never a guess."""


FINAL = frozenset({Delivery.DELIVERED, Delivery.READ, Delivery.FAILED})
"""Statuses whose outcome is known: nothing is waited for (a delivered message may still turn out to be
read)."""

MARKS: Mapping[Delivery, str] = {
    Delivery.SCHEDULED: "◷",
    Delivery.QUEUED: "·",
    Delivery.SENDING: "→",
    Delivery.SENT: "✓",
    Delivery.DELIVERED: "✓✓",
    Delivery.READ: "✓✓",
    Delivery.FAILED: "✗",
    Delivery.UNKNOWN: "?",
}
"""The sign of a status, each character one cell wide. Delivered and read share one: draw the word beside it.
"""

_WORDS = {Delivery.FAILED: "not delivered"}

_RANK = {
    Delivery.SCHEDULED: 0,
    Delivery.QUEUED: 1,
    Delivery.SENDING: 2,
    Delivery.UNKNOWN: 3,
    Delivery.SENT: 4,
    Delivery.DELIVERED: 5,
    Delivery.READ: 6,
}


def mark(status: Delivery) -> str:
    """The sign of a status; nothing for one that this version doesn't know, whose word says it."""
    return MARKS.get(status, "")


def word(status: Delivery) -> str:
    """The status in the words an agent reads."""
    return _WORDS.get(status, status.value)


def advance(current: Delivery, reported: Delivery) -> Delivery:
    """The status after a report about a message that stands at `current`. Reports come in any order.

    The higher rank wins: scheduled, queued, sending, unknown, sent, delivered, read. So sent, delivered and read
    resolve an unknown, and a doubt never hides what is proven. `failed` stands outside the ranks: it resolves
    everything but a proven delivery (delivered, read), and once there no report takes it away, be it a late
    sent or a late delivered.

    Only reports pass here. A new attempt, or going back to the queue after proof that nothing left, is the
    decision of who starts it and not a report.
    """
    if not (is_known(current) and is_known(reported)):
        # Nobody here can say which of the two is further on the way.
        return current
    if Delivery.FAILED in (current, reported):
        return current if current in FINAL else Delivery.FAILED
    return max(current, reported, key=_RANK.__getitem__)
