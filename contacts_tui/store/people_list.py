"""What a line of the people list shows. Nothing here needs SQLAlchemy: the first page is read before its import."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from contacts_tui.domain.channel import Channel, Provider
from contacts_tui.domain.delivery import Delivery
from contacts_tui.domain.listing import PersonRow
from contacts_tui.domain.message import Direction
from contacts_tui.domain.text import NO_NAME, draws_nothing
from contacts_tui.domain.unknown_values import member
from contacts_tui.store import backends, json_columns
from contacts_tui.store.backends.protocol import People
from contacts_tui.store.timestamps import moment

if TYPE_CHECKING:
    from sqlmodel import Session


_MESSAGE = 7
"""Columns of the last message in a line."""


@dataclass(frozen=True, slots=True)
class PersonRecord:
    """A line of the people list, with the last message's failure as its provider's code."""

    row: PersonRow
    """`last_failure` is None: the services put codes into words."""
    provider: Provider | None
    """The provider that carried the last message; None when there is none."""
    error_code: str
    """The code of its failure; empty when it didn't fail."""


def rows(session: "Session", ids: Sequence[int], now: datetime) -> tuple[PersonRecord, ...]:
    """Return the lines of these people in this order, by two queries; people who don't exist are left out."""
    return _lines(backends.of_bind(session.bind).people(session), ids, now)


def first_page(
    location: str, limit: int, now: datetime, *, waiting: bool, everybody: bool
) -> tuple[tuple[PersonRecord, ...], bool]:
    """Return the lines of people who wait, the most urgent first, or else of all; and True for those who wait.

    They are read without SQLAlchemy; there are none where the store can't simply be read. `waiting` and `everybody`
    say which of the two may be shown.
    """

    def read(people: People) -> tuple[tuple[PersonRecord, ...], bool]:
        found = people.first_waiting(limit) if waiting else []
        ids = found or (people.first(limit) if everybody else [])
        return _lines(people, ids, now), bool(found)

    return backends.read_before(location, read) or ((), False)


def _lines(people: People, ids: Sequence[int], now: datetime) -> tuple[PersonRecord, ...]:
    """Return the lines of these people as `rows` does."""
    talks: dict[int, list[tuple[Channel, datetime | None]]] = {}
    for contact_id, channel, until in people.talks(ids):
        talks.setdefault(contact_id, []).append((member(Channel, channel), None if until is None else moment(until)))
    records: dict[int, PersonRecord] = {}
    for contact_id, name, address, unread, *found in people.lines(ids):
        shown = name if not draws_nothing(name) else address or NO_NAME
        talked = talks.get(contact_id, [])
        record = _record(contact_id, shown, unread, found[:_MESSAGE], talked, now)
        records[contact_id] = replace(record, row=_queued(record.row, found[_MESSAGE:], talked))
    return tuple(records[contact_id] for contact_id in ids if contact_id in records)


def _queued(row: PersonRow, found: Sequence[Any], talks: Sequence[tuple[Channel, datetime | None]]) -> PersonRow:
    """Return the line with the person's queue entry, assignee and draft filled in."""
    state, waiting_since, deadline, wake_at, assignee, has_draft = found
    ends = None if deadline is None else moment(deadline)
    return row._replace(
        state=state or row.state,
        waiting_since=None if waiting_since is None else moment(waiting_since),
        deadline=ends,
        deadline_channel=next((channel for channel, until in talks if until is not None and until == ends), None),
        wake_at=None if wake_at is None else moment(wake_at),
        assignee=assignee,
        has_draft=bool(has_draft),
    )


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
