"""Which person each process has open: rows that expire by themselves, and of which the change feed doesn't tell."""

from datetime import datetime

from sqlmodel import Session, col

from contacts_tui.domain.presence import Presence
from contacts_tui.store import sql
from contacts_tui.store.process_tables import PresenceRow

_PRESENCE = sql.Record(Presence, PresenceRow)
_PUT = sql.replacement(PresenceRow, ("process",), "agent", "contact_id", "is_writing", "until")
_REMOVE = sql.removal(PresenceRow, "process")
_OTHERS = sql.statement(
    lambda: _PRESENCE.query(
        col(PresenceRow.until) > sql.param("now"),
        col(PresenceRow.until) <= sql.param("furthest"),
        col(PresenceRow.process) != sql.param("mine"),
    )
)
_SWEEP = sql.removal(
    PresenceRow,
    where=[(col(PresenceRow.until) <= sql.param("now")) | (col(PresenceRow.until) > sql.param("furthest"))],
)


def put(session: Session, here: Presence, until: datetime) -> None:
    """Store which person a process has open until then, in place of the one it had before."""
    values = {"agent": here.agent, "contact_id": here.contact_id, "is_writing": here.is_writing, "until": until}
    sql.write(session, _PUT, process=here.process, **values)


def remove(session: Session, process: str) -> None:
    """Remove a process's presence: it has no person open."""
    sql.write(session, _REMOVE, process=process)


def others(session: Session, process: str, now: datetime, furthest: datetime) -> tuple[Presence, ...]:
    """Return the presences of other processes that end after `now` and not after `furthest`."""
    return _PRESENCE.several(session, _OTHERS, mine=process, now=now, furthest=furthest)


def sweep(session: Session, now: datetime, furthest: datetime) -> None:
    """Remove the presences that have expired, or end after `furthest`."""
    sql.write(session, _SWEEP, now=now, furthest=furthest)
