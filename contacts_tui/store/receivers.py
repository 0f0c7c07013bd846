"""When each process that receives webhooks last had a heartbeat, and each polled inbox an answer of its provider."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from contacts_tui.store import sql
from contacts_tui.store.process_tables import PollRow, ReceiverRow


@dataclass(frozen=True, slots=True)
class Receiver:
    """A process that receives webhooks, or did."""

    owner: str
    at: datetime
    """The time of its last heartbeat."""
    left: bool
    """Whether it ended in order."""


_RECEIVER = sql.Record(Receiver, ReceiverRow)
_LISTED = _RECEIVER.lookup()
_PUT = sql.replacement(ReceiverRow, ("owner",), "at", "left")
_FORGET = sql.removal(ReceiverRow, "owner")
_ANSWERED_AT = sql.lookup(PollRow, "inbox_id", "answered_at")
_ANSWERED = sql.replacement(PollRow, ("inbox_id",), "answered_at")


def listed(session: Session) -> tuple[Receiver, ...]:
    """Return every receiver that is remembered."""
    return _RECEIVER.several(session, _LISTED)


def put(session: Session, owner: str, at: datetime, *, left: bool = False) -> None:
    """Store a receiver's heartbeat at `at`; with `left`, its last one."""
    sql.write(session, _PUT, owner=owner, at=at, left=left)


def forget(session: Session, owner: str) -> None:
    """Forget a receiver from which nothing more is to be learnt."""
    sql.write(session, _FORGET, owner=owner)


def answered_at(session: Session, inbox_id: int) -> datetime | None:
    """Return when the provider last answered for an inbox that is polled; None when it never did."""
    row = sql.one(session, _ANSWERED_AT, inbox_id=inbox_id)
    return None if row is None else row[0]


def answered(session: Session, inbox_id: int, at: datetime) -> None:
    """Store that the provider answered for an inbox at `at`."""
    sql.write(session, _ANSWERED, inbox_id=inbox_id, answered_at=at)
