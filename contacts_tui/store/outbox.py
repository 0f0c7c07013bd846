"""The outbox's work, claimed by leases, and the attempts that came of it."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from contacts_tui.domain import rate_limits as pacing
from contacts_tui.domain.channel import Provider
from contacts_tui.domain.clock import Clock, furthest, is_over
from contacts_tui.domain.delivery import Delivery
from contacts_tui.domain.limits import Limits
from contacts_tui.domain.message import Attempt, AttemptOutcome, Message
from contacts_tui.domain.unknown_values import member
from contacts_tui.store import rate_limits, sql
from contacts_tui.store.message_tables import AttemptRow, MessageRow
from contacts_tui.store.process_tables import OutboxRow
from contacts_tui.store.timestamps import moment

LEASE = timedelta(seconds=12)
"""How long a silent outbox keeps its work. Renewed three times as often."""
LONGEST_SETTLE_WAIT = timedelta(minutes=30)
"""The longest pause between two looks for evidence."""


class Task(StrEnum):
    """What is to be done about a message."""

    SEND = "send"
    SETTLE = "settle"
    """Look for evidence of an unknown outcome."""


@dataclass(frozen=True, slots=True)
class Work:
    """A task that one outbox holds."""

    message_id: int
    conversation_id: int
    inbox_id: int
    task: Task


_PUT = """
    INSERT INTO outbox (message_id, conversation_id, inbox_id, task, tries, not_before, lease_owner, lease_until)
    SELECT id, conversation_id, inbox_id, :task, 0, :due, '', NULL FROM message WHERE id = :message
    ON CONFLICT (message_id) DO UPDATE SET
        task = excluded.task, tries = 0, not_before = excluded.not_before, lease_owner = '', lease_until = NULL
"""
_POSTPONE = (
    "UPDATE outbox SET tries = tries + 1, not_before = ?, lease_owner = '', lease_until = NULL WHERE message_id = ?"
)
_OLDEST_DUE = "SELECT min(not_before), count(*) FROM outbox WHERE task = ? AND not_before <= ? AND lease_owner = ''"
_DONE = "DELETE FROM outbox WHERE message_id = ?"
_CLAIM = "UPDATE outbox SET lease_owner = ?, lease_until = ? WHERE message_id IN (SELECT value FROM json_each(?))"
_RENEW = "UPDATE outbox SET lease_until = ? WHERE lease_owner = ? AND message_id IN (SELECT value FROM json_each(?))"
_WAITING_FOR = (
    "SELECT min(not_before) FROM outbox WHERE not_before > ?",
    "SELECT min(lease_until) FROM outbox WHERE lease_until >= ?",
)
_WITH_WORK = (
    "SELECT id, channel, provider FROM inbox WHERE EXISTS (SELECT 1 FROM outbox WHERE outbox.inbox_id = inbox.id)"
)
# A time that was set by a clock which has been set back since holds nothing up: see `domain.clock`. That of a first try
# was set as it is; that of a further one, or of a look for evidence, when the last attempt ended.
_IS_TIME = """(
    work.not_before <= :now
    OR work.not_before > :settled_by
    OR :present < iif(
        work.tries = 0 AND work.task = 'send',
        work.not_before,
        (SELECT max(attempt.finished_at) FROM attempt WHERE attempt.message_id = work.message_id)
    )
)"""
_DUE = f"""
    SELECT message_id, conversation_id FROM outbox AS work
    WHERE inbox_id = :inbox AND task = :task AND {_IS_TIME}
        AND (lease_until IS NULL OR lease_until < :now OR lease_until > :leased_by)
        AND message_id NOT IN (SELECT value FROM json_each(:busy))
"""
_OLDEST = "ORDER BY message_id LIMIT :limit"
_CLAIMABLE = {
    Task.SETTLE: f"{_DUE} {_OLDEST}",
    # A message is sent only when those before it in its conversation were, and its channel lets us write to this
    # person again.
    Task.SEND: f"""{_DUE}
        AND NOT EXISTS (
            SELECT 1 FROM outbox AS earlier
            WHERE earlier.conversation_id = work.conversation_id AND earlier.message_id < work.message_id
                AND earlier.task = :task
        )
        AND NOT EXISTS (
            SELECT 1 FROM pace
            WHERE pace.inbox_id = :inbox AND pace.conversation_id = work.conversation_id
                AND pace.free_at > :now AND pace.free_at <= :chat_by
        )
        {_OLDEST}""",
}
_BEGIN = """
    INSERT INTO attempt (message_id, number, started_at, outcome, code, detail, provider_id, provider)
    SELECT :message, coalesce(max(number), 0) + 1, :now, :outcome, '', '', '',
        (SELECT provider FROM inbox WHERE id = (SELECT inbox_id FROM message WHERE id = :message))
    FROM attempt WHERE message_id = :message
    RETURNING id, number, provider
"""
_CARRY = "UPDATE message SET provider = :provider WHERE id = :message AND provider <> :provider"
_END = "UPDATE attempt SET finished_at = ?, outcome = ?, code = ?, detail = ? WHERE id = ?"
_NAME = "UPDATE attempt SET provider_id = ? WHERE id = ?"
_ATTEMPTS = (
    "SELECT id, message_id, number, started_at, finished_at, outcome, code, detail, provider_id, provider FROM attempt "
)
_OF_MESSAGE = f"{_ATTEMPTS} WHERE message_id = ? ORDER BY number"
# Providers' ids are their own inbox's: chats of two bots have the same ones.
_NAMED = f"""
    {_ATTEMPTS} WHERE provider_id = ? AND provider_id <> ''
        AND (SELECT inbox_id FROM message WHERE message.id = attempt.message_id) = ?
    ORDER BY id LIMIT 1
"""
_NAMED_ELSEWHERE = """
    SELECT 1 FROM attempt JOIN message ON message.id = attempt.message_id JOIN inbox ON inbox.id = message.inbox_id
    WHERE attempt.provider_id = :provider_id AND attempt.message_id <> :message
        AND (attempt.provider, inbox.account) = (
            SELECT message.provider, inbox.account FROM message JOIN inbox ON inbox.id = message.inbox_id
            WHERE message.id = :message
        )
    LIMIT 1
"""


def put(session: Session, message: Message, task: Task, not_before: datetime) -> None:
    """Gives a task about a message; replaces the one it had."""
    sql.write(session, _PUT, message=message.id, task=task.value, due=sql.stored(not_before))


def postpone(session: Session, message_id: int, until: datetime) -> None:
    """Gives the lease back; the same task is tried again from `until` on."""
    sql.write(session, _POSTPONE, sql.stored(until), message_id)


def done(session: Session, message_id: int) -> None:
    """Nothing more is to be done about the message."""
    sql.write(session, _DONE, message_id)


def task_of(session: Session, message_id: int) -> Task | None:
    """What is still to be done about the message."""
    row = sql.one(session, "SELECT task FROM outbox WHERE message_id = ?", message_id)
    return None if row is None else member(Task, row[0])


def tries(session: Session, message_id: int) -> int:
    """How often what is to be done about the message was tried in vain."""
    row = sql.one(session, "SELECT tries FROM outbox WHERE message_id = ?", message_id)
    return 0 if row is None else int(row[0])


def is_held(session: Session, clock: Clock, message_id: int) -> bool:
    """Whether some outbox works on the message now."""
    row = sql.one(session, "SELECT lease_until FROM outbox WHERE message_id = ?", message_id)
    return row is not None and row[0] is not None and not is_over(moment(row[0]), clock(), LEASE)


Carried = Mapping[tuple[str, str], Limits]
"""What each connector of this program takes, by provider and channel. What goes by others is left alone: a newer
program on this store hands it on."""


def claim(
    session: Session,
    clock: Clock,
    carried: Carried,
    owner: str,
    limit: int,
    held: Mapping[int, int],
    busy: Collection[int],
) -> Sequence[Work]:
    """Takes up to `limit` due tasks that nobody holds, as far as their senders' pace allows.

    Those of an inbox are taken by age, the oldest message of each conversation first. Inboxes share the places evenly:
    `held` says how many each has already. A task whose lease ran out belonged to a process that died; `busy` are those
    that the owner itself is at work on, whatever became of their leases.
    """
    now = clock()
    rate_limits.forget(session, now)
    works = _due(session, now, carried, limit, held, busy)
    if works:
        sql.write(session, _CLAIM, owner, sql.stored(now + LEASE), sql.among(work.message_id for work in works))
        _note_begun(session, now, carried, works)
    return works


def is_due(session: Session, clock: Clock, carried: Carried, busy: Collection[int] = ()) -> bool:
    """Whether there is something to claim now, besides what its owner is `busy` with."""
    return bool(_due(session, clock(), carried, 1, {}, busy))


def renew(session: Session, clock: Clock, owner: str, message_ids: Iterable[int]) -> None:
    """Tells that this outbox is alive and still works on these messages."""
    sql.write(session, _RENEW, sql.stored(clock() + LEASE), owner, sql.among(message_ids))


def next_due(session: Session, clock: Clock) -> datetime | None:
    """When there may be something to claim that can't be claimed now; None when nothing waits for a time."""
    now = clock()
    times = [sql.read(sql.one(session, query, sql.stored(now))[0]) for query in _WAITING_FOR]
    times.append(rate_limits.next_free(session, now))
    return min((at for at in times if at is not None), default=None)


def due_at(session: Session, clock: Clock, message_id: int) -> datetime | None:
    """Before when the message is not sent: its own wait or its sender's; None when it doesn't wait to be sent."""
    now = clock()
    waits = f"""
        SELECT iif({_IS_TIME}, min(not_before, :now), not_before), inbox_id, conversation_id FROM outbox AS work
        WHERE message_id = :message AND task = :task
    """
    rows = sql.several(session, waits, message=message_id, task=Task.SEND.value, **_moments(now))
    for not_before, inbox_id, conversation_id in rows:
        chat = rate_limits.chat_free_at(session, now, inbox_id, conversation_id)
        return max(moment(not_before), rate_limits.free_at(session, now, inbox_id), chat)
    return None


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
    now, outcome = clock(), AttemptOutcome.SENDING
    opened = sql.write(session, _BEGIN, message=message_id, now=sql.stored(now), outcome=outcome.value)
    attempt_id, number, name = opened.fetchone()
    sql.write(session, _CARRY, provider=name, message=message_id)
    return Attempt(attempt_id, message_id, number, now, None, outcome, "", "", "", member(Provider, name))


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
    sql.write(session, _END, sql.stored(clock()), outcome.value, code, detail, attempt_id)


MAY_HAVE_LEFT = (AttemptOutcome.SENDING, AttemptOutcome.UNKNOWN, AttemptOutcome.ACCEPTED)
"""Outcomes of a try that the provider may have taken."""


def attempt_named(session: Session, inbox_id: int, provider_id: str) -> Attempt | None:
    """The attempt from this inbox that the provider knows under this id, or None."""
    row = sql.one(session, _NAMED, provider_id, inbox_id)
    return None if row is None else _attempt(row)


def is_named_otherwise(session: Session, message_id: int, provider_id: str) -> bool:
    """Whether the provider's id is that of another message of ours: from any inbox of the same account, for a list of
    its messages may be that of several senders."""
    found = sql.several(session, _NAMED_ELSEWHERE, provider_id=provider_id, message=message_id)
    return bool(found)


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
    sql.write(session, _NAME, provider_id, attempt_id)


def attempts(session: Session, message_id: int) -> tuple[Attempt, ...]:
    """Every try to send a message, the first one first."""
    return tuple(map(_attempt, sql.several(session, _OF_MESSAGE, message_id)))


def _due(
    session: Session, now: datetime, carried: Carried, limit: int, held: Mapping[int, int], busy: Collection[int]
) -> list[Work]:
    """What may be claimed: of each inbox the oldest, of all inboxes those that have got least so far."""
    found: list[tuple[int, int, Work]] = []
    for inbox_id, channel, provider in sql.several(session, _WITH_WORK):
        if (limits := carried.get((provider, channel))) is None:
            continue  # A newer program on this store hands these on.
        room = min(limit, pacing.room(limits, rate_limits.free_at(session, now, inbox_id), now))
        works = [
            *_claimable(session, now, inbox_id, Task.SETTLE, limit, busy),
            *_claimable(session, now, inbox_id, Task.SEND, room, busy),
        ]
        found += ((held.get(inbox_id, 0) + place, work.message_id, work) for place, work in enumerate(works))
    found.sort(key=lambda entry: entry[:2])
    return [work for _, _, work in found[:limit]]


def _claimable(
    session: Session, now: datetime, inbox_id: int, task: Task, limit: int, busy: Collection[int]
) -> Iterable[Work]:
    """The oldest tasks of one kind of an inbox that are due, held by nobody, and not held back by an earlier one."""
    rows = sql.several(
        session,
        _CLAIMABLE[task],
        inbox=inbox_id,
        task=task.value,
        limit=limit,
        busy=sql.among(busy),
        **_moments(now),
    )
    return (Work(message_id, conversation_id, inbox_id, task) for message_id, conversation_id in rows)


def _moments(now: datetime) -> dict[str, int | None]:
    """The present, and how far ahead each kind of time can have been set."""
    return {
        "now": sql.stored(now),
        "present": sql.stored(furthest(now, timedelta())),
        "settled_by": sql.stored(furthest(now, max(LONGEST_SETTLE_WAIT, pacing.LONGEST_ASKED_WAIT))),
        "leased_by": sql.stored(furthest(now, LEASE)),
        "chat_by": sql.stored(furthest(now, pacing.LONGEST_CHAT_WAIT)),
    }


def _note_begun(session: Session, now: datetime, carried: Carried, works: Iterable[Work]) -> None:
    """Counts the messages that begin now against the pace of their senders."""
    begun = [work for work in works if work.task is Task.SEND]
    for inbox_id, count in Counter(work.inbox_id for work in begun).items():
        provider, channel = sql.one(session, "SELECT provider, channel FROM inbox WHERE id = ?", inbox_id)
        limits = carried[provider, channel]
        free_at = rate_limits.free_at(session, now, inbox_id)
        rate_limits.hold(session, now, inbox_id, pacing.after(limits, free_at, now, count))
        if limits.chat_interval:
            until = now + limits.chat_interval
            for work in begun:
                if work.inbox_id == inbox_id:
                    rate_limits.hold(session, now, inbox_id, until, work.conversation_id)


def _attempt(row: tuple[Any, ...]) -> Attempt:
    ident, message_id, number, started_at, finished_at, outcome, code, detail, provider_id, provider = row
    return Attempt(
        id=ident,
        message_id=message_id,
        number=number,
        started_at=moment(started_at),
        finished_at=sql.read(finished_at),
        outcome=member(AttemptOutcome, outcome),
        code=code,
        detail=detail,
        provider_id=provider_id,
        provider=member(Provider, provider),
    )


def oldest_due(session: Session, now: datetime) -> tuple[datetime | None, int]:
    """Since when the message has been due that waits longest for its turn, and how many are."""
    row = sql.one(session, _OLDEST_DUE, Task.SEND.value, sql.stored(now))
    return sql.read(row[0]), int(row[1])


def unknowns(session: Session) -> int:
    """How many messages nobody knows the outcome of."""
    return int(sql.one(session, "SELECT count(*) FROM message WHERE status = 'unknown'")[0])
