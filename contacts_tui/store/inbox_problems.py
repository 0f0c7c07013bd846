"""What is wrong with inboxes now, and what waits at them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, literal_column
from sqlmodel import Session, col, select

from contacts_tui.domain.change import ChangeKind
from contacts_tui.domain.clock import Clock
from contacts_tui.domain.delivery import Delivery
from contacts_tui.domain.health import Queue, Source
from contacts_tui.domain.unknown_values import member
from contacts_tui.store import change_feed, sql
from contacts_tui.store.message_tables import ConversationRow, MessageRow
from contacts_tui.store.process_tables import OutboxRow, TroubleRow
from contacts_tui.store.timestamps import moment

_OF_INBOX = "SELECT source, code, at FROM trouble WHERE inbox_id = ? ORDER BY at DESC, source"


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that doesn't work."""

    source: Source
    code: str
    at: datetime


def put(session: Session, clock: Clock, inbox_id: int, source: Source, code: str) -> None:
    """It doesn't work. What is known already keeps the time since when it is so."""
    row = session.get(TroubleRow, (inbox_id, source.value))
    if row is not None and row.code == code:
        return
    row = row or TroubleRow(inbox_id=inbox_id, source=source.value, code=code, at=clock())
    row.code, row.at = code, clock()
    session.add(row)
    session.flush()
    change_feed.record(session, clock, ChangeKind.INBOX)


def remove(session: Session, clock: Clock, inbox_id: int, sources: Iterable[Source]) -> None:
    """These work again."""
    for source in sources:
        row = session.get(TroubleRow, (inbox_id, source.value))
        if row is not None:
            session.delete(row)
            change_feed.record(session, clock, ChangeKind.INBOX)


def of_inbox(session: Session, inbox_id: int) -> tuple[Entry, ...]:
    """What is wrong with an inbox, the newest first."""
    rows = sql.several(session, _OF_INBOX, inbox_id)
    return tuple(Entry(member(Source, source), code, moment(at)) for source, code, at in rows)


def queues(session: Session) -> dict[int, Queue]:
    """What is on its way at each inbox; one without anything is left out."""
    waiting, sending = _on_their_way(session, Delivery.QUEUED), _on_their_way(session, Delivery.SENDING)
    unknown = _counts(
        session.exec(
            select(MessageRow.inbox_id, func.count())
            # As it stands in the index of these messages.
            .where(MessageRow.status == literal_column("'unknown'"))
            .group_by(col(MessageRow.inbox_id))
        )
    )
    return {
        inbox_id: Queue(waiting.get(inbox_id, 0), sending.get(inbox_id, 0), unknown.get(inbox_id, 0))
        for inbox_id in waiting.keys() | sending.keys() | unknown.keys()
    }


def threads(session: Session, inbox_id: int) -> int:
    """How many conversations an inbox has."""
    return session.exec(select(func.count()).where(ConversationRow.inbox_id == inbox_id)).one()


def _on_their_way(session: Session, status: Delivery) -> dict[int, int]:
    return _counts(
        session.exec(
            select(OutboxRow.inbox_id, func.count())
            .join(MessageRow, col(MessageRow.id) == col(OutboxRow.message_id))
            .where(MessageRow.status == status.value)
            .group_by(col(OutboxRow.inbox_id))
        )
    )


def _counts(rows: Iterable[tuple[int, int]]) -> dict[int, int]:
    return {inbox_id: count for inbox_id, count in rows}
