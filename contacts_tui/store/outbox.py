"""The outbox: what is to be done about messages, as tasks that processes claim by leases."""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import String, case, func, literal, null, or_
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from contacts_tui.domain import rate_limits as pacing
from contacts_tui.domain.clock import Clock, furthest, is_over
from contacts_tui.domain.delivery import Delivery
from contacts_tui.domain.limits import Limits
from contacts_tui.domain.message import LONGEST_HOLD
from contacts_tui.domain.unknown_values import member
from contacts_tui.store import rate_limits, sql
from contacts_tui.store.columns import Instant
from contacts_tui.store.message_tables import AttemptRow, InboxRow, MessageRow
from contacts_tui.store.process_tables import OutboxRow, PaceRow
from contacts_tui.store.timestamps import NEVER

LEASE = timedelta(seconds=12)
"""How long an outbox keeps its tasks without a sign of life. Leases are renewed three times as often."""
LONGEST_RECONCILE_WAIT = timedelta(minutes=30)
"""The longest pause between two searches for evidence of an unknown outcome."""


class Task(StrEnum):
    """What is to be done about a message."""

    SEND = "send"
    RECONCILE = "settle"
    """Look for evidence of an unknown outcome."""
    SCHEDULED = "scheduled"
    """Wait for the time that the message's writer chose; it is to be sent then."""


@dataclass(frozen=True, slots=True)
class Work:
    """A task that one outbox holds."""

    message_id: int
    conversation_id: int
    inbox_id: int
    task: Task


def _is_time() -> Any:
    """Return the condition that the time has come that a task waits for.

    A time that was set by a clock which has been set back since holds nothing up: see `domain.clock`. Such a time shows
    by itself; for a further try, or a search for evidence, the end of the last attempt shows it too.
    """
    due = col(OutboxRow.not_before)
    is_first_try = (col(OutboxRow.tries) == 0) & (col(OutboxRow.task) == Task.SEND.value)
    ended = sql.query(func.max(AttemptRow.finished_at)).where(AttemptRow.message_id == OutboxRow.message_id)
    return or_(
        due <= sql.param("now"),
        due > sql.param("reconciled_by"),
        sql.param("present", Instant()) < case((is_first_try, due), else_=ended.scalar_subquery()),
    )


def _put(insert: Callable[..., Any]) -> Any:
    names = ("message_id", "conversation_id", "inbox_id", "task", "not_before", "tries", "lease_owner")
    place = (MessageRow.id, MessageRow.conversation_id, MessageRow.inbox_id)
    given = (sql.param("task", String()), sql.param("not_before", Instant()), literal(0), literal(""))
    of_message = sql.query(*place, *given).where(MessageRow.id == sql.param("message"))
    put = insert(OutboxRow).from_select(names, of_message, include_defaults=False)
    changed = {name: put.excluded[name] for name in (*names[len(place) :], "lease_until")}
    return put.on_conflict_do_update(index_elements=[col(OutboxRow.message_id)], set_=changed)


def _claimable(*conditions: Any) -> sql.Statement:
    """Return the query of an inbox's tasks that are due, held by no outbox, and meet these conditions, oldest first."""
    held_until = col(OutboxRow.lease_until)
    is_free = or_(held_until.is_(None), held_until < sql.param("now"), held_until > sql.param("leased_by"))
    return sql.lookup(
        OutboxRow,
        ("inbox_id", "task"),
        "message_id",
        "conversation_id",
        where=[_is_time(), is_free, ~sql.among(OutboxRow.message_id, "busy"), *conditions],
        order="message_id",
        limit="limit",
    )


def _claimable_messages() -> sql.Statement:
    """Return the query of messages that no earlier one of their thread, and no pause between two, holds back."""
    earlier = aliased(OutboxRow)
    waits_for_another = sql.query(earlier.message_id).where(
        earlier.conversation_id == OutboxRow.conversation_id,
        earlier.message_id < OutboxRow.message_id,
        earlier.task == sql.param("task"),
    )
    chat_waits = sql.query(PaceRow.free_at).where(
        PaceRow.inbox_id == sql.param("inbox_id"),
        PaceRow.conversation_id == OutboxRow.conversation_id,
        PaceRow.free_at > sql.param("now"),
        PaceRow.free_at <= sql.param("chat_by"),
    )
    return _claimable(~waits_for_another.exists(), ~chat_waits.exists())


_PUT = sql.upsert(_put)
_POSTPONE = sql.change(
    OutboxRow, "message_id", "not_before", tries=OutboxRow.tries + 1, lease_owner="", lease_until=null()
)
_DONE = sql.removal(OutboxRow, "message_id")
_ROW = sql.lookup(OutboxRow, "message_id", "task", "tries", "lease_until")
_CLAIM = sql.change(OutboxRow, (), "lease_owner", "lease_until", where=[sql.among(OutboxRow.message_id, "ids")])
_RENEW = sql.change(OutboxRow, "lease_owner", "lease_until", where=[sql.among(OutboxRow.message_id, "ids")])
_NEXT_DUE = sql.lookup(OutboxRow, (), func.min(OutboxRow.not_before), where=[OutboxRow.not_before > sql.param("now")])
_NEXT_FREE = sql.lookup(
    OutboxRow, (), func.min(OutboxRow.lease_until), where=[col(OutboxRow.lease_until) >= sql.param("now")]
)
_OF_INBOX = sql.query(OutboxRow.message_id).where(OutboxRow.inbox_id == InboxRow.id)
_HAS_UNKNOWNS = _OF_INBOX.where(OutboxRow.task == Task.RECONCILE.value).exists()
_WITH_WORK = sql.lookup(InboxRow, (), "id", "provider", "channel", _HAS_UNKNOWNS, where=[_OF_INBOX.exists()])
_CLAIMABLE = {Task.RECONCILE: _claimable(), Task.SEND: _claimable_messages()}
_DUE_AT = sql.lookup(OutboxRow, ("message_id", "task"), "not_before", _is_time(), "inbox_id", "conversation_id")
_OLDEST_DUE = sql.lookup(
    OutboxRow,
    ("task", "lease_owner"),
    func.min(OutboxRow.not_before),
    func.count(),
    where=[OutboxRow.not_before <= sql.param("now")],
)
_IS_QUEUED = sql.query(MessageRow.id).where(
    MessageRow.id == OutboxRow.message_id, MessageRow.status == Delivery.QUEUED.value
)
_RETRACTABLE = sql.lookup(
    OutboxRow,
    ("task", "tries"),
    "message_id",
    where=[
        OutboxRow.not_before > sql.param("now"),
        sql.query(MessageRow.id)
        .where(MessageRow.id == OutboxRow.message_id, MessageRow.author == sql.param("author"))
        .exists(),
    ],
    order="message_id",
)
_HASTEN = sql.change(OutboxRow, (), "not_before", where=[sql.among(OutboxRow.message_id, "ids")])
_ALL_UNSENT = sql.lookup(OutboxRow, "task", "message_id", where=[_IS_QUEUED.exists()], order="message_id")
_UNSENT = sql.lookup(OutboxRow, ("inbox_id", "task"), "message_id", where=[_IS_QUEUED.exists()], order="message_id")
_UNKNOWNS = sql.lookup(MessageRow, (), func.count(), where=[col(MessageRow.status) == Delivery.UNKNOWN.value])


def put(session: Session, message_id: int, task: Task, not_before: datetime) -> None:
    """Give a message a task that is due from `not_before` on, in place of the task it had."""
    sql.write(session, _PUT, message=message_id, task=task.value, not_before=not_before)


def postpone(session: Session, message_id: int, until: datetime) -> None:
    """Release the lease on a message; the same task is tried again from `until` on."""
    sql.write(session, _POSTPONE, message_id=message_id, not_before=until)


def hasten(session: Session, clock: Clock, author: str) -> tuple[int, ...]:
    """Let the messages that this author could still take back leave now, and return their ids."""
    now = clock()
    found = sql.several(session, _RETRACTABLE, task=Task.SEND.value, tries=0, now=now, author=author)
    ids = tuple(message_id for (message_id,) in found)
    sql.write(session, _HASTEN, ids=list(ids), not_before=now)
    return ids


def done(session: Session, message_id: int) -> None:
    """Remove a message's task: nothing more is to be done about the message."""
    sql.write(session, _DONE, message_id=message_id)


def task_of(session: Session, message_id: int) -> Task | None:
    """Return what is still to be done about a message; None for nothing."""
    row = sql.one(session, _ROW, message_id=message_id)
    return None if row is None else member(Task, row[0])


def tries(session: Session, message_id: int) -> int:
    """Return how often a message's present task was tried in vain."""
    row = sql.one(session, _ROW, message_id=message_id)
    return 0 if row is None else int(row[1])


def is_held(session: Session, clock: Clock, message_id: int) -> bool:
    """Return whether an outbox works on the message now."""
    row = sql.one(session, _ROW, message_id=message_id)
    return row is not None and row[2] is not None and not is_over(row[2], clock(), LEASE)


Carried = Mapping[tuple[str, str], Limits]
"""The limits of this program's connectors, by provider and channel. A newer program sends the messages of others."""


def claim(
    session: Session,
    clock: Clock,
    carried: Carried,
    owner: str,
    limit: int,
    held: Mapping[int, int],
    busy: Collection[int],
) -> Sequence[Work]:
    """Claim up to `limit` due tasks that no outbox holds, as far as their senders' rate limits allow.

    An inbox's tasks are claimed by age, the oldest message of each conversation first. Inboxes share the places evenly:
    `held` says how many each has already. A task whose lease ran out belonged to a process that died, and is claimed
    too; `busy` are the messages that the owner itself works on, whatever became of their leases: they are left out.
    """
    now = clock()
    rate_limits.forget(session, now)
    senders = _senders(session, now, carried)
    works = _due(session, now, senders, limit, held, busy)
    if works:
        ids = [work.message_id for work in works]
        sql.write(session, _CLAIM, lease_owner=owner, lease_until=now + LEASE, ids=ids)
        _note_begun(session, now, senders, works)
    return works


def is_due(session: Session, clock: Clock, carried: Carried, busy: Collection[int] = ()) -> bool:
    """Return whether there is a task to claim now, besides those of the `busy` messages that the caller works on."""
    now = clock()
    senders = _senders(session, now, carried)
    return any(True for sender in senders for _ in _claimable_of(session, now, sender, 1, busy))


def renew(session: Session, clock: Clock, owner: str, message_ids: Iterable[int]) -> None:
    """Renew the leases of this outbox on the messages that it still works on."""
    sql.write(session, _RENEW, lease_owner=owner, lease_until=clock() + LEASE, ids=message_ids)


def next_due(session: Session, clock: Clock) -> datetime | None:
    """Return when a task may become claimable that isn't now; None when nothing waits for a time."""
    now = clock()
    times = [sql.one(session, query, now=now)[0] for query in (_NEXT_DUE, _NEXT_FREE)]
    times.append(rate_limits.next_free(session, now))
    return min((at for at in times if at is not None), default=None)


def due_at(session: Session, clock: Clock, message_id: int) -> datetime | None:
    """Return before when a message isn't sent, by its own and its sender's wait; None when it doesn't wait for that."""
    now = clock()
    row = sql.one(session, _DUE_AT, message_id=message_id, task=Task.SEND.value, **_moments(now))
    if row is None:
        return None
    not_before, is_time, inbox_id, conversation_id = row
    due: datetime = min(not_before, now) if is_time else not_before
    chat = rate_limits.chat_free_at(session, now, inbox_id, conversation_id)
    return max(due, rate_limits.free_at(session, now, inbox_id), chat)


def unsent(session: Session, inbox_id: int | None = None) -> tuple[int, ...]:
    """Return the ids of messages that wait to be sent and that no outbox works on, of one inbox or of all, in order."""
    query = _ALL_UNSENT if inbox_id is None else _UNSENT
    return tuple(found for (found,) in sql.several(session, query, inbox_id=inbox_id, task=Task.SEND.value))


@dataclass(frozen=True, slots=True)
class _Sender:
    """An inbox with tasks."""

    inbox_id: int
    limits: Limits
    free_at: datetime
    """When it may begin its next message."""
    has_unknowns: bool
    """Whether it has messages whose unknown outcome is to be looked for."""


def _senders(session: Session, now: datetime, carried: Carried) -> list[_Sender]:
    """Return every inbox with tasks; one whose messages only a newer program can send is left out."""
    free = rate_limits.free_at_of_all(session, now)
    return [
        _Sender(inbox_id, carried[provider, channel], free.get(inbox_id, NEVER), has_unknowns)
        for inbox_id, provider, channel, has_unknowns in sql.several(session, _WITH_WORK)
        if (provider, channel) in carried
    ]


def _due(
    session: Session,
    now: datetime,
    senders: Iterable[_Sender],
    limit: int,
    held: Mapping[int, int],
    busy: Collection[int],
) -> list[Work]:
    """Return up to `limit` claimable tasks: the oldest of each inbox, of inboxes that have got least so far."""
    found: list[tuple[int, int, Work]] = []
    for sender in sorted(senders, key=lambda sender: held.get(sender.inbox_id, 0)):
        has = held.get(sender.inbox_id, 0)
        if len(found) == limit and (not found or found[-1][0] < has):
            # Every place goes to an inbox that has got less than this one and all that follow.
            break
        works = _claimable_of(session, now, sender, limit, busy)
        found += ((has + place, work.message_id, work) for place, work in enumerate(works))
        found.sort(key=lambda entry: entry[:2])
        del found[limit:]
    return [work for _, _, work in found]


def _claimable_of(
    session: Session, now: datetime, sender: _Sender, limit: int, busy: Collection[int]
) -> Iterator[Work]:
    """Yield the oldest tasks of an inbox that are due, held by no outbox, and not held back by an earlier one."""
    room = min(limit, pacing.room(sender.limits, sender.free_at, now))
    for task, most in ((Task.RECONCILE, limit if sender.has_unknowns else 0), (Task.SEND, room)):
        if most:
            rows = sql.several(
                session,
                _CLAIMABLE[task],
                inbox_id=sender.inbox_id,
                task=task.value,
                limit=most,
                busy=busy,
                **_moments(now),
            )
            for message_id, conversation_id in rows:
                yield Work(message_id, conversation_id, sender.inbox_id, task)


def _moments(now: datetime) -> dict[str, datetime]:
    """Return the present, and how far ahead each kind of time can have been set, as values of the queries."""
    return {
        "now": now,
        "present": furthest(now, LONGEST_HOLD),
        "reconciled_by": furthest(now, max(LONGEST_RECONCILE_WAIT, pacing.LONGEST_ASKED_WAIT)),
        "leased_by": furthest(now, LEASE),
        "chat_by": furthest(now, pacing.LONGEST_CHAT_WAIT),
    }


def _note_begun(session: Session, now: datetime, senders: Iterable[_Sender], works: Iterable[Work]) -> None:
    """Count the messages that begin now against the rate limits of their senders."""
    begun = [work for work in works if work.task is Task.SEND]
    counts = Counter(work.inbox_id for work in begun)
    for sender in senders:
        if count := counts[sender.inbox_id]:
            rate_limits.hold(session, now, sender.inbox_id, pacing.after(sender.limits, sender.free_at, now, count))
            if sender.limits.chat_interval:
                until = now + sender.limits.chat_interval
                for work in begun:
                    if work.inbox_id == sender.inbox_id:
                        rate_limits.hold(session, now, sender.inbox_id, until, work.conversation_id)


def oldest_due(session: Session, now: datetime) -> tuple[datetime | None, int]:
    """Return since when the message that waits longest to be claimed has been due (or None), and how many are due."""
    since, count = sql.one(session, _OLDEST_DUE, task=Task.SEND.value, lease_owner="", now=now)
    return since, int(count)


def unknowns(session: Session) -> int:
    """Return how many messages have an unknown outcome."""
    return int(sql.one(session, _UNKNOWNS)[0])
