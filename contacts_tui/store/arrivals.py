"""Messages that came in, with the people who wrote them and their assignees."""

from collections.abc import Iterable

from sqlmodel import Session, col

from contacts_tui.domain.arrival import Arrival
from contacts_tui.domain.media import NO_TEXT, media_word
from contacts_tui.domain.message import Direction
from contacts_tui.store import json_columns, sql
from contacts_tui.store.message_tables import MessageRow
from contacts_tui.store.people_tables import ContactRow

_ARRIVED = sql.statement(
    lambda: (
        sql.query(
            MessageRow.id, MessageRow.contact_id, ContactRow.name, MessageRow.body, MessageRow.media, ContactRow.owner
        )
        .join(ContactRow, col(ContactRow.id) == MessageRow.contact_id)
        .where(
            sql.among(MessageRow.id, "ids"),
            MessageRow.direction == Direction.IN.value,
            col(ContactRow.blocked_at).is_(None),
        )
        .order_by(col(MessageRow.id))
    )
)
_UNREAD = sql.lookup(ContactRow, (), "id", where=[sql.among(ContactRow.id, "ids"), ContactRow.unread > 0])


def arrived(session: Session, message_ids: Iterable[int]) -> tuple[Arrival, ...]:
    """Return those of these messages that came in from people who aren't blocked, in the order of their ids."""
    found = []
    for message_id, contact_id, name, body, media, owner in sql.several(session, _ARRIVED, ids=list(message_ids)):
        kinds = [media_word(file.content_type) for file in json_columns.media(media)]
        found.append(Arrival(message_id, contact_id, name, body or "".join(kinds[:1]) or NO_TEXT, owner))
    return tuple(found)


def unread_among(session: Session, contact_ids: Iterable[int]) -> frozenset[int]:
    """Return the ids of those of these people who have unread messages."""
    return frozenset(contact_id for (contact_id,) in sql.several(session, _UNREAD, ids=list(contact_ids)))
