"""How long senders, and single conversations of theirs, have to wait: known to every outbox on a store."""

from datetime import datetime

from sqlmodel import Session, col, delete, func, select

from contacts_tui.store.instant import Instant
from contacts_tui.store.tables import PaceRow
from contacts_tui.store.times import NEVER

SENDER = 0
"""Stands in a conversation's place for the sender as a whole."""


def free_at(session: Session, inbox_id: int, conversation_id: int = SENDER) -> datetime:
    """When the sender may begin its next message, or write into a conversation again; NEVER when nothing holds it."""
    row = session.get(PaceRow, (inbox_id, conversation_id))
    return NEVER if row is None else row.free_at


def hold(session: Session, inbox_id: int, until: datetime, conversation_id: int = SENDER) -> None:
    """Nothing begins there before `until`. What holds it for longer already stays."""
    row = session.get(PaceRow, (inbox_id, conversation_id))
    if row is None:
        row = PaceRow(inbox_id=inbox_id, conversation_id=conversation_id, free_at=until)
    row.free_at = max(row.free_at, until)
    session.add(row)


def forget_chats(session: Session, now: datetime) -> None:
    """Drops what held conversations and is over."""
    session.exec(delete(PaceRow).where(col(PaceRow.conversation_id) != SENDER, col(PaceRow.free_at) <= now))


def next_free(session: Session, now: datetime) -> datetime | None:
    """When the next one of those that wait is free; None when nothing waits."""
    return session.exec(select(func.min(PaceRow.free_at, type_=Instant)).where(PaceRow.free_at > now)).one()
