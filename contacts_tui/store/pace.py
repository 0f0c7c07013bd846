"""How long senders, and single conversations of theirs, have to wait: known to every outbox on a store."""

from datetime import datetime

from sqlmodel import Session

from contacts_tui.store import plain
from contacts_tui.store.times import NEVER, moment

SENDER = 0
"""Stands in a conversation's place for the sender as a whole."""

_HOLD = (
    "INSERT INTO pace (inbox_id, conversation_id, free_at) VALUES (?, ?, ?) "
    "ON CONFLICT (inbox_id, conversation_id) DO UPDATE SET free_at = max(free_at, excluded.free_at)"
)
_FREE_AT = "SELECT free_at FROM pace WHERE inbox_id = ? AND conversation_id = ?"
_FORGET = "DELETE FROM pace WHERE conversation_id <> ? AND free_at <= ?"
_NEXT_FREE = "SELECT min(free_at) FROM pace WHERE free_at > ?"


def free_at(session: Session, inbox_id: int, conversation_id: int = SENDER) -> datetime:
    """When the sender may begin its next message, or write into a conversation again; NEVER when nothing holds it."""
    row = plain.one(session, _FREE_AT, inbox_id, conversation_id)
    return NEVER if row is None else moment(row[0])


def hold(session: Session, inbox_id: int, until: datetime, conversation_id: int = SENDER) -> None:
    """Nothing begins there before `until`. What holds it for longer already stays."""
    plain.write(session, _HOLD, inbox_id, conversation_id, plain.stored(until))


def forget_chats(session: Session, now: datetime) -> None:
    """Drops what held conversations and is over."""
    plain.write(session, _FORGET, SENDER, plain.stored(now))


def next_free(session: Session, now: datetime) -> datetime | None:
    """When the next one of those that wait is free; None when nothing waits."""
    return plain.read(plain.one(session, _NEXT_FREE, plain.stored(now))[0])
