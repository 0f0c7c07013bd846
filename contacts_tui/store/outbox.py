"""The outbox's work, claimed by leases, and the attempts that came of it."""

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
from contacts_tui.domain.message import LONGEST_HOLD, Message
from contacts_tui.domain.unknown_values import member
from contacts_tui.store import rate_limits, sql
from contacts_tui.store.columns import Instant
from contacts_tui.store.message_tables import AttemptRow, InboxRow, MessageRow
from contacts_tui.store.process_tables import OutboxRow, PaceRow
from contacts_tui.store.timestamps import NEVER

LEASE = timedelta(seconds=12)
"""How long a silent outbox keeps its work. Renewed three times as often."""
LONGEST_SETTLE_WAIT = timedelta(minutes=30)
"""The longest pause between two looks for evidence."""


class Task(StrEnum):
    """What is to be done about a message."""

    SEND = "send"
    RECONCILE = "settle"
    """Look for evidence of an unknown outcome."""
    SCHEDULED = "scheduled"
    """Wait for the time that its writer chose; then it is to be sent."""


@dataclass(frozen=True, slots=True)
class Work:
    """A task that one outbox holds."""

    message_id: int
    conversation_id: int
    inbox_id: int
    task: Task


def _is_time() -> Any:
    """Whether the time has come that a task waits for.

    One that was set by a clock which has been set back since holds nothing up: see `domain.clock`. That of a first try
    was set as it is; that of a further one, or of a look for evidence, when the last attempt ended.
    """
    due = col(OutboxRow.not_before)
    is_first_try = (col(OutboxRow.tries) == 0) & (col(OutboxRow.task) == Task.SEND.value)
    ended = sql.query(func.max(AttemptRow.finished_at)).where(AttemptRow.message_id == OutboxRow.message_id)
    return or_(
        due <= sql.param("now"),
        due > sql.param("settled_by"),
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
    """The tasks of an inbox that are due and that nobody holds."""
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
    """A message is sent only when those before it in its conversation were, and its channel lets us write to this
    person again."""
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


def put(session: Session, message: Message, task: Task, not_before: datetime) -> None:
    """Gives a task about a message; replaces the one it had."""
    sql.write(session, _PUT, message=message.id, task=task.value, not_before=not_before)


def postpone(session: Session, message_id: int, until: datetime) -> None:
    """Gives the lease back; the same task is tried again from `until` on."""
    sql.write(session, _POSTPONE, message_id=message_id, not_before=until)


def hasten(session: Session, clock: Clock, author: str) -> tuple[int, ...]:
    """Let what its author could still take back leave now. Return the ids of these messages."""
    now = clock()
    found = sql.several(session, _RETRACTABLE, task=Task.SEND.value, tries=0, now=now, author=author)
    ids = tuple(message_id for (message_id,) in found)
    sql.write(session, _HASTEN, ids=list(ids), not_before=now)
    return ids


def done(session: Session, message_id: int) -> None:
    """Nothing more is to be done about the message."""
    sql.write(session, _DONE, message_id=message_id)


def task_of(session: Session, message_id: int) -> Task | None:
    """What is still to be done about the message."""
    row = sql.one(session, _ROW, message_id=message_id)
    return None if row is None else member(Task, row[0])


def tries(session: Session, message_id: int) -> int:
    """How often what is to be done about the message was tried in vain."""
    row = sql.one(session, _ROW, message_id=message_id)
    return 0 if row is None else int(row[1])


def is_held(session: Session, clock: Clock, message_id: int) -> bool:
    """Whether some outbox works on the message now."""
    row = sql.one(session, _ROW, message_id=message_id)
    return row is not None and row[2] is not None and not is_over(row[2], clock(), LEASE)


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
    senders = _senders(session, now, carried)
    works = _due(session, now, senders, limit, held, busy)
    if works:
        ids = [work.message_id for work in works]
        sql.write(session, _CLAIM, lease_owner=owner, lease_until=now + LEASE, ids=ids)
        _note_begun(session, now, senders, works)
    return works


def is_due(session: Session, clock: Clock, carried: Carried, busy: Collection[int] = ()) -> bool:
    """Whether there is something to claim now, besides what its owner is `busy` with."""
    now = clock()
    senders = _senders(session, now, carried)
    return any(True for sender in senders for _ in _claimable_of(session, now, sender, 1, busy))


def renew(session: Session, clock: Clock, owner: str, message_ids: Iterable[int]) -> None:
    """Tells that this outbox is alive and still works on these messages."""
    sql.write(session, _RENEW, lease_owner=owner, lease_until=clock() + LEASE, ids=message_ids)


def next_due(session: Session, clock: Clock) -> datetime | None:
    """When there may be something to claim that can't be claimed now; None when nothing waits for a time."""
    now = clock()
    times = [sql.one(session, query, now=now)[0] for query in (_NEXT_DUE, _NEXT_FREE)]
    times.append(rate_limits.next_free(session, now))
    return min((at for at in times if at is not None), default=None)


def due_at(session: Session, clock: Clock, message_id: int) -> datetime | None:
    """Before when the message is not sent: its own wait or its sender's; None when it doesn't wait to be sent."""
    now = clock()
    row = sql.one(session, _DUE_AT, message_id=message_id, task=Task.SEND.value, **_moments(now))
    if row is None:
        return None
    not_before, is_time, inbox_id, conversation_id = row
    due: datetime = min(not_before, now) if is_time else not_before
    chat = rate_limits.chat_free_at(session, now, inbox_id, conversation_id)
    return max(due, rate_limits.free_at(session, now, inbox_id), chat)


def unsent(session: Session, inbox_id: int | None = None) -> tuple[int, ...]:
    """The messages, of one inbox or of all, that wait to be sent and that no outbox works on, in their order."""
    query = _ALL_UNSENT if inbox_id is None else _UNSENT
    return tuple(found for (found,) in sql.several(session, query, inbox_id=inbox_id, task=Task.SEND.value))


@dataclass(frozen=True, slots=True)
class _Sender:
    """An inbox with something on the outbox."""

    inbox_id: int
    limits: Limits
    free_at: datetime
    """When it may begin its next message."""
    has_unknowns: bool
    """Whether evidence of a message is to be looked for."""


def _senders(session: Session, now: datetime, carried: Carried) -> list[_Sender]:
    """Every inbox with something to do; what a newer program hands on is left out."""
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
    """What may be claimed: of each inbox the oldest, of all inboxes those that have got least so far."""
    found: list[tuple[int, int, Work]] = []
    for sender in sorted(senders, key=lambda sender: held.get(sender.inbox_id, 0)):
        has = held.get(sender.inbox_id, 0)
        if len(found) == limit and (not found or found[-1][0] < has):
            # Every place goes to one that has got less than this one, and than all behind it.
            break
        works = _claimable_of(session, now, sender, limit, busy)
        found += ((has + place, work.message_id, work) for place, work in enumerate(works))
        found.sort(key=lambda entry: entry[:2])
        del found[limit:]
    return [work for _, _, work in found]


def _claimable_of(
    session: Session, now: datetime, sender: _Sender, limit: int, busy: Collection[int]
) -> Iterator[Work]:
    """The oldest tasks of an inbox that are due, held by nobody, and not held back by an earlier one."""
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
    """The present, and how far ahead each kind of time can have been set."""
    return {
        "now": now,
        "present": furthest(now, LONGEST_HOLD),
        "settled_by": furthest(now, max(LONGEST_SETTLE_WAIT, pacing.LONGEST_ASKED_WAIT)),
        "leased_by": furthest(now, LEASE),
        "chat_by": furthest(now, pacing.LONGEST_CHAT_WAIT),
    }


def _note_begun(session: Session, now: datetime, senders: Iterable[_Sender], works: Iterable[Work]) -> None:
    """Counts the messages that begin now against the pace of their senders."""
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
    """Since when the message has been due that waits longest for its turn, and how many are."""
    since, count = sql.one(session, _OLDEST_DUE, task=Task.SEND.value, lease_owner="", now=now)
    return since, int(count)


def unknowns(session: Session) -> int:
    """How many messages nobody knows the outcome of."""
    return int(sql.one(session, _UNKNOWNS)[0])
