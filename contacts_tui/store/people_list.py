"""The people list: who is in a place, in which order, and what a line of the list shows of them.

These are plain statements, so that the first page can be read before SQLAlchemy is imported (see `glance`).
"""

import json
from array import array
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from contacts_tui.domain import window
from contacts_tui.domain.channel import Channel, Provider
from contacts_tui.domain.delivery import Delivery
from contacts_tui.domain.listing import Order, PersonRow, Place, PlaceCounts
from contacts_tui.domain.message import Direction
from contacts_tui.domain.text import NO_NAME, draws_nothing
from contacts_tui.domain.unknown_values import member
from contacts_tui.store import json_columns
from contacts_tui.store.timestamps import microseconds, moment

if TYPE_CHECKING:
    from sqlmodel import Session

_LATEST = "ORDER BY activity_at DESC, id DESC"
_CLOSING = "FROM conversation WHERE window_until > :now AND window_until <= :soon"
_MEMBERS = {
    Place.ALL: f"SELECT id FROM contact {_LATEST}",
    Place.UNREAD: f"SELECT id FROM contact WHERE unread > 0 {_LATEST}",
    Place.CLOSING: f"SELECT contact_id AS id {_CLOSING} GROUP BY contact_id ORDER BY min(window_until), contact_id",
    Place.FAILED: f"SELECT id FROM contact WHERE failing {_LATEST}",
}
"""The ids of each place in order. All but the closing ones are read off an index as they stand."""
_BY_NAME = (
    "SELECT contact.id FROM ({members}) AS member JOIN contact ON contact.id = member.id "
    "ORDER BY search_text, contact.id"
)
"""A place by name: what a person is found by begins with the folded name."""
_COUNTS = (
    "SELECT (SELECT count(*) FROM contact), (SELECT count(*) FROM contact WHERE unread > 0), "
    f"(SELECT count(DISTINCT contact_id) {_CLOSING}), (SELECT count(*) FROM contact WHERE failing)"
)


_AMONG = "(SELECT value FROM json_each(:ids))"
_TALKS = (
    "SELECT conversation.contact_id, inbox.channel, conversation.window_until FROM conversation "
    "JOIN inbox ON inbox.id = conversation.inbox_id "
    f"WHERE conversation.contact_id IN {_AMONG} AND conversation.last_message_at IS NOT NULL"
)
"""Channel and window of every conversation that has messages."""
_LINES = (
    "SELECT contact.id, contact.name, "
    "(SELECT address FROM identity WHERE contact_id = contact.id ORDER BY id LIMIT 1), "
    "contact.unread, message.body, message.direction, message.status, "
    "message.media, message.at, message.error_code, message.provider FROM contact "
    "LEFT JOIN message ON message.id = contact.last_message_id "
    f"WHERE contact.id IN {_AMONG}"
)

Query = Callable[[str, Mapping[str, Any]], Iterable[Sequence[Any]]]
"""Runs a reading statement with named values: a session's (`through`), or that of a bare connection (`glance`)."""


@dataclass(frozen=True, slots=True)
class PersonRecord:
    """A line of the people list, with the last message's failure as its provider's code."""

    row: PersonRow
    """`last_failure` is None: putting codes into words is not the store's business."""
    provider: Provider | None
    """Who carried the last message; None when there is none."""
    error_code: str
    """The code of its failure; empty when it didn't fail."""


def through(session: "Session") -> Query:
    """The statements of this module, run in a session."""
    return session.connection().exec_driver_sql


def order(query: Query, place: Place, now: datetime, by: Order = Order.LATEST) -> "array[int]":
    """Ids of everybody in a place, in its order. A million take some 200 ms and 8 MB; by name some seconds."""
    # SQLite writes the whole list as one text: four times quicker than a million rows, and the interpreter is free
    # for the interface meanwhile.
    ((listed,),) = query(f"SELECT json_group_array(id) FROM ({_listed(place, by)})", _times(now))
    return array("q", json.loads(listed))


def first(query: Query, place: Place, now: datetime, limit: int, by: Order = Order.LATEST) -> "array[int]":
    """Ids of the first people of a place: what a screen shows before the whole order is there."""
    found = query(f"{_listed(place, by)} LIMIT :limit", {**_times(now), "limit": limit})
    return array("q", [contact_id for (contact_id,) in found])


def _listed(place: Place, by: Order) -> str:
    members = _MEMBERS[place]
    return _BY_NAME.format(members=members.removesuffix(_LATEST)) if by is Order.NAME else members


def counts(query: Query, now: datetime) -> PlaceCounts:
    """How many people each place holds."""
    ((everyone, unread, closing, failed),) = query(_COUNTS, _times(now))
    return PlaceCounts(everyone, unread, closing, failed)


def rows(query: Query, ids: Sequence[int], now: datetime) -> tuple[PersonRecord, ...]:
    """The lines of these people, in this order; who doesn't exist is left out. Two queries, however many ids."""
    wanted = {"ids": json.dumps(list(ids))}
    talks: dict[int, list[tuple[Channel, datetime | None]]] = {}
    for contact_id, channel, until in query(_TALKS, wanted):
        talks.setdefault(contact_id, []).append((member(Channel, channel), None if until is None else moment(until)))
    records: dict[int, PersonRecord] = {}
    for contact_id, name, address, unread, *message in query(_LINES, wanted):
        shown = name if not draws_nothing(name) else address or NO_NAME
        records[contact_id] = _record(contact_id, shown, unread, message, talks.get(contact_id, []), now)
    return tuple(records[contact_id] for contact_id in ids if contact_id in records)


def _record(
    contact_id: int,
    name: str,
    unread: int,
    message: Sequence[Any],
    talks: Sequence[tuple[Channel, datetime | None]],
    now: datetime,
) -> PersonRecord:
    body, direction, status, media, at, error_code, provider = message
    channels = {channel for channel, _ in talks}
    windows = [(until, channel) for channel, until in talks if until is not None and until > now]
    until, window_channel = min(windows, default=(None, None))
    files = json_columns.media(json_columns.load(media))
    row = PersonRow(
        contact_id=contact_id,
        name=name,
        channels=tuple(channel for channel in Channel if channel in channels),
        unread=unread,
        last_text=body or "",
        last_direction=member(Direction, direction) if direction else None,
        last_status=member(Delivery, status) if status else None,
        last_failure=None,
        last_media=files[0].content_type if files else "",
        last_at=None if at is None else moment(at),
        window_channel=window_channel,
        window_until=until,
    )
    trouble = status in (Delivery.FAILED.value, Delivery.UNKNOWN.value)
    return PersonRecord(row, member(Provider, provider) if provider else None, error_code if trouble else "")


def _times(now: datetime) -> dict[str, int]:
    """The edges of "closing soon", as the store keeps times."""
    return {"now": microseconds(now), "soon": microseconds(now + window.CLOSING_SOON)}
