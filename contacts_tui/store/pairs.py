"""An identity and an inbox of ours, with all that decides whether the inbox may write to it, in one statement."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Integer
from sqlmodel import Session, col

from contacts_tui.domain.contact import Identity
from contacts_tui.domain.conversation import Conversation
from contacts_tui.domain.inbox import Inbox
from contacts_tui.store import sql
from contacts_tui.store.contacts import IDENTITY
from contacts_tui.store.conversations import CONVERSATION
from contacts_tui.store.inboxes import INBOX
from contacts_tui.store.message_tables import ConversationRow, InboxRow
from contacts_tui.store.people_tables import ContactRow, IdentityRow


@dataclass(frozen=True, slots=True)
class Pair:
    """An identity and an inbox."""

    identity: Identity
    inbox: Inbox
    conversation: Conversation | None
    """Their conversation; None while they have none."""
    our_block_at: datetime | None
    """When an agent blocked the person; None when none did."""


_COLUMNS = (*IDENTITY.columns, *INBOX.columns, ContactRow.blocked_at, *CONVERSATION.columns)
_INBOX_FROM = len(IDENTITY.columns)
_BLOCK_AT = _INBOX_FROM + len(INBOX.columns)
_BETWEEN = sql.statement(
    lambda: (
        sql.query(*_COLUMNS)
        .select_from(IdentityRow)
        .join(ContactRow, col(ContactRow.id) == IdentityRow.contact_id)
        .join(InboxRow, col(InboxRow.id) == sql.param("inbox"))
        .outerjoin(
            ConversationRow,
            (col(ConversationRow.identity_id) == IdentityRow.id) & (col(ConversationRow.inbox_id) == InboxRow.id),
        )
        .where(IdentityRow.id == sql.param("identity"))
    )
)
_OF_CONVERSATIONS = sql.statement(
    lambda: (
        sql.query(*_COLUMNS)
        .select_from(ConversationRow)
        .join(IdentityRow, col(IdentityRow.id) == ConversationRow.identity_id)
        .join(ContactRow, col(ContactRow.id) == IdentityRow.contact_id)
        .join(InboxRow, col(InboxRow.id) == ConversationRow.inbox_id)
        .where(col(ConversationRow.id).in_(sql.members("ids", Integer())))
    )
)


def between(session: Session, identity_id: int, inbox_id: int) -> Pair | None:
    """Return the pair of an identity and an inbox, whether they fit together or not; None when one doesn't exist."""
    row = sql.one(session, _BETWEEN, identity=identity_id, inbox=inbox_id)
    return None if row is None else _pair(row)


def of_conversations(session: Session, ids: Iterable[int]) -> dict[int, Pair]:
    """Return the pairs of these conversations, by the conversation's id."""
    found = (_pair(row) for row in sql.several(session, _OF_CONVERSATIONS, ids=ids))
    return {pair.conversation.id: pair for pair in found if pair.conversation is not None}


def _pair(row: tuple[Any, ...]) -> Pair:
    conversation = row[_BLOCK_AT + 1 :]
    return Pair(
        IDENTITY.of(row[:_INBOX_FROM]),
        INBOX.of(row[_INBOX_FROM:_BLOCK_AT]),
        None if conversation[0] is None else CONVERSATION.of(conversation),
        row[_BLOCK_AT],
    )
