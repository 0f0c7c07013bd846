"""The state of messages between claim and request: what forbids sending them, and which outbox sends them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Self

from sqlalchemy import Integer, case
from sqlmodel import Session, col

from contacts_tui.domain.clock import Clock, furthest
from contacts_tui.domain.delivery import Delivery
from contacts_tui.store import sql
from contacts_tui.store.message_tables import AttemptRow, ConversationRow, InboxRow, MessageRow
from contacts_tui.store.outbox import LEASE, Task
from contacts_tui.store.pairs import Pair
from contacts_tui.store.people_tables import IdentityRow
from contacts_tui.store.process_tables import OutboxRow


@dataclass(frozen=True, slots=True)
class Standing:
    """What may change between claiming a message and sending it, and then forbid to send it."""

    opted_out_at: datetime | None
    blocked_at: datetime | None
    refusal_code: str
    stop_asked_at: datetime | None
    """When they wrote what reads like a wish to stop; None when there is none that no agent has seen yet."""
    closed_by_provider_at: datetime | None
    disconnected_at: datetime | None
    """When the inbox was disconnected."""

    @classmethod
    def of(cls, pair: Pair) -> Self:
        """Return the standing between an identity and an inbox."""
        return cls(
            pair.identity.opted_out_at,
            pair.identity.blocked_at,
            pair.identity.refusal_code,
            pair.identity.stop_asked_at,
            None if pair.conversation is None else pair.conversation.closed_by_provider_at,
            pair.inbox.disconnected_at,
        )


@dataclass(frozen=True, slots=True)
class Place:
    """The state of a message right before its request to the provider."""

    standing: Standing
    attempt_id: int | None
    """The id of its last attempt; None unless that is being sent under a lease of the outbox that asks."""


_STANDING = (
    MessageRow.id,
    IdentityRow.opted_out_at,
    IdentityRow.blocked_at,
    IdentityRow.refusal_code,
    IdentityRow.stop_asked_at,
    ConversationRow.closed_by_provider_at,
    InboxRow.disconnected_at,
)


def _places() -> Any:
    attempt = (
        sql.query(AttemptRow.id)
        .where(AttemptRow.message_id == MessageRow.id)
        .order_by(col(AttemptRow.number).desc())
        .limit(1)
    )
    is_ours = (
        (col(MessageRow.status) == Delivery.SENDING.value)
        & (col(OutboxRow.task) == Task.SEND.value)
        & (col(OutboxRow.lease_owner) == sql.param("owner"))
        & (col(OutboxRow.lease_until) > sql.param("now"))
        & (col(OutboxRow.lease_until) <= sql.param("furthest"))
    )
    return (
        sql.query(*_STANDING, case((is_ours, attempt.scalar_subquery())))
        .select_from(MessageRow)
        .join(ConversationRow, col(ConversationRow.id) == MessageRow.conversation_id)
        .join(IdentityRow, col(IdentityRow.id) == ConversationRow.identity_id)
        .join(InboxRow, col(InboxRow.id) == MessageRow.inbox_id)
        .join(OutboxRow, col(OutboxRow.message_id) == MessageRow.id, isouter=True)
        .where(col(MessageRow.id).in_(sql.members("ids", Integer())))
    )


_PLACES = sql.statement(_places)


def places(session: Session, clock: Clock, owner: str, message_ids: Iterable[int]) -> dict[int, Place]:
    """Return, by the message's id, how these messages stand and which attempts this outbox is sending under a lease."""
    now = clock()
    found = sql.several(session, _PLACES, ids=message_ids, owner=owner, now=now, furthest=furthest(now, LEASE))
    return {message_id: Place(Standing(*standing), attempt) for message_id, *standing, attempt in found}
