"""Raw provider events: each kept once for good, parked while their message is not known."""

from collections.abc import Iterable
from dataclasses import asdict
from datetime import datetime, timedelta

from sqlmodel import Session, col, select

from contacts_tui.domain.clock import Clock, furthest
from contacts_tui.domain.delivery import Delivery
from contacts_tui.domain.message import Direction, Media, ProviderEvent, StatusEvent
from contacts_tui.domain.unknown_values import member
from contacts_tui.store import json_columns, sql
from contacts_tui.store.message_tables import ProviderEventRow
from contacts_tui.store.timestamps import moment

_INSERT = (
    "INSERT INTO provider_event "
    "(inbox_id, event_key, provider_id, message_id, status, delivery, code, detail, media, at, raw) "
    "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (inbox_id, event_key) DO NOTHING"
)
_SAID_SINCE = (
    "SELECT 1 FROM message JOIN provider_event ON provider_event.message_id = message.id "
    "WHERE message.conversation_id = ? AND direction = 'in' AND stored_at >= ? AND provider_event.code = ? LIMIT 1"
)
_IS_PARKED = "inbox_id = ? AND provider_id = ? AND message_id IS NULL"
_PARKED = f"SELECT delivery, code, at FROM provider_event WHERE {_IS_PARKED} ORDER BY id"
_UNPARK = f"UPDATE provider_event SET message_id = ? WHERE {_IS_PARKED}"
_ASSIGN = "UPDATE provider_event SET message_id = ? WHERE inbox_id = ? AND event_key = ?"

_OPTED_SINCE = (
    "SELECT 1 FROM conversation JOIN message ON message.conversation_id = conversation.id "
    "JOIN provider_event ON provider_event.message_id = message.id AND provider_event.code <> '' "
    "WHERE conversation.identity_id = ? AND message.direction = ? AND message.at > ? AND message.at <= ? LIMIT 1"
)


def keep(session: Session, event: ProviderEvent) -> bool:
    """Stores the event; False when the same one was stored before."""
    written = sql.write(
        session,
        _INSERT,
        event.inbox_id,
        event.event_key,
        event.provider_id,
        event.message_id,
        event.status,
        "" if event.delivery is None else event.delivery.value,
        event.code,
        event.detail,
        None if event.media is None else sql.as_json([asdict(file) for file in event.media]),
        sql.stored(event.at),
        sql.as_json(dict(event.raw)),
    )
    return bool(written.rowcount)


def assign(session: Session, inbox_id: int, event_key: str, message_id: int) -> None:
    """Says which message an event speaks of."""
    sql.write(session, _ASSIGN, message_id, inbox_id, event_key)


def unpark(
    session: Session, inbox_id: int, provider_id: str, message_id: int
) -> tuple[tuple[Delivery, str, datetime], ...]:
    """Gives the parked events of a provider's id to the message that turned out to have it.

    Returns each one's place on the lattice, its error code and its time, oldest first.
    """
    rows = sql.several(session, _PARKED, inbox_id, provider_id)
    if rows:
        sql.write(session, _UNPARK, message_id, inbox_id, provider_id)
    return tuple((member(Delivery, delivery), code, moment(at)) for delivery, code, at in rows if delivery)


def early(
    session: Session, inbox_id: int, provider_id: str, status: str, message_id: int
) -> tuple[tuple[datetime, str, tuple[Media, ...] | None], ...]:
    """Gives the parked events of a message that has come now, and of that word, to it: times, details and files."""
    parked = select(ProviderEventRow).where(
        ProviderEventRow.inbox_id == inbox_id,
        ProviderEventRow.provider_id == provider_id,
        ProviderEventRow.status == status,
        col(ProviderEventRow.message_id).is_(None),
    )
    rows = list(session.exec(parked.order_by(col(ProviderEventRow.id))))
    for row in rows:
        row.message_id = message_id
        session.add(row)
    return tuple((row.at, row.detail, None if row.media is None else json_columns.media(row.media)) for row in rows)


TAKEN_BACK = "taken_back"
"""The code of an edit by which a person took the message back."""

_WAS_TAKEN_BACK = "SELECT 1 FROM provider_event WHERE message_id = ? AND code = ? LIMIT 1"
_BLANK = """
    UPDATE provider_event SET
        raw = '{}', media = iif(code = :code, media, NULL), detail = iif(code = :code, detail, '')
    WHERE message_id = :message OR (message_id IS NULL AND inbox_id = :inbox AND provider_id = :provider)
"""
_WITH_RAW = "SELECT id FROM provider_event WHERE id > ? AND at < ? AND raw <> '{}' ORDER BY id LIMIT ?"
# A change whose message never came within that time is not waited for any more.
_FORGET = """
    UPDATE provider_event SET
        raw = '{}',
        media = NULL,
        detail = iif(status = 'edited', '', detail),
        provider_id = iif(status = 'edited' AND message_id IS NULL, '', provider_id)
    WHERE id IN (SELECT value FROM json_each(?))
"""


def was_taken_back(session: Session, message_id: int) -> bool:
    """Whether the person took the message back."""
    return sql.one(session, _WAS_TAKEN_BACK, message_id, TAKEN_BACK) is not None


def blank(session: Session, inbox_id: int, provider_id: str, message_id: int | None) -> None:
    """Empties everything that was kept of a message's words and files. The events stay, each unique as before."""
    sql.write(session, _BLANK, code=TAKEN_BACK, message=message_id, inbox=inbox_id, provider=provider_id)


def with_raw_before(session: Session, at: datetime, after: int, limit: int) -> list[int]:
    """Ids of the first events behind the id `after` that are older than `at` and still hold what the provider sent."""
    return [row[0] for row in sql.several(session, _WITH_RAW, after, sql.stored(at), limit)]


def forget_raw(session: Session, ids: Iterable[int]) -> None:
    """Empties what the provider sent, and the texts of changes. Keys, statuses, codes and times stay."""
    sql.write(session, _FORGET, sql.among(ids))


def came_since(session: Session, inbox_id: int, provider_id: str, status: str, at: datetime) -> bool:
    """Whether an event of that word, of no message, about this at the provider, is of `at` or later by its clock."""
    query = select(ProviderEventRow.id).where(
        ProviderEventRow.inbox_id == inbox_id,
        ProviderEventRow.provider_id == provider_id,
        ProviderEventRow.status == status,
        col(ProviderEventRow.message_id).is_(None),
        ProviderEventRow.at >= at,
    )
    return session.exec(query.limit(1)).first() is not None


def said_since(session: Session, conversation_id: int, code: str, at: datetime) -> bool:
    """Whether a message of a conversation that was stored from `at` on came with an event of this code."""
    return sql.one(session, _SAID_SINCE, conversation_id, sql.stored(at), code) is not None


def opted_since(session: Session, clock: Clock, identity_id: int, at: datetime) -> bool:
    """Whether a word about further messages, STOP or START, came from an address that was said later than `at`.

    What lies in the future came before the clock was set back.
    """
    until = sql.stored(furthest(clock(), timedelta()))
    return sql.one(session, _OPTED_SINCE, identity_id, Direction.IN.value, sql.stored(at), until) is not None


def of_message(session: Session, message_id: int) -> tuple[StatusEvent, ...]:
    """Everything the provider said of a message, in the order in which it came."""
    rows = session.exec(
        select(ProviderEventRow).where(ProviderEventRow.message_id == message_id).order_by(col(ProviderEventRow.id))
    )
    return tuple(map(_event, rows))


def _event(row: ProviderEventRow) -> StatusEvent:
    return StatusEvent(at=row.at, status=row.status, code=row.code, detail=row.detail)
