"""The change feed's table: every write appends to it in its own transaction."""

from datetime import timedelta
from typing import Any

from sqlalchemy import CursorResult, delete, func, select
from sqlmodel import Session, col

from contacts_tui.domain.change import Change
from contacts_tui.domain.change import ChangeKind as ChangeKind
from contacts_tui.domain.clock import Clock
from contacts_tui.domain.unknown_values import is_known, member
from contacts_tui.store import sql
from contacts_tui.store.tables import ChangeRow
from contacts_tui.store.timestamps import moment

KEPT_FOR = timedelta(hours=24)
"""Changes younger than this are never pruned: a follower may have slept."""
KEPT_ROWS = 10_000
"""This many of the newest changes are never pruned either."""

_INSERT = "INSERT INTO change (at, kind, contact_id, conversation_id, message_id) VALUES (?, ?, ?, ?, ?)"
_SINCE = "SELECT seq, at, kind, contact_id, conversation_id, message_id FROM change WHERE seq > ? ORDER BY seq LIMIT ?"


def record(
    session: Session,
    clock: Clock,
    kind: ChangeKind,
    *,
    contact_id: int | None = None,
    conversation_id: int | None = None,
    message_id: int | None = None,
) -> None:
    """Appends a change to the running transaction."""
    sql.write(session, _INSERT, sql.stored(clock()), kind.value, contact_id, conversation_id, message_id)


def since(session: Session, seq: int, limit: int) -> list[Change]:
    """The first `limit` changes after `seq`, oldest first.

    When some of these were pruned already, the first is an EVERYTHING that stands for them.
    """
    changes = [_change(row) for row in sql.several(session, _SINCE, seq, limit)]
    if changes and changes[0].seq != seq + 1:
        first = changes[0]
        changes.insert(0, Change(first.seq - 1, first.at, ChangeKind.EVERYTHING, None, None, None))
    return changes


def if_put_back(session: Session, seq: int) -> list[Change]:
    """An EVERYTHING when there is no change `seq` any more: the store was put back to an earlier content."""
    row = sql.one(session, "SELECT max(seq), max(at) FROM change")
    if row[0] is None or row[0] >= seq:
        return []
    return [Change(row[0], moment(row[1]), ChangeKind.EVERYTHING, None, None, None)]


def latest(session: Session) -> int:
    """The number of the newest change; 0 when there never was one."""
    return session.execute(select(func.max(ChangeRow.seq))).scalar_one() or 0


def prune(session: Session, clock: Clock) -> int:
    """Deletes changes that are both old and many, and returns how many. The newest one always stays."""
    statement = delete(ChangeRow).where(
        col(ChangeRow.seq) <= latest(session) - KEPT_ROWS, col(ChangeRow.at) < clock() - KEPT_FOR
    )
    result = session.execute(statement)
    assert isinstance(result, CursorResult)
    return result.rowcount


def _kind(stored: str) -> ChangeKind:
    """What a change is about. One of a kind that this version doesn't know may be about anything."""
    kind = member(ChangeKind, stored)
    return kind if is_known(kind) else ChangeKind.EVERYTHING


def _change(row: tuple[Any, ...]) -> Change:
    seq, at, kind, contact_id, conversation_id, message_id = row
    return Change(
        seq=seq,
        at=moment(at),
        kind=_kind(kind),
        contact_id=contact_id,
        conversation_id=conversation_id,
        message_id=message_id,
    )
