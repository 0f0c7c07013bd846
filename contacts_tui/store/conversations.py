"""Conversations: found or begun, at most one for an identity and an inbox."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy import func
from sqlmodel import Session, col

from contacts_tui.domain.change import ChangeKind
from contacts_tui.domain.channel import Channel
from contacts_tui.domain.clock import Clock
from contacts_tui.domain.conversation import Conversation
from contacts_tui.domain.delivery import Delivery
from contacts_tui.domain.message import Direction
from contacts_tui.domain.window import usable_until
from contacts_tui.store import change_feed, sql
from contacts_tui.store.message_tables import ConversationRow, MessageRow
from contacts_tui.store.people_tables import ContactRow, IdentityRow
from contacts_tui.store.timestamps import NEVER

CONVERSATION = sql.Record(Conversation, ConversationRow)
_BY_ID = CONVERSATION.lookup("id")
_BETWEEN = CONVERSATION.lookup("identity_id", "inbox_id")
_OF_IDENTITY = CONVERSATION.lookup("identity_id", order="id")
_LATEST_FIRST = (col(ConversationRow.last_message_at).desc().nulls_last(), col(ConversationRow.id).desc())
_OF_CONTACT = CONVERSATION.lookup("contact_id", order=_LATEST_FIRST)
_AMONG = CONVERSATION.lookup(where=[sql.among(ConversationRow.id, "ids")])
_CONTACT_OF = sql.lookup(IdentityRow, "id", "contact_id")
_BEGIN = sql.insertion(ConversationRow, "identity_id", "inbox_id", "contact_id", "unread")
_WINDOW = sql.change(ConversationRow, "id", "last_inbound_at", "window_until")
_CLOSED = sql.change(ConversationRow, "id", "closed_by_provider_at", "window_until")
_SEEN = sql.change(ConversationRow, "id", "seen_until")
_DELIVERED = sql.change(ConversationRow, "id", "delivered_until")
_READ_UP_TO = sql.change(ConversationRow, "id", "unread", "read_up_to")
_UNREAD_OF_CONTACT = sql.change(ContactRow, "id", unread=func.greatest(ContactRow.unread + sql.param("more"), 0))
_UNREAD_SINCE = sql.lookup(
    MessageRow, ("conversation_id", "direction"), func.count(), where=[MessageRow.stored_at > sql.param("until")]
)
_LAST_STORED = sql.lookup(MessageRow, "conversation_id", func.max(MessageRow.stored_at))
_STORED_AT = sql.lookup(MessageRow, "id", "stored_at")


def get(session: Session, conversation_id: int) -> Conversation | None:
    """Return the conversation, or None."""
    return CONVERSATION.one(session, _BY_ID, id=conversation_id)


def between(session: Session, identity_id: int, inbox_id: int) -> Conversation | None:
    """Return the one conversation of an identity at an inbox, or None."""
    return CONVERSATION.one(session, _BETWEEN, identity_id=identity_id, inbox_id=inbox_id)


def of_contact(session: Session, contact_id: int) -> tuple[Conversation, ...]:
    """Return all conversations of a person, the one with the latest message first."""
    return CONVERSATION.several(session, _OF_CONTACT, contact_id=contact_id)


def of_identity(session: Session, identity_id: int) -> tuple[Conversation, ...]:
    """Return all conversations of an identity, the oldest first."""
    return CONVERSATION.several(session, _OF_IDENTITY, identity_id=identity_id)


def by_ids(session: Session, ids: Iterable[int]) -> dict[int, Conversation]:
    """Return the conversations of these ids, by id; those that don't exist are left out."""
    return {found.id: found for found in CONVERSATION.several(session, _AMONG, ids=ids)}


def find_or_begin(session: Session, identity_id: int, inbox_id: int) -> Conversation:
    """Return the conversation of an identity at an inbox, begun now if there was none."""
    known = between(session, identity_id, inbox_id)
    if known is not None:
        return known
    (contact_id,) = sql.one(session, _CONTACT_OF, id=identity_id)
    sql.write(session, _BEGIN, identity_id=identity_id, inbox_id=inbox_id, contact_id=contact_id, unread=0)
    return CONVERSATION.existing(session, _BETWEEN, identity_id=identity_id, inbox_id=inbox_id)


def received(session: Session, clock: Clock, conversation: Conversation, channel: Channel, at: datetime) -> None:
    """Store that the person wrote at `at` (provider's time): the window opens anew, unless they wrote later already."""
    if conversation.last_inbound_at is None or at > conversation.last_inbound_at:
        window = window_until(channel, at, clock(), conversation.closed_by_provider_at)
        sql.write(session, _WINDOW, id=conversation.id, last_inbound_at=at, window_until=window)


def closed_by_provider(session: Session, clock: Clock, conversation_id: int, channel: Channel, at: datetime) -> None:
    """Store when the provider found the window closed, unless a later time is known. This overrules our reckoning."""
    known = CONVERSATION.existing(session, _BY_ID, id=conversation_id)
    if known.closed_by_provider_at is None or at > known.closed_by_provider_at:
        window = window_until(channel, known.last_inbound_at, clock(), at)
        sql.write(session, _CLOSED, id=known.id, closed_by_provider_at=at, window_until=window)
        _record(session, clock, known)


def reached(session: Session, conversation_id: int, status: Delivery, up_to: datetime) -> None:
    """Store that everything up to a time of the provider's clock was delivered or read, unless a later one is known."""
    known = CONVERSATION.existing(session, _BY_ID, id=conversation_id)
    if status is Delivery.READ:
        if known.seen_until is None or up_to > known.seen_until:
            sql.write(session, _SEEN, id=known.id, seen_until=up_to)
    elif known.delivered_until is None or up_to > known.delivered_until:
        sql.write(session, _DELIVERED, id=known.id, delivered_until=up_to)


def mark_read(session: Session, clock: Clock, conversation_id: int, up_to: int | None = None) -> None:
    """Mark as read what was stored until the message with the id `up_to` was; without it, everything until now."""
    known = CONVERSATION.existing(session, _BY_ID, id=conversation_id)
    if not known.unread:
        return
    until = max(clock(), _last_stored(session, conversation_id)) if up_to is None else _stored_at(session, up_to)
    if until is None or (known.read_up_to is not None and until < known.read_up_to):
        return
    _read_until(session, clock, known, until)


def mark_unread(session: Session, clock: Clock, conversation_id: int, since: int) -> None:
    """Mark the message with the id `since`, and what was stored after it, as unread, unless anything is already."""
    known = CONVERSATION.existing(session, _BY_ID, id=conversation_id)
    at = _stored_at(session, since)
    if at is not None and not known.unread:
        _read_until(session, clock, known, at - timedelta(microseconds=1))


def read_until(session: Session, clock: Clock, conversation_id: int, until: datetime | None) -> None:
    """Mark what was stored until then as read, and what was stored later as unread; None marks everything as unread."""
    known = CONVERSATION.existing(session, _BY_ID, id=conversation_id)
    _read_until(session, clock, known, NEVER if until is None else until)


def _stored_at(session: Session, message_id: int) -> datetime | None:
    row = sql.one(session, _STORED_AT, id=message_id)
    return None if row is None else row[0]


def _last_stored(session: Session, conversation_id: int) -> datetime:
    """Return when the latest message was stored, or NEVER: later than now, if the clock has been set back since."""
    (stored,) = sql.one(session, _LAST_STORED, conversation_id=conversation_id)
    return NEVER if stored is None else stored


def _read_until(session: Session, clock: Clock, known: Conversation, until: datetime) -> None:
    of_theirs = {"conversation_id": known.id, "direction": Direction.IN.value}
    (unread,) = sql.one(session, _UNREAD_SINCE, **of_theirs, until=until)
    sql.write(session, _UNREAD_OF_CONTACT, id=known.contact_id, more=unread - known.unread)
    sql.write(session, _READ_UP_TO, id=known.id, unread=unread, read_up_to=until)
    _record(session, clock, known)


def _record(session: Session, clock: Clock, known: Conversation) -> None:
    change_feed.record(session, clock, ChangeKind.CONVERSATION, contact_id=known.contact_id, conversation_id=known.id)


def window_until(
    channel: Channel, heard_at: datetime | None, now: datetime, closed_at: datetime | None
) -> datetime | None:
    """Return until when free text may be sent; None on channels without a window, or when the person never wrote."""
    if channel not in (Channel.WHATSAPP, Channel.MESSENGER) or heard_at is None:
        return None
    return usable_until(heard_at, now, closed_at)
