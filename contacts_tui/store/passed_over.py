"""How often an inbox received something that is passed over, by kind."""

from sqlalchemy import func
from sqlmodel import Session, col

from contacts_tui.domain.clock import Clock
from contacts_tui.domain.health import PassedOver
from contacts_tui.store import sql
from contacts_tui.store.process_tables import PassedOverRow

MOST_KINDS = 50
"""How many kinds of one inbox are counted separately: their names come from outside. Others are counted together."""
OTHER = "other"
"""The name under which further kinds are counted."""

_COUNT = sql.upsert(
    lambda insert: (put := insert(PassedOverRow)).on_conflict_do_update(
        index_elements=[col(PassedOverRow.inbox_id), col(PassedOverRow.kind)],
        set_={"count": col(PassedOverRow.count) + put.excluded.count, "last_at": put.excluded.last_at},
    ),
    *("inbox_id", "kind", "count", "last_at"),
)
_KNOWN = sql.lookup(PassedOverRow, ("inbox_id", "kind"), "count")
_KINDS = sql.lookup(PassedOverRow, "inbox_id", func.count(), where=[PassedOverRow.kind != OTHER])
_PASSED_OVER = sql.Record(PassedOver, PassedOverRow)
_OF_INBOX = _PASSED_OVER.lookup("inbox_id", order=(col(PassedOverRow.last_at).desc(), "kind"))


def count(session: Session, clock: Clock, inbox_id: int, kind: str, number: int = 1) -> None:
    """Count one or more events of a kind as passed over at an inbox now; beyond MOST_KINDS, a new kind as OTHER."""
    known = sql.one(session, _KNOWN, inbox_id=inbox_id, kind=kind)
    if known is None and sql.one(session, _KINDS, inbox_id=inbox_id)[0] >= MOST_KINDS:
        kind = OTHER
    sql.write(session, _COUNT, inbox_id=inbox_id, kind=kind, count=number, last_at=clock())


def of_inbox(session: Session, inbox_id: int) -> tuple[PassedOver, ...]:
    """Return the kinds that were passed over at an inbox, the latest first."""
    return _PASSED_OVER.several(session, _OF_INBOX, inbox_id=inbox_id)
