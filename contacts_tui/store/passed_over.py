"""How often an inbox was told something that is passed over, by kind."""

from sqlmodel import Session

from contacts_tui.domain.clock import Clock
from contacts_tui.domain.health import PassedOver
from contacts_tui.store import sql
from contacts_tui.store.timestamps import moment

_COUNT = (
    "INSERT INTO passed_over (inbox_id, kind, count, last_at) VALUES (?, ?, ?, ?) ON CONFLICT (inbox_id, kind) "
    "DO UPDATE SET count = count + excluded.count, last_at = excluded.last_at"
)
_OF_INBOX = "SELECT kind, count, last_at FROM passed_over WHERE inbox_id = ? ORDER BY last_at DESC, kind"
_KINDS = "SELECT count(*) FROM passed_over WHERE inbox_id = ? AND kind <> ?"

MOST_KINDS = 50
"""Kinds of one inbox that are counted apart. Their names come from outside; further ones are counted together."""
OTHER = "other"
"""The name under which further kinds are counted."""


def count(session: Session, clock: Clock, inbox_id: int, kind: str, number: int = 1) -> None:
    """Count one or more of a kind at an inbox, now."""
    known = sql.one(session, "SELECT 1 FROM passed_over WHERE inbox_id = ? AND kind = ?", inbox_id, kind)
    if known is None and sql.one(session, _KINDS, inbox_id, OTHER)[0] >= MOST_KINDS:
        kind = OTHER
    sql.write(session, _COUNT, inbox_id, kind, number, sql.stored(clock()))


def of_inbox(session: Session, inbox_id: int) -> tuple[PassedOver, ...]:
    """Return what was passed over at an inbox, the latest first."""
    rows = sql.several(session, _OF_INBOX, inbox_id)
    return tuple(PassedOver(kind, number, moment(at)) for kind, number, at in rows)
