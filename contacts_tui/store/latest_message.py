"""What the rows of a conversation and a contact keep of their messages, so that lists needn't read the messages."""

from datetime import datetime
from typing import Any

from sqlalchemy import Boolean, Integer, case, func
from sqlmodel import Session, col

from contacts_tui.domain.conversation import Conversation
from contacts_tui.domain.delivery import Delivery
from contacts_tui.domain.message import Direction
from contacts_tui.store import sql
from contacts_tui.store.columns import Instant
from contacts_tui.store.message_tables import ConversationRow
from contacts_tui.store.people_tables import ContactRow

_TROUBLE = (Delivery.FAILED, Delivery.UNKNOWN)


def _note_on_contact(*, inbound: bool) -> sql.Statement:
    """Return the statement that notes a new message on its contact.

    Expressions in an UPDATE see the values from before: the old `activity_at` decides whether this is the latest one.
    """
    at, is_latest = sql.param("at", Instant()), sql.param("at", Instant()) >= ContactRow.activity_at
    noted: dict[str, Any] = {
        "last_message_id": case((is_latest, sql.param("message", Integer())), else_=ContactRow.last_message_id),
        "failing": case((is_latest, sql.param("fails", Boolean())), else_=ContactRow.failing),
        "activity_at": func.greatest(ContactRow.activity_at, at),
    }
    if inbound:
        noted["unread"] = ContactRow.unread + 1
        noted["last_inbound_at"] = func.greatest(func.coalesce(ContactRow.last_inbound_at, at), at)
    return sql.change(ContactRow, "id", **noted)


_AT = sql.param("at", Instant())
_NOTE_ON_CONVERSATION = sql.change(
    ConversationRow,
    "id",
    last_message_at=func.greatest(func.coalesce(ConversationRow.last_message_at, _AT), _AT),
    unread=ConversationRow.unread + sql.param("unread_now", Integer()),
)
_NOTE_ON_CONTACT = {
    Direction.IN: _note_on_contact(inbound=True),
    Direction.OUT: _note_on_contact(inbound=False),
}
_FAILS = sql.param("fails", Boolean())
_NOTE_STATUS = sql.change(
    ContactRow, ("id", "last_message_id"), where=[col(ContactRow.failing) != _FAILS], failing=_FAILS
)


def note(
    session: Session,
    conversation: Conversation,
    message_id: int,
    direction: Direction,
    status: Delivery | None,
    at: datetime,
) -> None:
    """Keep on the conversation and the contact of a new message what lists show of it."""
    unread = int(direction is Direction.IN)
    sql.write(session, _NOTE_ON_CONVERSATION, id=conversation.id, at=at, unread_now=unread)
    fails = status in _TROUBLE
    noted = _NOTE_ON_CONTACT[direction]
    sql.write(session, noted, id=conversation.contact_id, at=at, message=message_id, fails=fails)


def note_status(session: Session, contact_id: int, message_id: int, status: Delivery) -> None:
    """Keep on a contact whether its latest message failed or is unknown; another message changes nothing."""
    sql.write(session, _NOTE_STATUS, id=contact_id, last_message_id=message_id, fails=status in _TROUBLE)
