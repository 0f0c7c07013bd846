"""What is wrong with inboxes now, and how many messages are on their way at each."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from sqlalchemy import func
from sqlmodel import Session, col

from contacts_tui.domain.change import ChangeKind
from contacts_tui.domain.clock import Clock
from contacts_tui.domain.delivery import Delivery
from contacts_tui.domain.health import Queue, Source
from contacts_tui.domain.unknown_values import member
from contacts_tui.store import change_feed, sql
from contacts_tui.store.message_tables import ConversationRow, MessageRow
from contacts_tui.store.process_tables import OutboxRow, TroubleRow


@dataclass(frozen=True, slots=True)
class Entry:
    """One problem of an inbox."""

    source: Source
    code: str
    at: datetime


_ENTRY = sql.Record(Entry, TroubleRow, {"source": partial(member, Source)})
_KEY = ("inbox_id", "source")
_CODE = sql.lookup(TroubleRow, _KEY, "code")
_PUT = sql.replacement(TroubleRow, _KEY, "code", "at")
_REMOVE = sql.removal(TroubleRow, *_KEY)
_OF_INBOX = _ENTRY.lookup("inbox_id", order=(col(TroubleRow.at).desc(), "source"))
_ON_THEIR_WAY = sql.statement(
    lambda: (
        sql.query(OutboxRow.inbox_id, func.count())
        .join(MessageRow, col(MessageRow.id) == OutboxRow.message_id)
        .where(MessageRow.status == sql.param("status"))
        .group_by(OutboxRow.inbox_id)
    )
)
_UNKNOWN = sql.statement(
    lambda: (
        sql.query(MessageRow.inbox_id, func.count())
        .where(MessageRow.status == Delivery.UNKNOWN.value)
        .group_by(MessageRow.inbox_id)
    )
)
_THREADS = sql.lookup(ConversationRow, "inbox_id", func.count())


def put(session: Session, clock: Clock, inbox_id: int, source: Source, code: str) -> None:
    """Store a problem of an inbox. One with the same code that is known already keeps its time."""
    if sql.one(session, _CODE, inbox_id=inbox_id, source=source.value) != (code,):
        sql.write(session, _PUT, inbox_id=inbox_id, source=source.value, code=code, at=clock())
        change_feed.record(session, clock, ChangeKind.INBOX)


def remove(session: Session, clock: Clock, inbox_id: int, sources: Iterable[Source]) -> None:
    """Remove the problems of an inbox with these sources: they work again."""
    for source in sources:
        if sql.changed(session, _REMOVE, inbox_id=inbox_id, source=source.value):
            change_feed.record(session, clock, ChangeKind.INBOX)


def of_inbox(session: Session, inbox_id: int) -> tuple[Entry, ...]:
    """Return the problems of an inbox, the newest first."""
    return _ENTRY.several(session, _OF_INBOX, inbox_id=inbox_id)


def queues(session: Session) -> dict[int, Queue]:
    """Return how many messages are on their way at each inbox, by its id; an inbox without any is left out."""
    waiting = dict(sql.several(session, _ON_THEIR_WAY, status=Delivery.QUEUED.value))
    sending = dict(sql.several(session, _ON_THEIR_WAY, status=Delivery.SENDING.value))
    unknown = dict(sql.several(session, _UNKNOWN))
    return {
        inbox_id: Queue(waiting.get(inbox_id, 0), sending.get(inbox_id, 0), unknown.get(inbox_id, 0))
        for inbox_id in waiting.keys() | sending.keys() | unknown.keys()
    }


def threads(session: Session, inbox_id: int) -> int:
    """Return how many conversations an inbox has."""
    return int(sql.one(session, _THREADS, inbox_id=inbox_id)[0])
