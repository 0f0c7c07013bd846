"""What was said in a period: who was answered after how long, and how much came in.

People are found by their latest activity, and their messages by the index of the timeline: older ones aren't read.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import BigInteger, case, func, literal, tuple_, type_coerce
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from contacts_tui.domain.channel import Channel
from contacts_tui.domain.delivery import Delivery
from contacts_tui.domain.message import Direction
from contacts_tui.domain.report import QUARTER, WaitingNow
from contacts_tui.domain.unknown_values import member
from contacts_tui.domain.urgency import State
from contacts_tui.store import sql
from contacts_tui.store.columns import Instant
from contacts_tui.store.message_tables import InboxRow, MessageRow
from contacts_tui.store.people_tables import ContactRow
from contacts_tui.store.queue_tables import QueueRow
from contacts_tui.store.timestamps import NEVER

_QUARTER = QUARTER // timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Answer:
    """A message of ours to a person who waited."""

    at: datetime
    """When it was written."""
    reached_at: datetime
    """When the provider had the answer, by its clock; while that isn't known, when it was written."""
    agent: str
    channel: Channel
    waiting_since: datetime
    """When the person wrote their first unanswered message, by the provider's time."""
    inbox_id: int
    """The inbox where that message came in."""


def _in_period(message: Any) -> tuple[Any, ...]:
    since = sql.param("since", Instant())
    active = select(ContactRow.id).where(col(ContactRow.activity_at) >= since)
    return (message.contact_id.in_(active), message.at >= since, message.at < sql.param("until", Instant()))


def _answers() -> Any:
    answer, first = aliased(MessageRow, name="answer"), aliased(MessageRow, name="first")
    earlier, waiting = aliased(MessageRow, name="earlier"), aliased(MessageRow, name="waiting")
    place = tuple_(col(answer.at), col(answer.id))
    before = (
        sql.query(earlier.at)
        .where(
            earlier.contact_id == answer.contact_id,
            tuple_(col(earlier.at), col(earlier.id)) < place,
            earlier.direction == Direction.OUT.value,
            earlier.status != Delivery.FAILED.value,
        )
        .order_by(col(earlier.at).desc(), col(earlier.id).desc())
        .limit(1)
        .correlate(answer)
        .scalar_subquery()
    )
    waited = (
        sql.query(waiting.id)
        .where(
            waiting.contact_id == answer.contact_id,
            waiting.direction == Direction.IN.value,
            col(waiting.at) > func.coalesce(before, literal(NEVER, Instant())),
            col(waiting.at) <= answer.at,
        )
        .order_by(col(waiting.at), col(waiting.id))
        .limit(1)
        .scalar_subquery()
    )
    return (
        sql.query(
            answer.at,
            func.coalesce(answer.provider_at, answer.at, type_=Instant()),
            answer.author,
            InboxRow.channel,
            first.at,
            first.inbox_id,
        )
        .select_from(answer)
        .join(InboxRow, col(InboxRow.id) == answer.inbox_id)
        .join(first, col(first.id) == waited)
        .where(
            *_in_period(answer),
            answer.direction == Direction.OUT.value,
            answer.status != Delivery.FAILED.value,
        )
    )


def _received() -> Any:
    quarter = (type_coerce(col(MessageRow.at), BigInteger) // _QUARTER).label("quarter")
    return (
        sql.query(type_coerce(quarter * _QUARTER, Instant()), func.count())
        .where(*_in_period(MessageRow), MessageRow.direction == Direction.IN.value)
        .group_by(quarter)
    )


def _waiting(*conditions: Any) -> Any:
    is_late = col(QueueRow.deadline) < sql.param("now", Instant())
    return (
        sql.query(func.count(), func.count(case((is_late, 1))), func.min(QueueRow.waiting_since))
        .select_from(QueueRow)
        .join(ContactRow, col(ContactRow.id) == QueueRow.contact_id)
        .where(QueueRow.state == State.OPEN.value, col(QueueRow.waiting_since).is_not(None), *conditions)
    )


_ANSWERS = sql.statement(_answers)
_RECEIVED = sql.statement(_received)
_WAITING = sql.statement(_waiting)
_WAITING_FOR = sql.statement(lambda: _waiting(ContactRow.owner == sql.param("agent")))


def between(session: Session, since: datetime, until: datetime) -> Iterator[Answer]:
    """Yield the answers written from `since` on and before `until`, in no order. A failed message is no answer."""
    for at, reached_at, agent, channel, waiting_since, inbox_id in sql.each(
        session, _ANSWERS, since=since, until=until
    ):
        yield Answer(at, reached_at, agent, member(Channel, channel), waiting_since, inbox_id)


def received(session: Session, since: datetime, until: datetime) -> dict[datetime, int]:
    """Return how many messages came in, by the beginning of each quarter of an hour in which some did."""
    return dict(sql.several(session, _RECEIVED, since=since, until=until))


def waiting_now(session: Session, now: datetime, agent: str = "") -> WaitingNow:
    """Return how many open people wait, how many are late, and the longest wait: of all, or of an agent's people."""
    found = sql.one(session, _WAITING_FOR if agent else _WAITING, now=now, **({"agent": agent} if agent else {}))
    people, late, first = found
    return WaitingNow(people, late, None if first is None else max(now - first, timedelta()))
