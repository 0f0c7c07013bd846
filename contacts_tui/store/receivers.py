"""When each process that takes webhooks last gave a sign, and when a provider that is asked for messages answered."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from contacts_tui.store import sql
from contacts_tui.store.process_tables import PollRow, ReceiverRow


@dataclass(frozen=True, slots=True)
class Receiver:
    """A process that takes webhooks, or took them."""

    owner: str
    at: datetime
    """Its last sign."""
    left: bool
    """Whether it ended in order."""


_RECEIVER = sql.Record(Receiver, ReceiverRow)
_LISTED = _RECEIVER.lookup()
_PUT = sql.replacement(ReceiverRow, ("owner",), "at", "left")
_FORGET = sql.removal(ReceiverRow, "owner")
_ANSWERED_AT = sql.lookup(PollRow, "inbox_id", "answered_at")
_ANSWERED = sql.replacement(PollRow, ("inbox_id",), "answered_at")


def listed(session: Session) -> tuple[Receiver, ...]:
    """Every receiver that is remembered."""
    return _RECEIVER.several(session, _LISTED)


def put(session: Session, owner: str, at: datetime, *, left: bool = False) -> None:
    """A receiver gives a sign, its last one when it has `left`."""
    sql.write(session, _PUT, owner=owner, at=at, left=left)


def forget(session: Session, owner: str) -> None:
    """Nothing more is to be learnt from this one."""
    sql.write(session, _FORGET, owner=owner)


def answered_at(session: Session, inbox_id: int) -> datetime | None:
    """When the provider last answered for an inbox that is polled; None when it never did."""
    row = sql.one(session, _ANSWERED_AT, inbox_id=inbox_id)
    return None if row is None else row[0]


def answered(session: Session, inbox_id: int, at: datetime) -> None:
    """The provider answered."""
    sql.write(session, _ANSWERED, inbox_id=inbox_id, answered_at=at)
