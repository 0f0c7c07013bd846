"""Gaps in what came in, and the messages that were found at the provider and wait to be taken in."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlmodel import Session

from contacts_tui.domain import unknown_values
from contacts_tui.domain.change import ChangeKind
from contacts_tui.domain.channel import Channel
from contacts_tui.domain.clock import Clock
from contacts_tui.domain.delivery import Delivery
from contacts_tui.domain.gap import Gap, MissedMessage, Reason
from contacts_tui.domain.message import Direction
from contacts_tui.store import change_feed, sql
from contacts_tui.store.timestamps import moment

_READ = (
    "SELECT id, inbox_id, reason, since, until, is_lost, taken, cursor, is_listed, read, reported_up_to, tries, "
    "not_before, code, closed_at, closed_by FROM gap"
)
_OPEN = f"{_READ} WHERE closed_at IS NULL"
_ONE_OPEN = f"{_OPEN} AND inbox_id = ? AND is_lost = ?"
_INSERT = (
    "INSERT INTO gap (inbox_id, reason, since, until, is_lost, opened_at, taken, cursor, is_listed, read, "
    "reported_up_to, tries, code, closed_by) VALUES (?, ?, ?, ?, ?, ?, 0, '', FALSE, 0, 0, 0, '', '') RETURNING id"
)
# What was found before stays found: the list is read anew for the part that came to it.
_WIDEN = "UPDATE gap SET since = ?, until = ?, cursor = '', is_listed = FALSE, reported_up_to = 0 WHERE id = ?"
_READ_ON = (
    "UPDATE gap SET cursor = ?, is_listed = ?, read = read + ?, tries = 0, not_before = NULL, code = '' "
    "WHERE id = ? AND since = ? AND until = ? AND closed_at IS NULL"
)
_FIND = (
    "INSERT INTO missed_message (inbox_id, provider_id, at, place, files, raw) "
    "VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (inbox_id, provider_id) DO UPDATE SET place = excluded.place"
)
_KNOWN = (
    "SELECT event_key FROM provider_event WHERE inbox_id IN (SELECT value FROM json_each(?)) "
    "AND event_key IN (SELECT value FROM json_each(?))"
)
_CAME_IN = (
    "SELECT event_key, message.at FROM provider_event JOIN message ON message.id = provider_event.message_id "
    "WHERE provider_event.inbox_id IN (SELECT value FROM json_each(?)) "
    "AND event_key IN (SELECT value FROM json_each(?))"
)
# A time of the list is the beginning of the second in which the message was sent; a webhook's is exact.
_AFTER = """
    UPDATE missed_message SET at = :at + 1
    WHERE inbox_id = :inbox AND place < :place AND at BETWEEN :at - 999998 AND :at
"""
_FOUND = "SELECT provider_id, at, files, raw FROM missed_message WHERE inbox_id = ? ORDER BY at, place DESC LIMIT ?"
_FORGET = "DELETE FROM missed_message WHERE inbox_id = ? AND provider_id IN (SELECT value FROM json_each(?))"
# An SMS that was delivered is at its end; only WhatsApp tells of reading.
_BEHIND = """
    SELECT id, provider_id FROM message
    WHERE inbox_id = :inbox AND direction = :out AND provider_id <> '' AND at BETWEEN :earliest AND :latest
        AND id > :after AND (status = :sent OR (
            status = :delivered AND (SELECT channel FROM inbox WHERE id = :inbox) = :whatsapp
        ))
    ORDER BY id LIMIT :limit
"""
_FAILED = "UPDATE gap SET tries = tries + 1, not_before = ?, code = ? WHERE id = ?"
_CLOSE = "UPDATE gap SET closed_at = ?, closed_by = ?, code = '' WHERE id = ? AND closed_at IS NULL"
_CLOSED = f"{_READ} WHERE closed_at IS NOT NULL AND inbox_id = ? ORDER BY closed_at DESC LIMIT 1"
_PRUNE = "DELETE FROM gap WHERE closed_at < ?"


def open_gaps(session: Session, inbox_id: int | None = None) -> tuple[Gap, ...]:
    """The gaps that nothing has closed yet, of one inbox or of all, the oldest first."""
    where = "" if inbox_id is None else " AND inbox_id = :inbox"
    return tuple(map(_gap, sql.several(session, f"{_OPEN}{where} ORDER BY since, id", inbox=inbox_id)))


def get(session: Session, gap_id: int) -> Gap | None:
    """The gap, or None."""
    row = sql.one(session, f"{_READ} WHERE id = ?", gap_id)
    return None if row is None else _gap(row)


def last_closed(session: Session, inbox_id: int) -> Gap | None:
    """The gap of an inbox that was closed last, or None."""
    row = sql.one(session, _CLOSED, inbox_id)
    return None if row is None else _gap(row)


def note(
    session: Session, clock: Clock, inbox_id: int, reason: Reason, since: datetime, until: datetime, *, is_lost: bool
) -> Gap:
    """Opens a gap, or widens the one that is open at this inbox so that it holds this span too."""
    row = sql.one(session, _ONE_OPEN, inbox_id, is_lost)
    if row is None:
        written = sql.write(
            session,
            _INSERT,
            inbox_id,
            reason.value,
            sql.stored(since),
            sql.stored(until),
            is_lost,
            sql.stored(clock()),
        )
        gap_id = int(written.fetchone()[0])
    else:
        known = _gap(row)
        gap_id = known.id
        if since >= known.since and until <= known.until:
            return known
        sql.write(
            session,
            _WIDEN,
            sql.stored(min(since, known.since)),
            sql.stored(max(until, known.until)),
            gap_id,
        )
    change_feed.record(session, clock, ChangeKind.INBOX)
    found = get(session, gap_id)
    assert found is not None
    return found


def keep_found(
    session: Session, gap: Gap, found: Iterable[MissedMessage], siblings: Sequence[int], cursor: str
) -> bool:
    """Keeps those of a page of the provider's list that no inbox among `siblings` has yet, and where the list goes on.

    False when the gap has changed since it was read: then nothing is kept, and its list has to be read anew.
    """
    listed = {message.provider_id: message for message in found}
    span = sql.stored(gap.since), sql.stored(gap.until)
    moved = sql.write(session, _READ_ON, cursor, not cursor, len(listed), gap.id, *span)
    if not moved.rowcount:
        return False
    known = known_among(session, siblings, listed)
    for place, (key, message) in enumerate(listed.items(), gap.read):
        if key not in known:
            sql.write(
                session,
                _FIND,
                gap.inbox_id,
                key,
                sql.stored(message.at),
                place,
                message.files,
                sql.as_json(dict(message.raw)),
            )
    _order(session, gap, {key: place for place, key in enumerate(listed, gap.read) if key in known}, siblings)
    return True


def _order(session: Session, gap: Gap, places: dict[str, int], siblings: Sequence[int]) -> None:
    """Puts what was found, within its second, behind what came by webhook before, as the provider's list has it.

    `places` are those of a page's messages that came in, the newest first.
    """
    came_in = {key: at for key, at in sql.several(session, _CAME_IN, sql.among(siblings), sql.among(places))}
    for key, place in reversed(places.items()):
        if key in came_in:
            sql.write(session, _AFTER, inbox=gap.inbox_id, place=place, at=came_in[key])


def known_among(session: Session, inbox_ids: Iterable[int], provider_ids: Iterable[str]) -> frozenset[str]:
    """Those of a provider's messages that one of these inboxes has already."""
    rows = sql.several(session, _KNOWN, sql.among(inbox_ids), sql.among(provider_ids))
    return frozenset(key for (key,) in rows)


def oldest_found(session: Session, inbox_id: int, limit: int) -> tuple[MissedMessage, ...]:
    """The messages that wait to be taken in, the oldest first."""
    return tuple(
        MissedMessage(key, moment(at), files, sql.from_json(raw))
        for key, at, files, raw in sql.several(session, _FOUND, inbox_id, limit)
    )


def taken(session: Session, gap_id: int, inbox_id: int, provider_ids: Iterable[str], count: int) -> None:
    """These wait no longer; `count` of them had not come in otherwise."""
    sql.write(session, _FORGET, inbox_id, sql.among(provider_ids))
    sql.write(session, "UPDATE gap SET taken = taken + ? WHERE id = ?", count, gap_id)


def reported(session: Session, gap_id: int, message_id: int) -> None:
    """The statuses of our messages were asked for up to this one."""
    sql.write(session, "UPDATE gap SET reported_up_to = ? WHERE id = ?", message_id, gap_id)


def failed(session: Session, clock: Clock, gap_id: int, code: str, pause: timedelta) -> None:
    """The provider could not be asked; it may be again after a pause."""
    sql.write(session, _FAILED, sql.stored(clock() + pause), code, gap_id)
    change_feed.record(session, clock, ChangeKind.INBOX)


def behind(session: Session, gap: Gap, earliest: datetime, limit: int) -> tuple[tuple[int, str], ...]:
    """Messages of ours that a report may have been missed of: their ids, and the provider's, from `earliest` on."""
    rows = sql.several(
        session,
        _BEHIND,
        inbox=gap.inbox_id,
        out=Direction.OUT.value,
        sent=Delivery.SENT.value,
        delivered=Delivery.DELIVERED.value,
        whatsapp=Channel.WHATSAPP.value,
        earliest=sql.stored(earliest),
        latest=sql.stored(gap.until),
        after=gap.reported_up_to,
        limit=limit,
    )
    return tuple(rows)


def hurry(session: Session, gap_id: int) -> None:
    """The provider may be asked again at once."""
    sql.write(session, "UPDATE gap SET not_before = NULL WHERE id = ?", gap_id)


def read_anew(session: Session, gap_id: int) -> None:
    """The place in the provider's list is no good any more: it is read from its beginning."""
    sql.write(session, "UPDATE gap SET cursor = '', is_listed = FALSE, read = 0 WHERE id = ?", gap_id)


def close(session: Session, clock: Clock, gap: Gap, by: str = "") -> bool:
    """Everything came in, or somebody took note. False when the gap was widened since it was read, or closed."""
    current = get(session, gap.id)
    if current is None or (current.since, current.until) != (gap.since, gap.until):
        return False
    if not sql.write(session, _CLOSE, sql.stored(clock()), by, gap.id).rowcount:
        return False
    change_feed.record(session, clock, ChangeKind.INBOX)
    return True


def forget_found(session: Session, before: datetime) -> int:
    """Forget what was found at the provider of messages older than that, and let it be looked for anew: the provider
    still lists them. Return how many they were."""
    old = sql.several(
        session, "SELECT inbox_id, count(*) FROM missed_message WHERE at < ? GROUP BY 1", sql.stored(before)
    )
    for inbox_id, _ in old:
        for gap in open_gaps(session, inbox_id):
            read_anew(session, gap.id)
    if old:
        sql.write(session, "DELETE FROM missed_message WHERE at < ?", sql.stored(before))
    return sum(count for _, count in old)


def take_back(session: Session, inbox_id: int, provider_id: str) -> None:
    """Forget a message that its sender took back before it was taken in."""
    sql.write(session, _FORGET, inbox_id, sql.among([provider_id]))


def put_aside(session: Session, clock: Clock, inbox_id: int) -> None:
    """Nothing is received by this inbox any more, so nothing is missed."""
    for gap in open_gaps(session, inbox_id):
        close(session, clock, gap)
    sql.write(session, "DELETE FROM missed_message WHERE inbox_id = ?", inbox_id)


def prune(session: Session, before: datetime) -> None:
    """Forgets the gaps that were closed before."""
    sql.write(session, _PRUNE, sql.stored(before))


def _gap(row: tuple[Any, ...]) -> Gap:
    ident, inbox_id, reason, since, until, is_lost, taken_in, cursor, is_listed, *rest = row
    read, up_to, tries, not_before, code, closed_at, closed_by = rest
    return Gap(
        id=ident,
        inbox_id=inbox_id,
        reason=unknown_values.member(Reason, reason),
        since=moment(since),
        until=moment(until),
        is_lost=bool(is_lost),
        taken=taken_in,
        cursor=cursor,
        is_listed=bool(is_listed),
        read=read,
        reported_up_to=up_to,
        tries=tries,
        not_before=sql.read(not_before),
        code=code,
        closed_at=sql.read(closed_at),
        closed_by=closed_by,
    )
