"""How messages stand between their claim and their request: what forbids them to leave, and whose they are."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from contacts_tui.domain.clock import Clock, furthest
from contacts_tui.domain.delivery import Delivery
from contacts_tui.store import sql
from contacts_tui.store.outbox import LEASE, Task


@dataclass(frozen=True, slots=True)
class Standing:
    """What may change between claiming a message and sending it, and forbid that."""

    opted_out_at: datetime | None
    blocked_at: datetime | None
    refusal_code: str
    stop_asked_at: datetime | None
    """When they wrote what reads like a wish to stop that no agent has seen."""
    closed_by_provider_at: datetime | None
    disconnected_at: datetime | None
    """When the inbox was put aside."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a message stands right before its request."""

    standing: Standing
    attempt_id: int | None
    """Its last attempt; None unless that is being sent under a lease of the outbox that asks."""


_STANDING = "message.id, opted_out_at, blocked_at, refusal_code, stop_asked_at, closed_by_provider_at, disconnected_at"
_OF_MESSAGES = """
    FROM message
    JOIN conversation ON conversation.id = message.conversation_id
    JOIN identity ON identity.id = conversation.identity_id
    JOIN inbox ON inbox.id = message.inbox_id
"""
_AMONG = "WHERE message.id IN (SELECT value FROM json_each(:ids))"
_STANDINGS = f"SELECT {_STANDING} {_OF_MESSAGES} {_AMONG}"
_PLACES = f"""
    SELECT {_STANDING},
        CASE WHEN message.status = :sending AND outbox.task = :task
            AND outbox.lease_owner = :owner AND outbox.lease_until > :now AND outbox.lease_until <= :furthest
        THEN (SELECT attempt.id FROM attempt WHERE attempt.message_id = message.id ORDER BY number DESC LIMIT 1) END
    {_OF_MESSAGES} LEFT JOIN outbox ON outbox.message_id = message.id {_AMONG}
"""


def of_messages(session: Session, message_ids: Iterable[int]) -> dict[int, Standing]:
    """How the recipients of these messages stand to us now."""
    found = sql.several(session, _STANDINGS, ids=sql.among(message_ids))
    return {message_id: _standing(*standing) for message_id, *standing in found}


def places(session: Session, clock: Clock, owner: str, message_ids: Iterable[int]) -> dict[int, Place]:
    """How these messages stand, and which of their attempts this outbox is sending under a lease that it holds."""
    found = sql.several(
        session,
        _PLACES,
        ids=sql.among(message_ids),
        sending=Delivery.SENDING.value,
        task=Task.SEND.value,
        owner=owner,
        now=sql.stored(clock()),
        furthest=sql.stored(furthest(clock(), LEASE)),
    )
    return {message_id: Place(_standing(*standing), attempt) for message_id, *standing, attempt in found}


def _standing(
    opted: int | None, blocked: int | None, code: str, asked: int | None, closed: int | None, aside: int | None
) -> Standing:
    opted_out_at, blocked_at, stop_asked_at = map(sql.read, (opted, blocked, asked))
    return Standing(opted_out_at, blocked_at, code, stop_asked_at, sql.read(closed), sql.read(aside))
