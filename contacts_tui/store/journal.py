"""The journal of what agents did with people: who, when, what, on whom, and what an undo puts back."""

from bisect import bisect_left
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Integer, String, cast, func
from sqlmodel import Session, col, update

from contacts_tui.store import json_columns, sql
from contacts_tui.store.people_tables import ContactRow
from contacts_tui.store.queue_tables import JournalRow

Fields = dict[str, Any]
"""The fields of a person that an action changes, as JSON holds them: see `services.person_fields`."""


@dataclass(frozen=True, slots=True)
class JournalEntry:
    """One action on one person."""

    id: int
    batch: int
    """The number of the action; the same for every person that it changed."""
    at: datetime
    agent: str
    action: str
    contact_id: int
    name: str
    """The person's name today; empty for a person who is no longer in the store."""
    words: str
    undone_at: datetime | None
    undone_by: str


@dataclass(frozen=True, slots=True)
class Step:
    """What an undo needs of an entry."""

    id: int
    contact_id: int
    words: str
    before: Fields
    after: Fields


_ABOVE_ALL = 2**63 - 1
"""More than any id."""
_ADD = sql.insertion(
    JournalRow, "batch", "at", "agent", "action", "contact_id", "words", "before", "after", "undone_by"
)
_NEXT = sql.statement(lambda: sql.query(func.coalesce(func.max(JournalRow.batch), 0) + 1))
_BATCH = sql.statement(
    lambda: (
        sql.query(JournalRow.id, JournalRow.contact_id, JournalRow.words, JournalRow.before, JournalRow.after)
        .where(
            JournalRow.batch == sql.param("batch"),
            col(JournalRow.undone_at).is_(None),
            col(JournalRow.id) < sql.param("below", BigInteger()),
        )
        .order_by(col(JournalRow.id).desc())
        .limit(sql.param("limit", Integer()))
    )
)
_AUTHOR = sql.lookup(JournalRow, "batch", "agent", limit=1)
_LAST = sql.statement(
    lambda: (
        sql.query(JournalRow.batch)
        .where(
            JournalRow.agent == sql.param("agent"),
            col(JournalRow.undone_at).is_(None),
            cast(col(JournalRow.after), String) != "{}",
        )
        .order_by(col(JournalRow.id).desc())
        .limit(1)
    )
)
_UNDONE = sql.statement(
    lambda: (
        update(JournalRow)
        .where(col(JournalRow.id).in_(sql.members("ids", Integer())))
        .values(undone_at=sql.param("now"), undone_by=sql.param("by"))
    )
)
_SIZE = sql.statement(lambda: sql.query(func.count()).where(JournalRow.batch == sql.param("batch")))
_NEWEST = sql.statement(lambda: sql.query(func.coalesce(func.max(JournalRow.id), 0)))
_AT = sql.statement(
    lambda: sql.query(JournalRow.at).where(col(JournalRow.id) >= sql.param("id")).order_by(col(JournalRow.id)).limit(1)
)
_COUNTED = sql.statement(
    lambda: (
        sql.query(JournalRow.agent, JournalRow.action, func.count())
        .where(
            col(JournalRow.id) >= sql.param("first"),
            col(JournalRow.at) >= sql.param("since"),
            col(JournalRow.at) < sql.param("until"),
            col(JournalRow.undone_at).is_(None),
            col(JournalRow.action).in_(sql.members("actions", String())),
        )
        .group_by(JournalRow.agent, JournalRow.action)
    )
)


def next_batch(session: Session) -> int:
    """Return the number of the next action."""
    return int(sql.one(session, _NEXT)[0])


def add(session: Session, batch: int, at: datetime, agent: str, action: str, words: str, steps: Iterable[Step]) -> None:
    """Add an entry for each step of an action; the steps' own ids are ignored."""
    told = {"batch": batch, "at": at, "agent": agent, "action": action, "words": words, "undone_by": ""}
    sql.write_all(
        session,
        _ADD,
        (told | {"contact_id": step.contact_id, "before": step.before, "after": step.after} for step in steps),
    )


def steps(session: Session, batch: int, limit: int, below: int = _ABOVE_ALL) -> tuple[Step, ...]:
    """Return the last `limit` steps of an action that aren't undone yet, the last one first.

    `below` leaves out the entries from that id on: it takes long to skip many that are undone.
    """
    found = sql.several(session, _BATCH, batch=batch, limit=limit, below=below)
    return tuple(
        Step(ident, contact_id, words, json_columns.mapping(before), json_columns.mapping(after))
        for ident, contact_id, words, before, after in found
    )


def size(session: Session, batch: int) -> int:
    """Return how many entries an action has by now."""
    return int(sql.one(session, _SIZE, batch=batch)[0])


def last_batch(session: Session, agent: str) -> int | None:
    """Return the number of an agent's last action that changed something and isn't undone, or None."""
    row = sql.one(session, _LAST, agent=agent)
    return None if row is None else int(row[0])


def mark_undone(session: Session, undone: Iterable[Step], at: datetime, by: str) -> None:
    """Mark these steps of an action as undone at this time by the agent `by`."""
    sql.write(session, _UNDONE, ids=[step.id for step in undone], now=at, by=by)


def counted(session: Session, since: datetime, until: datetime, actions: Collection[str]) -> dict[tuple[str, str], int]:
    """Count the entries of these actions from `since` on and before `until`, by agent and action, without undone ones.

    Entries are written in the order of time: the first one is found by bisection, so that earlier ones aren't read.
    """
    (newest,) = sql.one(session, _NEWEST)
    first = 1 + bisect_left(range(1, newest + 1), since, key=lambda number: sql.one(session, _AT, id=number)[0])
    rows = sql.several(session, _COUNTED, first=first, since=since, until=until, actions=list(actions))
    return {(agent, action): count for agent, action, count in rows}


def latest(session: Session, limit: int, contact_id: int | None = None) -> tuple[JournalEntry, ...]:
    """Return the newest entries, of one person or of all, newest first."""
    rows = sql.several(session, _OF_ONE if contact_id else _OF_ALL, limit=limit, **_whom(contact_id))
    return tuple(JournalEntry(*row) for row in rows)


def of_agent(session: Session, agent: str, limit: int) -> tuple[JournalEntry, ...]:
    """Return the newest entries of an agent, newest first."""
    return tuple(JournalEntry(*row) for row in sql.several(session, _BY_AGENT, limit=limit, author=agent))


def author(session: Session, batch: int) -> str:
    """Return the name of the agent who did an action; empty for an unknown action."""
    row = sql.one(session, _AUTHOR, batch=batch)
    return "" if row is None else str(row[0])


def _whom(contact_id: int | None) -> dict[str, int]:
    return {} if contact_id is None else {"contact": contact_id}


def _listed(*conditions: Any) -> Any:
    return (
        sql.query(
            JournalRow.id,
            JournalRow.batch,
            JournalRow.at,
            JournalRow.agent,
            JournalRow.action,
            JournalRow.contact_id,
            func.coalesce(ContactRow.name, ""),
            JournalRow.words,
            JournalRow.undone_at,
            JournalRow.undone_by,
        )
        .join(ContactRow, col(ContactRow.id) == JournalRow.contact_id, isouter=True)
        .where(*conditions)
        .order_by(col(JournalRow.id).desc())
        .limit(sql.param("limit", Integer()))
    )


_OF_ALL = sql.statement(_listed)
_BY_AGENT = sql.statement(lambda: _listed(JournalRow.agent == sql.param("author")))
_OF_ONE = sql.statement(lambda: _listed(JournalRow.contact_id == sql.param("contact")))
