"""When each process that takes webhooks last gave a sign, and when a provider that is asked for messages answered."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from contacts_tui.store import sql
from contacts_tui.store.timestamps import moment

_PUT = (
    "INSERT INTO receiver (owner, at, left) VALUES (?, ?, ?) "
    "ON CONFLICT (owner) DO UPDATE SET at = excluded.at, left = excluded.left"
)
_ANSWERED = (
    "INSERT INTO poll (inbox_id, answered_at) VALUES (?, ?) "
    "ON CONFLICT (inbox_id) DO UPDATE SET answered_at = excluded.answered_at"
)


@dataclass(frozen=True, slots=True)
class Receiver:
    """A process that takes webhooks, or took them."""

    owner: str
    at: datetime
    """Its last sign."""
    left: bool
    """Whether it ended in order."""


def listed(session: Session) -> tuple[Receiver, ...]:
    """Every receiver that is remembered."""
    rows = sql.several(session, "SELECT owner, at, left FROM receiver")
    return tuple(Receiver(owner, moment(at), bool(left)) for owner, at, left in rows)


def put(session: Session, owner: str, at: datetime, *, left: bool = False) -> None:
    """A receiver gives a sign, its last one when it has `left`."""
    sql.write(session, _PUT, owner, sql.stored(at), left)


def forget(session: Session, owner: str) -> None:
    """Nothing more is to be learnt from this one."""
    sql.write(session, "DELETE FROM receiver WHERE owner = ?", owner)


def answered_at(session: Session, inbox_id: int) -> datetime | None:
    """When the provider last answered for an inbox that is polled; None when it never did."""
    row = sql.one(session, "SELECT answered_at FROM poll WHERE inbox_id = ?", inbox_id)
    return None if row is None else moment(row[0])


def answered(session: Session, inbox_id: int, at: datetime) -> None:
    """The provider answered."""
    sql.write(session, _ANSWERED, inbox_id, sql.stored(at))
