"""Raw provider events: each kept once for good, parked while their message is not known."""

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
"""The word of an edit."""
_NO_JSON = "{}"

_KEEP = sql.upsert(
    lambda insert: insert(ProviderEventRow).on_conflict_do_nothing(
        index_elements=[col(ProviderEventRow.inbox_id), col(ProviderEventRow.event_key)]
    ),
    *(field.name for field in fields(ProviderEvent)),
)
_BY_EVENT_KEY = sql.lookup(ProviderEventRow, ("inbox_id", "event_key"), "id")
_ASSIGN = sql.change(ProviderEventRow, ("inbox_id", "event_key"), "message_id")


# Events that wait for a message of the provider's, as the index of these says it.
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
    # A change whose message never came within that time is not waited for any more.
    provider_id=case((_IS_EDIT & _IS_PARKED, ""), else_=ProviderEventRow.provider_id),
)
_STATUS = sql.Record(StatusEvent, ProviderEventRow)
_OF_MESSAGE = _STATUS.lookup("message_id", order="id")


def keep(session: Session, event: ProviderEvent) -> bool:
    """Stores the event; False when the same one was stored before."""
    return bool(sql.changed(session, _KEEP, **_values(event)))


def keep_new(session: Session, event: ProviderEvent) -> None:
    """Store an event of which it is known whether it was stored before: then it stays as it is."""
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
    """Whether an event was stored before. Nobody else stores one as long as this transaction writes."""
    return sql.one(session, _BY_EVENT_KEY, inbox_id=inbox_id, event_key=event_key) is not None


def assign(session: Session, inbox_id: int, event_key: str, message_id: int) -> None:
    """Says which message an event speaks of."""
    sql.write(session, _ASSIGN, inbox_id=inbox_id, event_key=event_key, message_id=message_id)


def unpark(
    session: Session, inbox_id: int, provider_id: str, message_id: int
) -> tuple[tuple[Delivery, str, datetime], ...]:
    """Gives the parked events of a provider's id to the message that turned out to have it.

    Returns each one's place on the lattice, its error code and its time, oldest first.
    """
    named = {"inbox_id": inbox_id, "provider_id": provider_id}
    rows = sql.several(session, _PARKED, **named)
    if rows:
        sql.write(session, _UNPARK, **named, message_id=message_id)
    return tuple((member(Delivery, delivery), code, at) for delivery, code, at in rows if delivery)


def early(
    session: Session, inbox_id: int, provider_id: str, status: str, message_id: int
) -> tuple[tuple[datetime, str, tuple[Media, ...] | None], ...]:
    """Gives the parked events of a message that has come now, and of that word, to it: times, details and files."""
    of_word = {"inbox_id": inbox_id, "provider_id": provider_id, "status": status}
    rows = sql.several(session, _EARLY, **of_word)
    if rows:
        sql.write(session, _UNPARK_EARLY, **of_word, message_id=message_id)
    return tuple((at, detail, None if media is None else json_columns.media(media)) for at, detail, media in rows)


def was_taken_back(session: Session, message_id: int) -> bool:
    """Whether the person took the message back."""
    return sql.one(session, _OF_CODE, message_id=message_id, code=TAKEN_BACK) is not None


def blank(session: Session, inbox_id: int, provider_id: str, message_id: int | None) -> None:
    """Empties everything that was kept of a message's words and files. The events stay, each unique as before."""
    sql.write(session, _BLANK, message=message_id, inbox=inbox_id, named=provider_id)


def with_raw_before(session: Session, at: datetime, after: int, limit: int) -> list[int]:
    """Ids of the first events behind the id `after` that are older than `at` and still hold what the provider sent."""
    return [row[0] for row in sql.several(session, _WITH_RAW, after=after, before=at, limit=limit)]


def forget_raw(session: Session, ids: Iterable[int]) -> None:
    """Empties what the provider sent, and the texts of changes. Keys, statuses, codes and times stay."""
    sql.write(session, _FORGET, ids=ids)


FORGOTTEN = "forgotten:"
"""Begins the key of what stands for a message of a forgotten person; the provider's id of the message follows."""


def is_forgotten(session: Session, inbox_id: int, provider_id: str) -> bool:
    """Return whether a message of this id was one with a person who was forgotten: nothing of it is kept any more."""
    return bool(provider_id) and is_kept(session, inbox_id, f"{FORGOTTEN}{provider_id}")


def came_since(session: Session, inbox_id: int, provider_id: str, status: str, at: datetime) -> bool:
    """Whether an event of that word, of no message, about this at the provider, is of `at` or later by its clock."""
    of_word = {"inbox_id": inbox_id, "provider_id": provider_id, "status": status}
    return sql.one(session, _CAME_SINCE, **of_word, since=at) is not None


def said_since(session: Session, clock: Clock, conversation_id: int, code: str, at: datetime) -> bool:
    """Whether a message of a conversation that was said from `at` on came with an event of this code.

    What lies in the future came before the clock was set back.
    """
    theirs = {"conversation_id": conversation_id, "direction": Direction.IN.value}
    until = furthest(clock(), timedelta())
    return sql.one(session, _SAID_SINCE, **theirs, code=code, since=at, until=until) is not None


def opted_since(session: Session, clock: Clock, identity_id: int, at: datetime) -> bool:
    """Whether a word about further messages, STOP or START, came from an address that was said later than `at`.

    What lies in the future came before the clock was set back.
    """
    until = furthest(clock(), timedelta())
    theirs = {"identity": identity_id, "direction": Direction.IN.value}
    return sql.one(session, _OPTED_SINCE, **theirs, since=at, until=until) is not None


def of_message(session: Session, message_id: int) -> tuple[StatusEvent, ...]:
    """Everything the provider said of a message, in the order in which it came."""
    return _STATUS.several(session, _OF_MESSAGE, message_id=message_id)
