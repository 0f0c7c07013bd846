"""The place in a thread where a day begins."""

from datetime import datetime

from sqlalchemy import Integer
from sqlmodel import Session, col

from contacts_tui.domain.message import Message
from contacts_tui.store import messages, sql
from contacts_tui.store.message_tables import MessageRow

_FIRST_SINCE = sql.statement(
    lambda: (
        sql.query(MessageRow.id)
        .where(
            MessageRow.contact_id == sql.param("contact"),
            (sql.param("any", Integer()) == 1) | (col(MessageRow.conversation_id) == sql.param("conversation")),
            col(MessageRow.at) >= sql.param("since"),
        )
        .order_by(col(MessageRow.at), col(MessageRow.id))
        .limit(1)
    )
)


def first_since(session: Session, contact_id: int, conversation_id: int | None, moment: datetime) -> Message | None:
    """Return the first message with a contact, or of one conversation, from a moment on; None without any."""
    row = sql.one(
        session,
        _FIRST_SINCE,
        contact=contact_id,
        any=int(conversation_id is None),
        conversation=conversation_id or 0,
        since=moment,
    )
    return None if row is None else messages.get(session, row[0])
