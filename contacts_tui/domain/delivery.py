"""The delivery lattice: a status never goes backwards."""

from collections.abc import Mapping
from enum import StrEnum

from contacts_tui.domain.unknown_values import is_known


class Delivery(StrEnum):
    """The status of an outbound message."""

    SCHEDULED = "scheduled"
    """Stored, waiting for the time that its writer chose."""
    QUEUED = "queued"
    """Stored, waiting for the outbox."""
    SENDING = "sending"
    """An attempt is under way."""
    SENT = "sent"
    """The provider accepted it."""
    DELIVERED = "delivered"
    READ = "read"
    FAILED = "failed"
    UNKNOWN = "unknown"
    """The provider may or may not have it; only evidence decides, never a guess."""


FINAL = frozenset({Delivery.DELIVERED, Delivery.READ, Delivery.FAILED})
"""Statuses whose outcome is known: no report is awaited (though a delivered message may still be reported
as read)."""

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
"""The mark of a status, each character one cell wide. Delivered and read share one: draw the word beside it."""

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
    """Return the mark of a status; empty for one that this version doesn't know, which is shown by its word."""
    return MARKS.get(status, "")


def word(status: Delivery) -> str:
    """Return a status in the word that an agent reads."""
    return _WORDS.get(status, status.value)


def advance(current: Delivery, reported: Delivery) -> Delivery:
    """Return the status of a message at `current` after a report. Reports come in any order.

    The higher rank wins: scheduled, queued, sending, unknown, sent, delivered, read. So sent, delivered and read
    resolve an unknown, and an unknown never hides a proven status. `failed` is outside the ranks: it replaces
    everything but a proven delivery (delivered, read), and no later report replaces it, neither sent nor
    delivered.

    This is only for reports. A new attempt, or a return to the queue after proof that nothing left, is decided
    by its caller and isn't a report.
    """
    if not (is_known(current) and is_known(reported)):
        # This version can't tell which of the two is further along.
        return current
    if Delivery.FAILED in (current, reported):
        return current if current in FINAL else Delivery.FAILED
    return max(current, reported, key=_RANK.__getitem__)
