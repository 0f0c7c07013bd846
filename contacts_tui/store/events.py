"""Raw provider events: each is kept once and for good, and parked while its message is not known."""

from collections.abc import Iterable
from dataclasses import asdict, fields
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import String, case, cast, null
from sqlmodel import Session, col

from contacts_tui.domain.clock import Clock, furthest
from contacts_tui.domain.delivery import Delivery
from contacts_tui.domain.message import Direction, Media, ProviderEvent, StatusEvent
from contacts_tui.domain.unknown_values import member
from contacts_tui.store import json_columns, sql
from contacts_tui.store.message_tables import ConversationRow, MessageRow, ProviderEventRow

TAKEN_BACK = "taken_back"
"""The code of an edit by which a person took the message back."""
_EDITED = "edited"
"""The status of the event of an edit."""
_NO_JSON = "{}"

_KEEP = sql.upsert(
    lambda insert: insert(ProviderEventRow).on_conflict_do_nothing(
        index_elements=[col(ProviderEventRow.inbox_id), col(ProviderEventRow.event_key)]
    ),
    *(field.name for field in fields(ProviderEvent)),
)
_BY_EVENT_KEY = sql.lookup(ProviderEventRow, ("inbox_id", "event_key"), "id")
_ASSIGN = sql.change(ProviderEventRow, ("inbox_id", "event_key"), "message_id")


# Parked events, which wait for their message; written as in the partial index of these.
_IS_PARKED = col(ProviderEventRow.message_id).is_(None)
_NAMED = ("inbox_id", "provider_id")
_OF_WORD = (*_NAMED, "status")


def _unless_taken_back(kept: Any, emptied: Any) -> Any:
    return case((col(ProviderEventRow.code) == TAKEN_BACK, kept), else_=emptied)


_PARKED = sql.lookup(ProviderEventRow, _NAMED, "delivery", "code", "at", where=[_IS_PARKED], order="id")
_UNPARK = sql.change(ProviderEventRow, _NAMED, "message_id", where=[_IS_PARKED])
_EARLY = sql.lookup(ProviderEventRow, _OF_WORD, "at", "detail", "media", where=[_IS_PARKED], order="id")
_UNPARK_EARLY = sql.change(ProviderEventRow, _OF_WORD, "message_id", where=[_IS_PARKED])
_CAME_SINCE = sql.lookup(
    ProviderEventRow, _OF_WORD, "id", where=[_IS_PARKED, ProviderEventRow.at >= sql.param("since")], limit=1
)
_OF_MESSAGE_ROW = ProviderEventRow.message_id == MessageRow.id
_SAID_SINCE = sql.lookup(
    MessageRow,
    ("conversation_id", "direction"),
    "id",
    where=[
        MessageRow.at >= sql.param("since"),
        MessageRow.at <= sql.param("until"),
        sql.query(ProviderEventRow.id).where(_OF_MESSAGE_ROW, ProviderEventRow.code == sql.param("code")).exists(),
    ],
    limit=1,
)
_OPTED_SINCE = sql.lookup(
    MessageRow,
    "direction",
    "id",
    where=[
        col(MessageRow.conversation_id).in_(
            sql.query(ConversationRow.id).where(ConversationRow.identity_id == sql.param("identity"))
        ),
        MessageRow.at > sql.param("since"),
        MessageRow.at <= sql.param("until"),
        sql.query(ProviderEventRow.id).where(_OF_MESSAGE_ROW, ProviderEventRow.code != "").exists(),
    ],
    limit=1,
)
_OF_CODE = sql.lookup(ProviderEventRow, ("message_id", "code"), "id")
_BLANK = sql.change(
    ProviderEventRow,
    (),
    where=[
        (col(ProviderEventRow.message_id) == sql.param("message"))
        | (
            _IS_PARKED
            & (col(ProviderEventRow.inbox_id) == sql.param("inbox"))
            & (col(ProviderEventRow.provider_id) == sql.param("named"))
        )
    ],
    raw={},
    media=_unless_taken_back(ProviderEventRow.media, null()),
    detail=_unless_taken_back(ProviderEventRow.detail, ""),
)
_WITH_RAW = sql.lookup(
    ProviderEventRow,
    (),
    "id",
    where=[
        col(ProviderEventRow.id) > sql.param("after"),
        ProviderEventRow.at < sql.param("before"),
        cast(ProviderEventRow.raw, String) != _NO_JSON,
    ],
    order="id",
    limit="limit",
)
_IS_EDIT = col(ProviderEventRow.status) == _EDITED
_FORGET = sql.change(
    ProviderEventRow,
    (),
    where=[sql.among(ProviderEventRow.id, "ids")],
    raw={},
    media=null(),
    detail=case((_IS_EDIT, ""), else_=ProviderEventRow.detail),
    # An edit whose message hasn't come within that time is no longer parked for it.
    provider_id=case((_IS_EDIT & _IS_PARKED, ""), else_=ProviderEventRow.provider_id),
)
_STATUS = sql.Record(StatusEvent, ProviderEventRow)
_OF_MESSAGE = _STATUS.lookup("message_id", order="id")


def keep(session: Session, event: ProviderEvent) -> bool:
    """Store the event. Return False when it was stored before; then it stays as it is."""
    return bool(sql.changed(session, _KEEP, **_values(event)))


def keep_new(session: Session, event: ProviderEvent) -> None:
    """Store the event, for a caller that knows whether it was stored before; then it stays as it is."""
    sql.write(session, _KEEP, **_values(event))


def _values(event: ProviderEvent) -> dict[str, Any]:
    return {
        "inbox_id": event.inbox_id,
        "event_key": event.event_key,
        "provider_id": event.provider_id,
        "message_id": event.message_id,
        "status": event.status,
        "delivery": "" if event.delivery is None else event.delivery.value,
        "code": event.code,
        "detail": event.detail,
        "media": None if event.media is None else [asdict(file) for file in event.media],
        "at": event.at,
        "raw": dict(event.raw),
    }


def is_kept(session: Session, inbox_id: int, event_key: str) -> bool:
    """Return whether an event is stored already. No other process stores one while this transaction writes."""
    return sql.one(session, _BY_EVENT_KEY, inbox_id=inbox_id, event_key=event_key) is not None


def assign(session: Session, inbox_id: int, event_key: str, message_id: int) -> None:
    """Store which message an event is about."""
    sql.write(session, _ASSIGN, inbox_id=inbox_id, event_key=event_key, message_id=message_id)


def unpark(
    session: Session, inbox_id: int, provider_id: str, message_id: int
) -> tuple[tuple[Delivery, str, datetime], ...]:
    """Assign the parked events of a provider's id to the message that turned out to have it.

    Return the delivery status, error code and time of those with a status, in the order in which they came.
    """
    named = {"inbox_id": inbox_id, "provider_id": provider_id}
    rows = sql.several(session, _PARKED, **named)
    if rows:
        sql.write(session, _UNPARK, **named, message_id=message_id)
    return tuple((member(Delivery, delivery), code, at) for delivery, code, at in rows if delivery)


def early(
    session: Session, inbox_id: int, provider_id: str, status: str, message_id: int
) -> tuple[tuple[datetime, str, tuple[Media, ...] | None], ...]:
    """Assign the parked events of this provider's id and status to a message that has come now.

    Return the time, detail and files (None: unchanged) of each, in the order in which they came.
    """
    of_word = {"inbox_id": inbox_id, "provider_id": provider_id, "status": status}
    rows = sql.several(session, _EARLY, **of_word)
    if rows:
        sql.write(session, _UNPARK_EARLY, **of_word, message_id=message_id)
    return tuple((at, detail, None if media is None else json_columns.media(media)) for at, detail, media in rows)


def was_taken_back(session: Session, message_id: int) -> bool:
    """Return whether the person took the message back."""
    return sql.one(session, _OF_CODE, message_id=message_id, code=TAKEN_BACK) is not None


def blank(session: Session, inbox_id: int, provider_id: str, message_id: int | None) -> None:
    """Empty the events of a message, parked ones too, of texts, files and raw content.

    They stay, each unique as before, and the one by which the message was taken back keeps its own text.
    """
    sql.write(session, _BLANK, message=message_id, inbox=inbox_id, named=provider_id)


def with_raw_before(session: Session, at: datetime, after: int, limit: int) -> list[int]:
    """Return the first ids after `after` of events that are older than `at` and still hold what the provider sent."""
    return [row[0] for row in sql.several(session, _WITH_RAW, after=after, before=at, limit=limit)]


def forget_raw(session: Session, ids: Iterable[int]) -> None:
    """Empty what the provider sent, and the texts and files of edits. Keys, statuses, codes and times stay."""
    sql.write(session, _FORGET, ids=ids)


FORGOTTEN = "forgotten:"
"""Prefix of the key of the event that stands for a message of a forgotten person; the message's provider id follows."""


def is_forgotten(session: Session, inbox_id: int, provider_id: str) -> bool:
    """Return whether the message with this provider's id was of a forgotten person: nothing about it may be stored."""
    return bool(provider_id) and is_kept(session, inbox_id, f"{FORGOTTEN}{provider_id}")


def came_since(session: Session, inbox_id: int, provider_id: str, status: str, at: datetime) -> bool:
    """Return whether a parked event of this provider's id and status has the time `at` or later (provider's clock)."""
    of_word = {"inbox_id": inbox_id, "provider_id": provider_id, "status": status}
    return sql.one(session, _CAME_SINCE, **of_word, since=at) is not None


def said_since(session: Session, clock: Clock, conversation_id: int, code: str, at: datetime) -> bool:
    """Return whether the person wrote a message of this conversation, at `at` or later, whose event has this code.

    A time in the future doesn't count: it was stored before the clock was set back.
    """
    theirs = {"conversation_id": conversation_id, "direction": Direction.IN.value}
    until = furthest(clock(), timedelta())
    return sql.one(session, _SAID_SINCE, **theirs, code=code, since=at, until=until) is not None


def opted_since(session: Session, clock: Clock, identity_id: int, at: datetime) -> bool:
    """Return whether the person said STOP or START on this identity later than `at`.

    A time in the future doesn't count: it was stored before the clock was set back.
    """
    until = furthest(clock(), timedelta())
    theirs = {"identity": identity_id, "direction": Direction.IN.value}
    return sql.one(session, _OPTED_SINCE, **theirs, since=at, until=until) is not None


def of_message(session: Session, message_id: int) -> tuple[StatusEvent, ...]:
    """Return the events of a message, in the order in which they came."""
    return _STATUS.several(session, _OF_MESSAGE, message_id=message_id)
