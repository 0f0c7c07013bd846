"""The outbox's work, claimed by leases, and the attempts that came of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import ColumnElement, func, or_
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, delete, select, update

from contacts_tui.domain.clock import Clock
from contacts_tui.domain.delivery import Delivery
from contacts_tui.domain.message import Attempt, AttemptOutcome, Message
from contacts_tui.store.instant import Instant
from contacts_tui.store.tables import AttemptRow, ConversationRow, MessageRow, OutboxRow


class Task(StrEnum):
    """What is to be done about a message."""

    SEND = "send"
    SETTLE = "settle"
    """Look for evidence of an unknown outcome."""


@dataclass(frozen=True, slots=True)
class Work:
    """A task that one outbox holds."""

    message_id: int
    inbox_id: int
    task: Task
    tries: int
    """How often it was tried before."""
    interrupted: bool
    """The holder before this one died while it worked on it."""


def put(session: Session, message: Message, task: Task, not_before: datetime) -> None:
    """Gives a task about a message; replaces the one it had."""
    row = session.get(OutboxRow, message.id)
    if row is None:
        conversation = session.get_one(ConversationRow, message.conversation_id)
        row = OutboxRow(
            message_id=message.id,
            conversation_id=message.conversation_id,
            inbox_id=conversation.inbox_id,
            task=task.value,
            not_before=not_before,
        )
    row.task = task.value
    row.tries = 0
    row.not_before = not_before
    row.lease_owner, row.lease_until = "", None
    session.add(row)
    session.flush()


def postpone(session: Session, message_id: int, until: datetime) -> None:
    """Gives the lease back; the same task is tried again from `until` on."""
    row = session.get_one(OutboxRow, message_id)
    row.tries += 1
    row.not_before = until
    row.lease_owner, row.lease_until = "", None
    session.add(row)


def done(session: Session, message_id: int) -> None:
    """Nothing more is to be done about the message."""
    session.exec(delete(OutboxRow).where(col(OutboxRow.message_id) == message_id))


def task_of(session: Session, message_id: int) -> Task | None:
    """What is still to be done about the message."""
    row = session.get(OutboxRow, message_id)
    return None if row is None else Task(row.task)


def is_held(session: Session, clock: Clock, message_id: int) -> bool:
    """Whether some outbox works on the message now."""
    row = session.get(OutboxRow, message_id)
    return row is not None and row.lease_until is not None and row.lease_until > clock()


def claim(session: Session, clock: Clock, owner: str, lease: timedelta, limit: int) -> Sequence[Work]:
    """Takes up to `limit` due tasks that nobody holds, the oldest message of each conversation first.

    A task whose lease ran out belonged to a process that died: it comes back as `interrupted`.
    """
    now = clock()
    due = select(OutboxRow).where(
        OutboxRow.not_before <= now,
        or_(col(OutboxRow.lease_until).is_(None), col(OutboxRow.lease_until) < now),
        _unblocked(),
    )
    rows = list(session.exec(due.order_by(col(OutboxRow.message_id)).limit(limit)))
    works = []
    for row in rows:
        works.append(
            Work(
                message_id=row.message_id,
                inbox_id=row.inbox_id,
                task=Task(row.task),
                tries=row.tries,
                interrupted=bool(row.lease_owner),
            )
        )
        row.lease_owner, row.lease_until = owner, now + lease
        session.add(row)
    session.flush()
    return works


def renew(session: Session, clock: Clock, owner: str, lease: timedelta) -> None:
    """Tells that this outbox is alive."""
    session.exec(update(OutboxRow).where(col(OutboxRow.lease_owner) == owner).values(lease_until=clock() + lease))


def next_due(session: Session) -> datetime | None:
    """When there is something to claim next; None when the outbox is empty."""
    held_until = func.coalesce(OutboxRow.lease_until, OutboxRow.not_before)
    when = func.min(func.max(OutboxRow.not_before, held_until), type_=Instant)
    return session.exec(select(when).where(_unblocked())).one()


def unsent(session: Session, inbox_id: int) -> tuple[int, ...]:
    """The messages of an inbox that wait to be sent and that no outbox works on, in their order."""
    rows = session.exec(
        select(OutboxRow.message_id)
        .join(MessageRow, col(MessageRow.id) == col(OutboxRow.message_id))
        .where(
            OutboxRow.inbox_id == inbox_id,
            OutboxRow.task == Task.SEND.value,
            MessageRow.status == Delivery.QUEUED.value,
        )
        .order_by(col(OutboxRow.message_id))
    )
    return tuple(rows)


def begin_attempt(session: Session, clock: Clock, message_id: int) -> Attempt:
    """Opens the next attempt of a message."""
    last = session.exec(select(func.max(AttemptRow.number)).where(AttemptRow.message_id == message_id)).first()
    row = AttemptRow(
        message_id=message_id,
        number=(last or 0) + 1,
        started_at=clock(),
        outcome=AttemptOutcome.SENDING.value,
    )
    session.add(row)
    session.flush()
    return _attempt(row)


def end_attempt(
    session: Session,
    clock: Clock,
    attempt_id: int,
    outcome: AttemptOutcome,
    *,
    code: str = "",
    detail: str = "",
) -> None:
    """Writes what came of an attempt."""
    row = session.get_one(AttemptRow, attempt_id)
    row.finished_at = clock()
    row.outcome = outcome.value
    row.code, row.detail = code, detail
    session.add(row)


def attempt_named(session: Session, provider_id: str) -> Attempt | None:
    """The attempt that the provider knows under this id, or None."""
    row = session.exec(
        select(AttemptRow).where(AttemptRow.provider_id == provider_id, AttemptRow.provider_id != "")
    ).first()
    return None if row is None else _attempt(row)


def name_attempt(session: Session, attempt_id: int, provider_id: str) -> None:
    """The provider's id of an attempt became known."""
    row = session.get_one(AttemptRow, attempt_id)
    row.provider_id = provider_id
    session.add(row)


def attempts(session: Session, message_id: int) -> tuple[Attempt, ...]:
    """Every try to send a message, the first one first."""
    rows = session.exec(select(AttemptRow).where(AttemptRow.message_id == message_id).order_by(col(AttemptRow.number)))
    return tuple(map(_attempt, rows))


def _unblocked() -> ColumnElement[bool]:
    """A message is sent only when those before it in its conversation were."""
    earlier = aliased(OutboxRow)
    blocked = (
        select(earlier.message_id)
        .where(
            earlier.conversation_id == OutboxRow.conversation_id,
            earlier.message_id < OutboxRow.message_id,
            earlier.task == Task.SEND.value,
        )
        .exists()
    )
    return or_(col(OutboxRow.task) == Task.SETTLE.value, ~blocked)


def _attempt(row: AttemptRow) -> Attempt:
    assert row.id is not None
    return Attempt(
        id=row.id,
        message_id=row.message_id,
        number=row.number,
        started_at=row.started_at,
        finished_at=row.finished_at,
        outcome=AttemptOutcome(row.outcome),
        code=row.code,
        detail=row.detail,
        provider_id=row.provider_id,
    )
