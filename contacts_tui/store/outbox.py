"""The outbox's work, claimed by leases, and the attempts that came of it."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import ColumnElement, func, or_
from sqlalchemy import select as select_columns
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, delete, select, update

from contacts_tui.domain import pace as pacing
from contacts_tui.domain.channel import Channel
from contacts_tui.domain.clock import Clock
from contacts_tui.domain.delivery import Delivery
from contacts_tui.domain.message import Attempt, AttemptOutcome, Message
from contacts_tui.store import pace
from contacts_tui.store.among import ids_among
from contacts_tui.store.instant import Instant
from contacts_tui.store.kept_rows import keep_rows
from contacts_tui.store.tables import (
    AttemptRow,
    ContactRow,
    ConversationRow,
    IdentityRow,
    InboxRow,
    MessageRow,
    OutboxRow,
    PaceRow,
)


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


@dataclass(frozen=True, slots=True)
class Standing:
    """What may change between claiming a message and sending it, and forbid that."""

    opted_out_at: datetime | None
    blocked_at: datetime | None
    refusal_code: str
    closed_by_provider_at: datetime | None
    disconnected_at: datetime | None
    """When the inbox was put aside."""


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


def tries(session: Session, message_id: int) -> int:
    """How often what is to be done about the message was tried in vain."""
    row = session.get(OutboxRow, message_id)
    return 0 if row is None else row.tries


def is_held(session: Session, clock: Clock, message_id: int) -> bool:
    """Whether some outbox works on the message now."""
    row = session.get(OutboxRow, message_id)
    return row is not None and row.lease_until is not None and row.lease_until > clock()


def claim(
    session: Session, clock: Clock, owner: str, lease: timedelta, limit: int, held: Mapping[int, int]
) -> Sequence[Work]:
    """Takes up to `limit` due tasks that nobody holds, as far as their senders' pace allows.

    Those of an inbox are taken by age, the oldest message of each conversation first. Inboxes share the places evenly:
    `held` says how many each has already. A task whose lease ran out belonged to a process that died: it comes back
    as `interrupted`.
    """
    now = clock()
    pace.forget_chats(session, now)
    rows = _due(session, now, limit, held)
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
    _note_begun(session, now, rows)
    session.flush()
    return works


def read_ahead(session: Session, message_ids: Iterable[int]) -> None:
    """Reads all that handing on these messages needs in one query, and keeps it for this transaction."""
    keep_rows(session)
    session.execute(
        select_columns(MessageRow, ConversationRow, IdentityRow, ContactRow, InboxRow)
        .join(ConversationRow, col(ConversationRow.id) == MessageRow.conversation_id)
        .join(IdentityRow, col(IdentityRow.id) == ConversationRow.identity_id)
        .join(ContactRow, col(ContactRow.id) == MessageRow.contact_id)
        .join(InboxRow, col(InboxRow.id) == MessageRow.inbox_id)
        .where(col(MessageRow.id).in_(ids_among(message_ids)))
    ).all()


def standings(session: Session, message_ids: Iterable[int]) -> dict[int, Standing]:
    """How the recipients of these messages stand to us now."""
    rows = session.execute(
        select_columns(
            col(MessageRow.id),
            col(IdentityRow.opted_out_at),
            col(IdentityRow.blocked_at),
            col(IdentityRow.refusal_code),
            col(ConversationRow.closed_by_provider_at),
            col(InboxRow.disconnected_at),
        )
        .join(ConversationRow, col(ConversationRow.id) == MessageRow.conversation_id)
        .join(IdentityRow, col(IdentityRow.id) == ConversationRow.identity_id)
        .join(InboxRow, col(InboxRow.id) == MessageRow.inbox_id)
        .where(col(MessageRow.id).in_(ids_among(message_ids)))
    )
    return {message_id: Standing(*facts) for message_id, *facts in rows}


def is_due(session: Session, clock: Clock) -> bool:
    """Whether there is something to claim now."""
    return bool(_due(session, clock(), 1, {}))


def renew(session: Session, clock: Clock, owner: str, message_ids: Iterable[int], lease: timedelta) -> None:
    """Tells that this outbox is alive and still works on these messages."""
    held = (col(OutboxRow.lease_owner) == owner, col(OutboxRow.message_id).in_(ids_among(message_ids)))
    session.exec(update(OutboxRow).where(*held).values(lease_until=clock() + lease))


def next_due(session: Session, clock: Clock) -> datetime | None:
    """When there may be something to claim that can't be claimed now; None when nothing waits for a time."""
    now = clock()
    times = (
        session.exec(select(func.min(OutboxRow.not_before, type_=Instant)).where(OutboxRow.not_before > now)).one(),
        session.exec(
            select(func.min(OutboxRow.lease_until, type_=Instant)).where(col(OutboxRow.lease_until) >= now)
        ).one(),
        pace.next_free(session, now),
    )
    return min((at for at in times if at is not None), default=None)


def due_at(session: Session, message_id: int) -> datetime | None:
    """Before when the message is not sent: its own wait or its sender's; None when it doesn't wait to be sent."""
    row = session.get(OutboxRow, message_id)
    if row is None or row.task != Task.SEND.value:
        return None
    return max(
        row.not_before,
        pace.free_at(session, row.inbox_id),
        pace.free_at(session, row.inbox_id, row.conversation_id),
    )


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


MAY_HAVE_LEFT = (AttemptOutcome.SENDING, AttemptOutcome.UNKNOWN, AttemptOutcome.ACCEPTED)
"""Outcomes of a try that the provider may have taken."""


def attempt_named(session: Session, provider_id: str) -> Attempt | None:
    """The attempt that the provider knows under this id, or None."""
    row = session.exec(
        select(AttemptRow).where(AttemptRow.provider_id == provider_id, AttemptRow.provider_id != "")
    ).first()
    return None if row is None else _attempt(row)


def has_twin_in_doubt(session: Session, message_id: int, since: datetime) -> bool:
    """Whether another message of the conversation has the same text, and a try since then of which no id is known."""
    message, twin = aliased(MessageRow), aliased(MessageRow)
    query = (
        select(AttemptRow.id)
        .join(twin, col(twin.id) == AttemptRow.message_id)
        .join(message, (col(message.conversation_id) == twin.conversation_id) & (col(message.body) == twin.body))
        .where(
            message.id == message_id,
            twin.id != message_id,
            AttemptRow.provider_id == "",
            col(AttemptRow.outcome).in_([outcome.value for outcome in MAY_HAVE_LEFT]),
            AttemptRow.started_at >= since,
        )
    )
    return session.exec(query.limit(1)).first() is not None


def name_attempt(session: Session, attempt_id: int, provider_id: str) -> None:
    """The provider's id of an attempt became known."""
    row = session.get_one(AttemptRow, attempt_id)
    row.provider_id = provider_id
    session.add(row)


def attempts(session: Session, message_id: int) -> tuple[Attempt, ...]:
    """Every try to send a message, the first one first."""
    rows = session.exec(select(AttemptRow).where(AttemptRow.message_id == message_id).order_by(col(AttemptRow.number)))
    return tuple(map(_attempt, rows))


def _due(session: Session, now: datetime, limit: int, held: Mapping[int, int]) -> list[OutboxRow]:
    """What may be claimed: of each inbox the oldest, of all inboxes those that have got least so far."""
    found: list[tuple[int, int, OutboxRow]] = []
    for inbox_id, channel in session.exec(select(InboxRow.id, InboxRow.channel).where(_has_work())).all():
        assert inbox_id is not None
        room = min(limit, pacing.room(Channel(channel), pace.free_at(session, inbox_id), now))
        sends = _claimable(session, now, inbox_id, Task.SEND, room)
        rows = [*_claimable(session, now, inbox_id, Task.SETTLE, limit), *sends]
        found += ((held.get(inbox_id, 0) + place, row.message_id, row) for place, row in enumerate(rows))
    found.sort(key=lambda entry: entry[:2])
    return [row for _, _, row in found[:limit]]


def _has_work() -> ColumnElement[bool]:
    return select(OutboxRow.message_id).where(OutboxRow.inbox_id == InboxRow.id).exists()


def _claimable(session: Session, now: datetime, inbox_id: int, task: Task, limit: int) -> Sequence[OutboxRow]:
    """The oldest tasks of one kind of an inbox that are due, held by nobody, and not held back by an earlier one."""
    if not limit:
        return ()
    query = select(OutboxRow).where(
        OutboxRow.inbox_id == inbox_id,
        OutboxRow.task == task.value,
        OutboxRow.not_before <= now,
        or_(col(OutboxRow.lease_until).is_(None), col(OutboxRow.lease_until) < now),
    )
    if task is Task.SEND:
        query = query.where(_is_next_of_its_conversation(), _chat_is_free(now))
    return session.exec(query.order_by(col(OutboxRow.message_id)).limit(limit)).all()


def _is_next_of_its_conversation() -> ColumnElement[bool]:
    """A message is sent only when those before it in its conversation were."""
    earlier = aliased(OutboxRow)
    return ~(
        select(earlier.message_id)
        .where(
            earlier.conversation_id == OutboxRow.conversation_id,
            earlier.message_id < OutboxRow.message_id,
            earlier.task == Task.SEND.value,
        )
        .exists()
    )


def _chat_is_free(now: datetime) -> ColumnElement[bool]:
    """Whether its channel lets us write to this person again."""
    return ~(
        select(PaceRow.inbox_id)
        .where(
            PaceRow.inbox_id == OutboxRow.inbox_id,
            PaceRow.conversation_id == OutboxRow.conversation_id,
            PaceRow.free_at > now,
        )
        .exists()
    )


def _note_begun(session: Session, now: datetime, rows: Iterable[OutboxRow]) -> None:
    """Counts the messages that begin now against the pace of their senders."""
    begun = [row for row in rows if row.task == Task.SEND.value]
    for inbox_id, count in Counter(row.inbox_id for row in begun).items():
        channel = Channel(session.get_one(InboxRow, inbox_id).channel)
        free = pacing.after(channel, pace.free_at(session, inbox_id), now, count)
        pace.hold(session, inbox_id, free)
        if channel in pacing.CHAT_INTERVALS:
            until = now + pacing.CHAT_INTERVALS[channel]
            for row in begun:
                if row.inbox_id == inbox_id:
                    pace.hold(session, inbox_id, until, row.conversation_id)


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
