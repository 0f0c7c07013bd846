"""Gaps in what was received, and the messages that were found in a provider's list and wait to be taken in."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from sqlalchemy import Integer, String, func, null
from sqlmodel import Session, col

from contacts_tui.domain import unknown_values
from contacts_tui.domain.change import ChangeKind
from contacts_tui.domain.channel import Channel
from contacts_tui.domain.clock import Clock
from contacts_tui.domain.delivery import Delivery
from contacts_tui.domain.gap import Gap, MissedMessage, Reason
from contacts_tui.domain.message import Direction
from contacts_tui.store import change_feed, sql
from contacts_tui.store.message_tables import InboxRow, MessageRow, ProviderEventRow
from contacts_tui.store.process_tables import GapRow, MissedMessageRow

_WITHIN_A_SECOND = timedelta(microseconds=999_998)

_GAP = sql.Record(Gap, GapRow, {"reason": partial(unknown_values.member, Reason)})
_FOUND = sql.Record(MissedMessage, MissedMessageRow)
_IS_OPEN = col(GapRow.closed_at).is_(None)


def _came_in(*selected: Any) -> Any:
    """Return the query for the events with some keys that came in to one of some inboxes."""
    return sql.query(ProviderEventRow.event_key, *selected).where(
        col(ProviderEventRow.inbox_id).in_(sql.members("inboxes", Integer())),
        col(ProviderEventRow.event_key).in_(sql.members("keys", String())),
    )


def _unreported() -> Any:
    """Return the query for our messages that may lack a report: after delivery, only WhatsApp sends one (read)."""
    inbox, delivery = sql.param("inbox", Integer()), col(MessageRow.status)
    channel = sql.query(InboxRow.channel).where(InboxRow.id == inbox).scalar_subquery()
    return (
        sql.query(MessageRow.id, MessageRow.provider_id)
        .where(
            MessageRow.inbox_id == inbox,
            MessageRow.direction == Direction.OUT.value,
            MessageRow.provider_id != "",
            col(MessageRow.at).between(sql.param("earliest"), sql.param("latest")),
            col(MessageRow.id) > sql.param("after"),
            (delivery == Delivery.SENT.value)
            | ((delivery == Delivery.DELIVERED.value) & (channel == Channel.WHATSAPP.value)),
        )
        .order_by(MessageRow.id)
        .limit(sql.param("limit", Integer()))
    )


_IN_ORDER = ("since", "id")
_OPEN = _GAP.lookup("inbox_id", where=[_IS_OPEN], order=_IN_ORDER)
_OPEN_AT_ALL = _GAP.lookup(where=[_IS_OPEN], order=_IN_ORDER)
_ONE_OPEN = _GAP.lookup("inbox_id", "is_lost", where=[_IS_OPEN])
_BY_ID = _GAP.lookup("id")
_BEGUN = {
    "taken": 0,
    "cursor": "",
    "is_listed": False,
    "read": 0,
    "reported_up_to": 0,
    "tries": 0,
    "code": "",
    "closed_by": "",
}
"""The values of a gap that was not worked on yet."""
_INSERT = sql.insertion(GapRow, "inbox_id", "reason", "since", "until", "is_lost", "opened_at", *_BEGUN)
# The messages that were found before stay: the list is read anew for the part that was added.
_WIDEN = sql.change(GapRow, "id", "since", "until", "cursor", "is_listed", "reported_up_to")
_READ_ON = sql.change(
    GapRow,
    ("id", "since", "until"),
    "cursor",
    "is_listed",
    where=[_IS_OPEN],
    read=GapRow.read + sql.param("more"),
    tries=0,
    not_before=null(),
    code="",
)
_FIND = sql.upsert(
    lambda insert: (put := insert(MissedMessageRow)).on_conflict_do_update(
        index_elements=[col(MissedMessageRow.inbox_id), col(MissedMessageRow.provider_id)],
        set_={"place": put.excluded.place},
    ),
    *("inbox_id", "provider_id", "at", "place", "files", "raw"),
)
_KNOWN = sql.statement(_came_in)
_CAME_IN = sql.statement(
    lambda: _came_in(MessageRow.at).join(MessageRow, col(MessageRow.id) == ProviderEventRow.message_id)
)
_AFTER = sql.change(
    MissedMessageRow,
    "inbox_id",
    where=[
        col(MissedMessageRow.place) < sql.param("before"),
        col(MissedMessageRow.at).between(sql.param("earliest"), sql.param("latest")),
    ],
    at=sql.param("moved"),
)
_OLDEST_FOUND = _FOUND.lookup("inbox_id", order=("at", col(MissedMessageRow.place).desc()), limit="limit")
_FORGET = sql.removal(MissedMessageRow, "inbox_id", where=[sql.among(MissedMessageRow.provider_id, "keys")])
_FORGET_ALL = sql.removal(MissedMessageRow, "inbox_id")
_IS_OLD = MissedMessageRow.at < sql.param("before")
_OLD = sql.statement(
    lambda: sql.query(MissedMessageRow.inbox_id, func.count()).where(_IS_OLD).group_by(MissedMessageRow.inbox_id)
)
_FORGET_OLD = sql.removal(MissedMessageRow, where=[_IS_OLD])
_UNREPORTED = sql.statement(_unreported)
_TAKEN = sql.change(GapRow, "id", taken=GapRow.taken + sql.param("more"))
_REPORTED = sql.change(GapRow, "id", "reported_up_to")
_FAILED = sql.change(GapRow, "id", "not_before", "code", tries=GapRow.tries + 1)
_HURRY = sql.change(GapRow, "id", "not_before")
_READ_ANEW = sql.change(GapRow, "id", "cursor", "is_listed", "read")
_CLOSE = sql.change(GapRow, "id", "closed_at", "closed_by", where=[_IS_OPEN], code="")
_PRUNE = sql.removal(GapRow, where=[col(GapRow.closed_at) < sql.param("before")])


def open_gaps(session: Session, inbox_id: int | None = None) -> tuple[Gap, ...]:
    """Return the open gaps of one inbox or of all, the oldest first."""
    if inbox_id is None:
        return _GAP.several(session, _OPEN_AT_ALL)
    return _GAP.several(session, _OPEN, inbox_id=inbox_id)


def get(session: Session, gap_id: int) -> Gap | None:
    """Return the gap, or None."""
    return _GAP.one(session, _BY_ID, id=gap_id)


def note(
    session: Session, clock: Clock, inbox_id: int, reason: Reason, since: datetime, until: datetime, *, is_lost: bool
) -> Gap:
    """Open a gap, or widen the inbox's open gap of the same `is_lost` to hold this span too, and return it."""
    known = _GAP.one(session, _ONE_OPEN, inbox_id=inbox_id, is_lost=is_lost)
    if known is None:
        span = {"reason": reason.value, "since": since, "until": until, "is_lost": is_lost}
        gap_id = sql.inserted(session, _INSERT, inbox_id=inbox_id, opened_at=clock(), **span, **_BEGUN)
    else:
        gap_id = known.id
        if since >= known.since and until <= known.until:
            return known
        span = {"since": min(since, known.since), "until": max(until, known.until)}
        sql.write(session, _WIDEN, id=gap_id, **span, cursor="", is_listed=False, reported_up_to=0)
    change_feed.record(session, clock, ChangeKind.INBOX)
    return _GAP.existing(session, _BY_ID, id=gap_id)


def keep_found(
    session: Session, gap: Gap, found: Iterable[MissedMessage], siblings: Sequence[int], cursor: str
) -> bool:
    """Store the messages of a page of the provider's list that no inbox among `siblings` has, and the next `cursor`.

    Return False when the gap has changed since it was read: then nothing is stored, and its list is to be read anew.
    """
    listed = {message.provider_id: message for message in found}
    span = {"id": gap.id, "since": gap.since, "until": gap.until}
    moved = sql.changed(session, _READ_ON, **span, cursor=cursor, is_listed=not cursor, more=len(listed))
    if not moved:
        return False
    known = known_among(session, siblings, listed)
    for place, (key, message) in enumerate(listed.items(), gap.read):
        if key not in known:
            found_at = {"at": message.at, "place": place, "files": message.files, "raw": dict(message.raw)}
            sql.write(session, _FIND, inbox_id=gap.inbox_id, provider_id=key, **found_at)
    _order(session, gap, {key: place for place, key in enumerate(listed, gap.read) if key in known}, siblings)
    return True


def _order(session: Session, gap: Gap, places: dict[str, int], siblings: Sequence[int]) -> None:
    """Give found messages a time after those that came by webhook in the same second, where the list has them later.

    `places` are those of a page's messages that came in, the newest first.
    """
    came_in = dict(sql.several(session, _CAME_IN, inboxes=siblings, keys=places))
    for key, place in reversed(places.items()):
        if (at := came_in.get(key)) is not None:
            # The list gives the beginning of the second in which a message was sent; a webhook gives the exact time.
            times = {"earliest": at - _WITHIN_A_SECOND, "latest": at, "moved": at + timedelta(microseconds=1)}
            sql.write(session, _AFTER, inbox_id=gap.inbox_id, before=place, **times)


def known_among(session: Session, inbox_ids: Iterable[int], provider_ids: Iterable[str]) -> frozenset[str]:
    """Return the ids of those of a provider's messages that one of these inboxes has received already."""
    return frozenset(key for (key,) in sql.several(session, _KNOWN, inboxes=inbox_ids, keys=provider_ids))


def oldest_found(session: Session, inbox_id: int, limit: int) -> tuple[MissedMessage, ...]:
    """Return the first `limit` messages that wait to be taken in, the oldest first."""
    return _FOUND.several(session, _OLDEST_FOUND, inbox_id=inbox_id, limit=limit)


def taken(session: Session, gap_id: int, inbox_id: int, provider_ids: Iterable[str], count: int) -> None:
    """Remove these messages from those that wait, and count `count` of them as missed: the others came by webhook."""
    sql.write(session, _FORGET, inbox_id=inbox_id, keys=provider_ids)
    sql.write(session, _TAKEN, id=gap_id, more=count)


def reported(session: Session, gap_id: int, message_id: int) -> None:
    """Store that the provider was asked for the statuses of our messages up to this one."""
    sql.write(session, _REPORTED, id=gap_id, reported_up_to=message_id)


def failed(session: Session, clock: Clock, gap_id: int, code: str, pause: timedelta) -> None:
    """Store that the provider could not be asked, with the code of the failure; it may be asked again after `pause`."""
    sql.write(session, _FAILED, id=gap_id, not_before=clock() + pause, code=code)
    change_feed.record(session, clock, ChangeKind.INBOX)


def unreported(session: Session, gap: Gap, earliest: datetime, limit: int) -> tuple[tuple[int, str], ...]:
    """Return the ids of our messages from `earliest` on that a report may be missing for, each with the provider's."""
    span = {"earliest": earliest, "latest": gap.until}
    after = gap.reported_up_to
    return tuple(sql.several(session, _UNREPORTED, inbox=gap.inbox_id, after=after, limit=limit, **span))


def hurry(session: Session, gap_id: int) -> None:
    """Let the provider be asked again at once."""
    sql.write(session, _HURRY, id=gap_id, not_before=None)


def read_anew(session: Session, gap_id: int) -> None:
    """Have the provider's list read from its beginning, because the place in it is no longer valid."""
    sql.write(session, _READ_ANEW, id=gap_id, cursor="", is_listed=False, read=0)


def close(session: Session, clock: Clock, gap: Gap, by: str = "") -> bool:
    """Close a gap: all was received, or the agent `by` took note. Return False if it was widened or closed since."""
    current = get(session, gap.id)
    if current is None or (current.since, current.until) != (gap.since, gap.until):
        return False
    if not sql.changed(session, _CLOSE, id=gap.id, closed_at=clock(), closed_by=by):
        return False
    change_feed.record(session, clock, ChangeKind.INBOX)
    return True


def forget_found(session: Session, before: datetime) -> int:
    """Forget found messages older than `before`, and return how many; their lists are read anew and still hold them."""
    old = sql.several(session, _OLD, before=before)
    for inbox_id, _ in old:
        for gap in open_gaps(session, inbox_id):
            read_anew(session, gap.id)
    if old:
        sql.write(session, _FORGET_OLD, before=before)
    return sum(count for _, count in old)


def take_back(session: Session, inbox_id: int, provider_id: str) -> None:
    """Forget a message that its sender took back before it was taken in."""
    sql.write(session, _FORGET, inbox_id=inbox_id, keys=[provider_id])


def put_aside(session: Session, clock: Clock, inbox_id: int) -> None:
    """Close the gaps of an inbox that receives nothing any more, and forget its found messages: none is missed."""
    for gap in open_gaps(session, inbox_id):
        close(session, clock, gap)
    sql.write(session, _FORGET_ALL, inbox_id=inbox_id)


def prune(session: Session, before: datetime) -> None:
    """Forget the gaps that were closed before `before`."""
    sql.write(session, _PRUNE, before=before)
