"""Conversations: found or begun, never doubled."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from sqlmodel import Session

from contacts_tui.domain.change import ChangeKind
from contacts_tui.domain.channel import Channel
from contacts_tui.domain.clock import Clock
from contacts_tui.domain.conversation import Conversation
from contacts_tui.domain.delivery import Delivery
from contacts_tui.domain.message import Direction
from contacts_tui.domain.window import usable_until
from contacts_tui.store import change_feed, sql
from contacts_tui.store.message_tables import ConversationRow
from contacts_tui.store.people_tables import ContactRow
from contacts_tui.store.timestamps import NEVER, moment

_READ = (
    "SELECT id, identity_id, inbox_id, contact_id, unread, last_inbound_at, closed_by_provider_at, last_message_at, "
    "read_up_to, delivered_until, seen_until FROM conversation"
)
_OF_CONTACT = f"{_READ} WHERE contact_id = ? ORDER BY last_message_at DESC, id DESC"
_AMONG = f"{_READ} WHERE id IN (SELECT value FROM json_each(?))"
_BEGIN = """
    INSERT INTO conversation (identity_id, inbox_id, contact_id, unread)
    SELECT id, ?, contact_id, 0 FROM identity WHERE id = ?
"""
_UNREAD_SINCE = "SELECT count(*) FROM message WHERE conversation_id = ? AND direction = ? AND stored_at > ?"
_LAST_STORED = "SELECT max(stored_at) FROM message WHERE conversation_id = ?"
_HEARD = "UPDATE conversation SET last_inbound_at = ?, window_until = ? WHERE id = ?"


def get(session: Session, conversation_id: int) -> Conversation | None:
    """The conversation, or None."""
    row = sql.one(session, f"{_READ} WHERE id = ?", conversation_id)
    return None if row is None else _conversation(row)


def between(session: Session, identity_id: int, inbox_id: int) -> Conversation | None:
    """The one conversation of an identity at an inbox, when it exists."""
    row = sql.one(session, f"{_READ} WHERE identity_id = ? AND inbox_id = ?", identity_id, inbox_id)
    return None if row is None else _conversation(row)


def of_contact(session: Session, contact_id: int) -> tuple[Conversation, ...]:
    """All conversations of a person, the one with the latest message first."""
    return tuple(map(_conversation, sql.several(session, _OF_CONTACT, contact_id)))


def by_ids(session: Session, ids: Iterable[int]) -> dict[int, Conversation]:
    """The conversations of these ids."""
    found = map(_conversation, sql.several(session, _AMONG, sql.among(ids)))
    return {conversation.id: conversation for conversation in found}


def find_or_begin(session: Session, identity_id: int, inbox_id: int) -> Conversation:
    """The conversation between them, begun now if there was none."""
    known = between(session, identity_id, inbox_id)
    if known is not None:
        return known
    sql.write(session, _BEGIN, inbox_id, identity_id)
    begun = between(session, identity_id, inbox_id)
    assert begun is not None
    return begun


def heard(session: Session, clock: Clock, conversation: Conversation, channel: Channel, at: datetime) -> None:
    """The person wrote at `at` (provider's time): the window opens anew, unless something later is known."""
    if conversation.last_inbound_at is None or at > conversation.last_inbound_at:
        window = window_until(channel, at, clock(), conversation.closed_by_provider_at)
        sql.write(session, _HEARD, sql.stored(at), sql.stored(window), conversation.id)


def closed_by_provider(session: Session, clock: Clock, conversation_id: int, channel: Channel, at: datetime) -> None:
    """The provider said that the window is closed: believed over our own arithmetic."""
    row = session.get_one(ConversationRow, conversation_id)
    if row.closed_by_provider_at is None or at > row.closed_by_provider_at:
        row.closed_by_provider_at = at
        row.window_until = window_until(channel, row.last_inbound_at, clock(), at)
        session.add(row)
        change_feed.record(
            session,
            clock,
            ChangeKind.CONVERSATION,
            contact_id=row.contact_id,
            conversation_id=conversation_id,
        )


def reached(session: Session, conversation_id: int, status: Delivery, up_to: datetime) -> None:
    """The provider said that everything up to a moment of its own clock was delivered, or read."""
    row = session.get_one(ConversationRow, conversation_id)
    name = "seen_until" if status is Delivery.READ else "delivered_until"
    before: datetime | None = getattr(row, name)
    if before is None or up_to > before:
        setattr(row, name, up_to)
        session.add(row)


def mark_read(session: Session, clock: Clock, conversation_id: int, up_to: int | None = None) -> None:
    """What was stored until the message with the id `up_to` was seen; without it, everything until now."""
    row = session.get_one(ConversationRow, conversation_id)
    if not row.unread:
        return
    until = max(clock(), _last_stored(session, conversation_id)) if up_to is None else _stored_at(session, up_to)
    if until is None or (row.read_up_to is not None and until < row.read_up_to):
        return
    _read_until(session, clock, row, until)


def mark_unread(session: Session, clock: Clock, conversation_id: int, since: int) -> None:
    """The message with the id `since`, and what was stored after it, counts as unread."""
    row = session.get_one(ConversationRow, conversation_id)
    at = _stored_at(session, since)
    if at is not None and not row.unread:
        _read_until(session, clock, row, at - timedelta(microseconds=1))


def _stored_at(session: Session, message_id: int) -> datetime | None:
    row = sql.one(session, "SELECT stored_at FROM message WHERE id = ?", message_id)
    return None if row is None else moment(row[0])


def _last_stored(session: Session, conversation_id: int) -> datetime:
    """When the message was stored that was stored last: later than now, if the clock has been set back since."""
    (stored,) = sql.one(session, _LAST_STORED, conversation_id)
    return NEVER if stored is None else moment(stored)


def _read_until(session: Session, clock: Clock, row: ConversationRow, until: datetime) -> None:
    count = sql.one(session, _UNREAD_SINCE, row.id, Direction.IN.value, sql.stored(until))
    unread = int(count[0]) if count is not None else 0
    contact = session.get_one(ContactRow, row.contact_id)
    contact.unread = max(0, contact.unread - row.unread + unread)
    row.unread = unread
    row.read_up_to = until
    session.add(row)
    session.add(contact)
    change_feed.record(
        session,
        clock,
        ChangeKind.CONVERSATION,
        contact_id=row.contact_id,
        conversation_id=row.id,
    )


def window_until(
    channel: Channel, heard_at: datetime | None, now: datetime, closed_at: datetime | None
) -> datetime | None:
    """Until when free text may be sent, as far as it is worth a column; None on channels without a window."""
    if channel not in (Channel.WHATSAPP, Channel.MESSENGER) or heard_at is None:
        return None
    return usable_until(heard_at, now, closed_at)


def _conversation(row: tuple[Any, ...]) -> Conversation:
    ident, identity_id, inbox_id, contact_id, unread, *times = row
    last_inbound_at, closed_at, last_message_at, read_up_to, delivered_until, seen_until = map(sql.read, times)
    return Conversation(
        id=ident,
        identity_id=identity_id,
        inbox_id=inbox_id,
        contact_id=contact_id,
        last_inbound_at=last_inbound_at,
        closed_by_provider_at=closed_at,
        last_message_at=last_message_at,
        unread=unread,
        read_up_to=read_up_to,
        delivered_until=delivered_until,
        seen_until=seen_until,
    )
