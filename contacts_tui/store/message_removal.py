"""The removal of a message of ours that was never sent, and a new derivation of what depends on a message."""

from sqlalchemy import delete
from sqlmodel import Session, col, update

from contacts_tui.domain.clock import Clock
from contacts_tui.domain.message import Message
from contacts_tui.store import belongings, change_feed, conversations, drafts, queue, search, sql
from contacts_tui.store.message_tables import ConversationRow, MessageRow
from contacts_tui.store.process_tables import OutboxRow

_TASK = sql.statement(lambda: delete(OutboxRow).where(col(OutboxRow.message_id) == sql.param("message")))
_MESSAGE = sql.statement(lambda: delete(MessageRow).where(col(MessageRow.id) == sql.param("message")))
_LAST = sql.statement(
    lambda: (
        sql.query(MessageRow.at)
        .where(MessageRow.conversation_id == sql.param("conversation"))
        .order_by(col(MessageRow.at).desc())
        .limit(1)
    )
)
_CONVERSATION = sql.statement(
    lambda: (
        update(ConversationRow)
        .where(col(ConversationRow.id) == sql.param("conversation"))
        .values(last_message_at=sql.param("last"))
    )
)


def remove(session: Session, clock: Clock, message: Message) -> None:
    """Remove a message of ours that was never attempted. The person waits again if it was the answer."""
    sql.write(session, _TASK, message=message.id)
    search.reindex_message(session, message.id, message.body, "")
    sql.write(session, _MESSAGE, message=message.id)
    sum_up(session, clock, message)


def withdraw(session: Session, clock: Clock, message: Message) -> None:
    """Remove a message of ours that was never attempted; its text, but no template's, goes before the draft's text."""
    conversation = conversations.get(session, message.conversation_id)
    assert conversation is not None, "a message is in one"
    remove(session, clock, message)
    if message.template is None and message.body:
        typed = drafts.get(session, conversation.identity_id, conversation.inbox_id)
        text = "\n\n".join(filter(None, (message.body, typed)))
        drafts.save(session, clock, conversation.identity_id, conversation.inbox_id, text)


def sum_up(session: Session, clock: Clock, message: Message) -> None:
    """Derive anew what depends on a message that is gone or got another time: the last one, who waits, the lists."""
    last = sql.one(session, _LAST, conversation=message.conversation_id)
    sql.write(session, _CONVERSATION, conversation=message.conversation_id, last=None if last is None else last[0])
    belongings.refresh(session, message.contact_id)
    queue.reckon(session, message.contact_id, clock())
    change_feed.record_message(session, clock, message)
