"""Conversations: found or begun, never doubled."""

from collections.abc import Iterable
from datetime import datetime

from sqlmodel import Session, col, select

from contacts_tui.domain.change import ChangeKind
from contacts_tui.domain.channel import Channel
from contacts_tui.domain.clock import Clock
from contacts_tui.domain.conversation import Conversation
from contacts_tui.domain.delivery import Delivery
from contacts_tui.domain.window import usable_until
from contacts_tui.store import changes
from contacts_tui.store.tables import ContactRow, ConversationRow, IdentityRow


def get(session: Session, conversation_id: int) -> Conversation | None:
    """The conversation, or None."""
    row = session.get(ConversationRow, conversation_id)
    return None if row is None else _conversation(row)


def between(session: Session, identity_id: int, inbox_id: int) -> Conversation | None:
    """The one conversation of an identity at an inbox, when it exists."""
    row = _between(session, identity_id, inbox_id)
    return None if row is None else _conversation(row)


def of_contact(session: Session, contact_id: int) -> tuple[Conversation, ...]:
    """All conversations of a person, the one with the latest message first."""
    rows = session.exec(
        select(ConversationRow)
        .where(ConversationRow.contact_id == contact_id)
        .order_by(col(ConversationRow.last_message_at).desc(), col(ConversationRow.id).desc())
    )
    return tuple(map(_conversation, rows))


def by_ids(session: Session, ids: Iterable[int]) -> dict[int, Conversation]:
    """The conversations of these ids."""
    rows = session.exec(select(ConversationRow).where(col(ConversationRow.id).in_(list(ids))))
    return {row.id: _conversation(row) for row in rows if row.id is not None}


def find_or_begin(session: Session, identity_id: int, inbox_id: int) -> Conversation:
    """The conversation between them, begun now if there was none."""
    row = _between(session, identity_id, inbox_id)
    if row is None:
        identity = session.get_one(IdentityRow, identity_id)
        row = ConversationRow(identity_id=identity_id, inbox_id=inbox_id, contact_id=identity.contact_id)
        session.add(row)
        session.flush()
    return _conversation(row)


def heard(session: Session, clock: Clock, conversation_id: int, channel: Channel, at: datetime) -> None:
    """The person wrote at `at` (provider's time): the window opens anew, unless something later is known."""
    row = session.get_one(ConversationRow, conversation_id)
    if row.last_inbound_at is None or at > row.last_inbound_at:
        row.last_inbound_at = at
        _set_window(row, channel, clock())
        session.add(row)


def closed_by_provider(session: Session, clock: Clock, conversation_id: int, channel: Channel, at: datetime) -> None:
    """The provider said that the window is closed: believed over our own arithmetic."""
    row = session.get_one(ConversationRow, conversation_id)
    if row.closed_by_provider_at is None or at > row.closed_by_provider_at:
        row.closed_by_provider_at = at
        _set_window(row, channel, clock())
        session.add(row)
        changes.record(
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


def mark_read(session: Session, clock: Clock, conversation_id: int) -> None:
    """Everything stored until now was seen."""
    row = session.get_one(ConversationRow, conversation_id)
    if not row.unread:
        return
    contact = session.get_one(ContactRow, row.contact_id)
    contact.unread = max(0, contact.unread - row.unread)
    row.unread = 0
    row.read_up_to = clock()
    session.add(row)
    session.add(contact)
    changes.record(
        session,
        clock,
        ChangeKind.CONVERSATION,
        contact_id=row.contact_id,
        conversation_id=conversation_id,
    )


def _between(session: Session, identity_id: int, inbox_id: int) -> ConversationRow | None:
    return session.exec(
        select(ConversationRow).where(ConversationRow.identity_id == identity_id, ConversationRow.inbox_id == inbox_id)
    ).first()


def _set_window(row: ConversationRow, channel: Channel, now: datetime) -> None:
    if channel in (Channel.WHATSAPP, Channel.MESSENGER) and row.last_inbound_at is not None:
        row.window_until = usable_until(row.last_inbound_at, now, row.closed_by_provider_at)


def _conversation(row: ConversationRow) -> Conversation:
    assert row.id is not None
    return Conversation(
        id=row.id,
        identity_id=row.identity_id,
        inbox_id=row.inbox_id,
        contact_id=row.contact_id,
        last_inbound_at=row.last_inbound_at,
        closed_by_provider_at=row.closed_by_provider_at,
        last_message_at=row.last_message_at,
        unread=row.unread,
        read_up_to=row.read_up_to,
        delivered_until=row.delivered_until,
        seen_until=row.seen_until,
    )
