"""The queue: who waits, until when, and who is snoozed. A person has one entry, which every message updates."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Integer, delete, func, null
from sqlmodel import Session, col, update

from contacts_tui.domain import answer_target, working_hours
from contacts_tui.domain.clock import Clock
from contacts_tui.domain.delivery import Delivery
from contacts_tui.domain.message import Direction
from contacts_tui.domain.snooze import Wake
from contacts_tui.domain.typed_time import LONGEST
from contacts_tui.domain.unknown_values import member
from contacts_tui.domain.urgency import DEFAULT_TARGET, AnswerTarget, QueueEntry, State, deadline
from contacts_tui.store import json_columns, settings, sql
from contacts_tui.store.message_tables import ConversationRow, MessageRow
from contacts_tui.store.people_tables import ContactRow
from contacts_tui.store.process_tables import SettingRow
from contacts_tui.store.queue_tables import AnswerTargetRow, QueueRow
from contacts_tui.store.timestamps import microseconds, moment

_LOOKED_AT = 50
"""How many of our last messages are checked for when they were written: scheduled ones left later than that."""
MERGED = "merged "
"""Prefix of the state of a person who was merged away, until that is undone."""


@dataclass(frozen=True, slots=True)
class Standing:
    """What an action changes of a person's entry in the queue, and an undo puts back."""

    state: State
    wake: Wake | None
    wake_at: datetime | None


_ENTRY_COLUMNS = ("contact_id", "state", "waiting_since", "deadline", "wake", "wake_at")
_ENTRY_LENGTH = len(_ENTRY_COLUMNS) - 1
_PUT = sql.upsert(
    lambda insert: (put := insert(QueueRow)).on_conflict_do_update(
        index_elements=[col(QueueRow.contact_id)],
        set_={name: put.excluded[name] for name in _ENTRY_COLUMNS[1:]},
    ),
    *_ENTRY_COLUMNS,
)
_ANSWERED = sql.upsert(
    lambda insert: insert(QueueRow).on_conflict_do_update(
        index_elements=[col(QueueRow.contact_id)],
        set_={"waiting_since": null(), "deadline": null()},
        where=col(QueueRow.waiting_since).is_not(None),
    ),
    *_ENTRY_COLUMNS,
)
_READ = sql.statement(
    lambda: (
        sql.query(
            QueueRow.contact_id,
            QueueRow.state,
            QueueRow.waiting_since,
            QueueRow.deadline,
            QueueRow.wake,
            QueueRow.wake_at,
            ContactRow.owner,
        )
        .join(ContactRow, col(ContactRow.id) == QueueRow.contact_id)
        .where(col(QueueRow.contact_id).in_(sql.members("ids", Integer())))
    )
)
_WAITING = sql.statement(
    lambda: sql.query(func.count()).where(
        col(QueueRow.contact_id).in_(sql.members("ids", Integer())), col(QueueRow.waiting_since).is_not(None)
    )
)
_OF_OTHERS = sql.statement(
    lambda: sql.query(func.count()).where(
        col(ContactRow.id).in_(sql.members("ids", Integer())),
        col(ContactRow.owner) != "",
        col(ContactRow.owner) != sql.param("agent"),
    )
)
_ROW = sql.statement(
    lambda: sql.query(QueueRow.state, QueueRow.waiting_since, QueueRow.wake, QueueRow.wake_at).where(
        QueueRow.contact_id == sql.param("contact")
    )
)
_STAND = sql.statement(
    lambda: (
        update(QueueRow)
        .where(col(QueueRow.contact_id) == sql.param("contact"))
        .values(state=sql.param("new_state"), wake=sql.param("new_wake"), wake_at=sql.param("new_wake_at"))
    )
)
_FORGET = sql.statement(lambda: delete(QueueRow).where(col(QueueRow.contact_id) == sql.param("contact")))
_DUE_TO_WAKE = sql.statement(
    lambda: (
        sql.query(QueueRow.contact_id)
        .where(
            QueueRow.state == State.SNOOZED.value,
            (col(QueueRow.wake_at) <= sql.param("now")) | (col(QueueRow.wake_at) > sql.param("furthest")),
        )
        .order_by(col(QueueRow.wake_at))
        .limit(sql.param("limit", Integer()))
    )
)
_FIRST_WINDOW = (
    sql.query(func.min(ConversationRow.window_until))
    .where(ConversationRow.contact_id == sql.param("contact"), col(ConversationRow.window_until) > sql.param("now"))
    .scalar_subquery()
)
_USUAL_TARGET = "answer_target"
"""The setting with the target of inboxes without their own: what `answer_target.changed` reads, each on a line."""
_TARGET = sql.lookup(AnswerTargetRow, "inbox_id", "minutes", "hours", "time_zone")
_WAITS = sql.statement(
    lambda: (
        sql.query(
            *(getattr(QueueRow, name) for name in _ENTRY_COLUMNS[1:]),
            _FIRST_WINDOW,
            sql.query(SettingRow.value).where(SettingRow.key == _USUAL_TARGET).scalar_subquery(),
            AnswerTargetRow.inbox_id,
            AnswerTargetRow.minutes,
            AnswerTargetRow.hours,
            AnswerTargetRow.time_zone,
        )
        .select_from(ContactRow)
        .outerjoin(QueueRow, col(QueueRow.contact_id) == col(ContactRow.id))
        .outerjoin(AnswerTargetRow, col(AnswerTargetRow.inbox_id) == sql.param("inbox", Integer()))
        .where(col(ContactRow.id) == sql.param("contact"))
    )
)
_PUT_TARGET = sql.replacement(AnswerTargetRow, ("inbox_id",), "minutes", "hours", "time_zone")
_DROP_TARGET = sql.removal(AnswerTargetRow, "inbox_id")
_LAST_ANSWERS = sql.statement(
    lambda: (
        sql.query(MessageRow.at, MessageRow.stored_at)
        .where(
            MessageRow.contact_id == sql.param("contact"),
            MessageRow.direction == Direction.OUT.value,
            col(MessageRow.status).not_in((Delivery.FAILED.value, Delivery.SCHEDULED.value)),
        )
        .order_by(col(MessageRow.at).desc(), col(MessageRow.id).desc())
        .limit(_LOOKED_AT)
    )
)
_FIRST_SINCE = sql.statement(
    lambda: (
        sql.query(MessageRow.at, MessageRow.inbox_id)
        .where(
            MessageRow.contact_id == sql.param("contact"),
            MessageRow.direction == Direction.IN.value,
            col(MessageRow.at) > sql.param("after"),
        )
        .order_by(col(MessageRow.at), col(MessageRow.id))
        .limit(1)
    )
)


def entries(session: Session, ids: Iterable[int]) -> dict[int, QueueEntry]:
    """Return the entries of these people by the person's id; a person without messages has none."""
    found = (_entry(row) for row in sql.several(session, _READ, ids=list(ids)))
    return {entry.contact_id: entry for entry in found}


def waiting(session: Session, ids: Iterable[int]) -> int:
    """Return how many of these people wait for an answer."""
    return int(sql.one(session, _WAITING, ids=list(ids))[0])


def assigned_to_others(session: Session, ids: Iterable[int], agent: str) -> int:
    """Return how many of these people belong to another agent."""
    return int(sql.one(session, _OF_OTHERS, ids=list(ids), agent=agent)[0])


def entry(session: Session, contact_id: int) -> QueueEntry | None:
    """Return the entry of a person, or None."""
    return entries(session, [contact_id]).get(contact_id)


def received(session: Session, contact_id: int, inbox_id: int, at: datetime, now: datetime) -> None:
    """Open a person who wrote, even a snoozed one, and let them wait since their first unanswered message.

    A message that comes late, from before our last answer, waits as well: no agent has seen it.
    """
    entry, window, aim = _waits(session, contact_id, inbox_id, now)
    since = at if entry[1] is None else min(entry[1], at)
    opened = (State.OPEN.value, since, deadline(since, aim, window), "", None)
    if opened != entry:
        _put(session, contact_id, *opened)


def answered(session: Session, contact_id: int) -> None:
    """End a person's wait, because a message of ours is on its way. Their state stays; a new entry is open."""
    nothing_waits = (contact_id, State.OPEN.value, None, None, "", None)
    sql.write(session, _ANSWERED, **dict(zip(_ENTRY_COLUMNS, nothing_waits, strict=True)))


def pass_over(session: Session, contact_id: int) -> None:
    """Close a person whom an agent blocked: no message of theirs waits for an answer."""
    _put(session, contact_id, State.CLOSED.value, None, None)


def reckon(session: Session, contact_id: int, now: datetime) -> None:
    """Find out anew since when a person waits, after an answer failed, a scheduled one left, or addresses moved.

    A scheduled message answers only what the person had written before it was scheduled.
    """
    answers = sql.several(session, _LAST_ANSWERS, contact=contact_id)
    after = max((min(at, written) for at, written in answers), default=datetime.fromtimestamp(0, now.tzinfo))
    first = sql.one(session, _FIRST_SINCE, contact=contact_id, after=after)
    row = sql.one(session, _ROW, contact=contact_id)
    if row is None and first is None and not answers:
        return
    state, wake, wake_at = (State.OPEN.value, "", None) if row is None else (row[0], row[2], row[3])
    since, due = None, None
    if first is not None:
        since, inbox_id = first
        _, window, aim = _waits(session, contact_id, inbox_id, now)
        due = deadline(since, aim, window)
    _put(session, contact_id, state, since, due, wake, wake_at)


def stand(session: Session, contact_id: int, standing: Standing) -> None:
    """Put a person into a state. A person without an entry gets one."""
    wake = "" if standing.wake is None else standing.wake.value
    if sql.one(session, _ROW, contact=contact_id) is None:
        _put(session, contact_id, standing.state.value, None, None, wake, standing.wake_at)
        return
    sql.write(
        session,
        _STAND,
        contact=contact_id,
        new_state=standing.state.value,
        new_wake=wake,
        new_wake_at=standing.wake_at,
    )


def due_to_wake(session: Session, now: datetime, limit: int) -> tuple[int, ...]:
    """Return the ids of up to `limit` snoozed people who are to come back by now, the earliest first.

    A time further ahead than a snooze can be was set by a clock that has been set back since: it counts as over.
    """
    found = sql.several(session, _DUE_TO_WAKE, now=now, furthest=now + LONGEST + timedelta(days=1), limit=limit)
    return tuple(contact_id for (contact_id,) in found)


def merge(session: Session, kept_id: int, other_id: int, now: datetime) -> None:
    """Merge the other person's entry into that of the one kept: open wins over snoozed, and snoozed over closed.

    The other's own entry is kept aside until the merge is undone.
    """
    other, kept = standing(session, other_id), standing(session, kept_id)
    if other is None:
        return
    ranks = list(State)
    if kept is None or ranks.index(other.state) < ranks.index(kept.state):
        stand(session, kept_id, other)
    _put(session, other_id, f"{MERGED}{other.state}", None, None, other.wake or "", other.wake_at)
    reckon(session, kept_id, now)


def unmerge(session: Session, kept_id: int, other_id: int, kept_before: Standing | None, now: datetime) -> None:
    """Undo `merge`: give the other person their own entry back, and the kept one theirs from before.

    `kept_before` is None when the kept person had no entry.
    """
    row = sql.one(session, _ROW, contact=other_id)
    if row is not None and row[0].startswith(MERGED):
        _put(session, other_id, row[0].removeprefix(MERGED), None, None, row[2], row[3])
    if kept_before is None:
        forget(session, kept_id)
    else:
        stand(session, kept_id, kept_before)
    reckon(session, kept_id, now)
    reckon(session, other_id, now)


def forget(session: Session, contact_id: int) -> None:
    """Remove a person's entry from the queue."""
    sql.write(session, _FORGET, contact=contact_id)


def standing(session: Session, contact_id: int) -> Standing | None:
    """Return a person's state and snooze; None for a person who has no entry or was merged away."""
    row = sql.one(session, _ROW, contact=contact_id)
    if row is None or row[0].startswith(MERGED):
        return None
    return Standing(member(State, row[0]), member(Wake, row[2]) if row[2] else None, row[3])


def as_fields(standing: Standing | None) -> dict[str, Any] | None:
    """Return a standing as JSON holds it; None for no standing."""
    if standing is None:
        return None
    wake_at = None if standing.wake_at is None else microseconds(standing.wake_at)
    return {"state": standing.state.value, "wake": standing.wake.value if standing.wake else "", "wake_at": wake_at}


def of_fields(fields: Any) -> Standing | None:
    """Return the standing that JSON holds, as `as_fields` writes it; None where it holds none."""
    known = json_columns.mapping(fields)
    if not isinstance(known.get("state"), str):
        return None
    wake, wake_at = known.get("wake"), known.get("wake_at")
    return Standing(
        member(State, known["state"]),
        member(Wake, wake) if isinstance(wake, str) and wake else None,
        moment(wake_at) if type(wake_at) is int else None,
    )


def target(session: Session, inbox_id: int) -> AnswerTarget:
    """Return how soon an inbox answers: its own target, or else the usual one."""
    row = sql.one(session, _TARGET, inbox_id=inbox_id)
    return usual_target(session) if row is None else _own_target(*row)


def _own_target(minutes: int | None, hours: str, time_zone: str) -> AnswerTarget:
    try:
        worked = working_hours.parse(hours, time_zone)
    except ValueError:
        worked = DEFAULT_TARGET.hours
    return AnswerTarget(None if minutes is None else timedelta(minutes=minutes), worked)


def has_own_target(session: Session, inbox_id: int) -> bool:
    """Return whether an inbox has a target of its own."""
    return sql.one(session, _TARGET, inbox_id=inbox_id) is not None


def usual_target(session: Session) -> AnswerTarget:
    """Return how soon an inbox answers that has no target of its own."""
    return _usual_target(settings.get(session, _USUAL_TARGET))


def _usual_target(written: str | None) -> AnswerTarget:
    if not written:
        return DEFAULT_TARGET
    within, hours, time_zone, *_ = (*written.split("\n"), "", "")
    try:
        return answer_target.changed(DEFAULT_TARGET, within=within, hours=hours, time_zone=time_zone)
    except ValueError:
        return DEFAULT_TARGET


def set_usual_target(session: Session, clock: Clock, chosen: AnswerTarget) -> None:
    """Set how soon an inbox answers that has no target of its own. Deadlines of people who wait already stay."""
    hours = working_hours.written(chosen.hours) or answer_target.ALWAYS
    lines = (answer_target.write_within(chosen.within), hours, chosen.hours.time_zone)
    settings.put(session, clock, _USUAL_TARGET, "\n".join(lines))


def set_target(session: Session, inbox_id: int, chosen: AnswerTarget | None) -> None:
    """Set how soon an inbox answers; None for the usual target. Deadlines of people who wait already stay."""
    if chosen is None:
        sql.write(session, _DROP_TARGET, inbox_id=inbox_id)
        return
    minutes = None if chosen.within is None else chosen.within // timedelta(minutes=1)
    hours = working_hours.written(chosen.hours)
    sql.write(session, _PUT_TARGET, inbox_id=inbox_id, minutes=minutes, hours=hours, time_zone=chosen.hours.time_zone)


def _waits(
    session: Session, contact_id: int, inbox_id: int, now: datetime
) -> tuple[tuple[Any, ...], datetime | None, AnswerTarget]:
    """Return a person's entry as it is stored, the end of their first open window, and how soon an inbox answers."""
    found = sql.one(session, _WAITS, contact=contact_id, inbox=inbox_id, now=now)
    window, usual, own, *chosen = found[_ENTRY_LENGTH:]
    return found[:_ENTRY_LENGTH], window, _usual_target(usual) if own is None else _own_target(*chosen)


def _put(
    session: Session,
    contact_id: int,
    state: str,
    since: datetime | None,
    due: datetime | None,
    wake: str = "",
    wake_at: datetime | None = None,
) -> None:
    values = (contact_id, state, since, due, wake, wake_at)
    sql.write(session, _PUT, **dict(zip(_ENTRY_COLUMNS, values, strict=True)))


def _entry(row: tuple[Any, ...]) -> QueueEntry:
    contact_id, state, waiting_since, due, wake, wake_at, owner = row
    return QueueEntry(
        contact_id=contact_id,
        state=member(State, state),
        waiting_since=waiting_since,
        deadline=due,
        wake=member(Wake, wake) if wake else None,
        wake_at=wake_at,
        assignee=owner,
    )
