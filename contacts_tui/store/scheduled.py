"""Messages that leave later, at a time that their writer chose: kept in the outbox until then."""

from collections.abc import Iterable
from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlmodel import Session, col

from contacts_tui.domain.clock import Clock
from contacts_tui.domain.delivery import Delivery
from contacts_tui.domain.message import Direction, Message, NewMessage
from contacts_tui.domain.scheduled import Scheduled
from contacts_tui.store import (
    change_feed,
    conversations,
    drafts,
    inboxes,
    json_columns,
    message_removal,
    messages,
    outbox,
    search,
    sql,
)
from contacts_tui.store.message_tables import ConversationRow, InboxRow, MessageRow
from contacts_tui.store.outbox import Task
from contacts_tui.store.people_tables import ContactRow
from contacts_tui.store.process_tables import OutboxRow
from contacts_tui.store.timestamps import microseconds, moment

AT_ONCE = 100
"""Messages that leave in one transaction."""

_IN_ORDER = (col(OutboxRow.not_before), col(OutboxRow.message_id))
_DUE = sql.lookup(
    OutboxRow, "task", "message_id", where=[OutboxRow.not_before <= sql.param("now")], order=_IN_ORDER, limit="limit"
)
_DUE_AT = sql.lookup(OutboxRow, ("message_id", "task"), "not_before")
_LEAVE = sql.change(MessageRow, "id", "status", "status_at", "at")
_REWRITE = sql.change(MessageRow, "id", "body")


def _listed(*conditions: Any) -> sql.Statement:
    wrote_since = col(ContactRow.last_inbound_at) > MessageRow.stored_at
    return sql.statement(
        lambda: (
            sql.query(OutboxRow.message_id, OutboxRow.not_before, ContactRow.name, InboxRow.name, wrote_since)
            .select_from(OutboxRow)
            .join(MessageRow, col(MessageRow.id) == OutboxRow.message_id)
            .join(ContactRow, col(ContactRow.id) == MessageRow.contact_id)
            .join(InboxRow, col(InboxRow.id) == OutboxRow.inbox_id)
            .where(OutboxRow.task == Task.SCHEDULED.value, *conditions)
            .order_by(*_IN_ORDER)
        )
    )


_ALL = _listed()
_THREADS = sql.query(ConversationRow.id).where(ConversationRow.contact_id == sql.param("contact"))
_OF_PERSON = _listed(col(OutboxRow.conversation_id).in_(_THREADS))


def listed(session: Session, contact_id: int | None = None) -> tuple[Scheduled, ...]:
    """Return the scheduled messages, to one person or to all, the next one first."""
    whom = {} if contact_id is None else {"contact": contact_id}
    rows = sql.several(session, _ALL if contact_id is None else _OF_PERSON, **whom)
    found = {message.id: message for message in messages.by_ids(session, [row[0] for row in rows])} if rows else {}
    return tuple(
        Scheduled(found[message_id], due, name, inbox, bool(since)) for message_id, due, name, inbox, since in rows
    )


def due_at(session: Session, message_id: int) -> datetime | None:
    """Return when a message is to leave; None for one that isn't scheduled (any more)."""
    row = sql.one(session, _DUE_AT, message_id=message_id, task=Task.SCHEDULED.value)
    return None if row is None else row[0]


def is_due(session: Session, now: datetime) -> bool:
    """Return whether the time of a scheduled message has come."""
    return bool(_due(session, now, 1))


def release(session: Session, clock: Clock) -> None:
    """Queue up to AT_ONCE messages whose time has come, dated now; each answers what came before it was scheduled."""
    for message in messages.by_ids(session, _due(session, clock(), AT_ONCE)):
        now = clock()
        sql.write(session, _LEAVE, id=message.id, status=Delivery.QUEUED.value, status_at=now, at=now)
        outbox.put(session, message.id, Task.SEND, now)
        message_removal.sum_up(session, clock, message)


def change(session: Session, clock: Clock, message: Message, text: str, due: datetime) -> None:
    """Give a scheduled message this text and this time."""
    search.reindex_message(session, message.id, message.body, text)
    sql.write(session, _REWRITE, id=message.id, body=text)
    outbox.put(session, message.id, Task.SCHEDULED, due)
    change_feed.record_message(session, clock, message)


def fields(session: Session, uid: str, contact_id: int) -> dict[str, Any] | None:
    """Return a scheduled message to a person in full, as JSON holds it; None when none of this uid is scheduled."""
    message = messages.by_uid(session, uid)
    due = None if message is None else due_at(session, message.id)
    if message is None or due is None or message.contact_id != contact_id:
        return None
    conversation = conversations.get(session, message.conversation_id)
    assert conversation is not None, "a message is in one"
    template = message.template
    return {
        "identity_id": conversation.identity_id,
        "inbox_id": conversation.inbox_id,
        "text": message.body,
        "media": [asdict(file) for file in message.media],
        "template": None if template is None else {**asdict(template), "variables": dict(template.variables)},
        "author": message.author,
        "human_agent": message.human_agent,
        "due": microseconds(due),
    }


def put_fields(session: Session, clock: Clock, uid: str, said: dict[str, Any] | None) -> None:
    """Put a scheduled message back as these `fields` say: change it, schedule it again, or take it back with None."""
    message = messages.by_uid(session, uid)
    if said is None:
        if message is not None:
            message_removal.withdraw(session, clock, message)
    elif message is not None:
        change(session, clock, message, said["text"], moment(said["due"]))
    else:
        _schedule_again(session, clock, uid, said)


def _schedule_again(session: Session, clock: Clock, uid: str, said: dict[str, Any]) -> None:
    """Schedule a message again that was taken back, and take its text out of the draft."""
    identity_id, inbox_id, text = said["identity_id"], said["inbox_id"], said["text"]
    new = NewMessage(
        uid,
        text,
        json_columns.media(said["media"]),
        json_columns.template_use(said["template"]),
        said["author"],
        said["human_agent"],
        Direction.OUT,
        Delivery.SCHEDULED,
    )
    inbox = inboxes.get(session, inbox_id)
    assert inbox is not None, "an inbox is never deleted"
    conversation = conversations.find_or_begin(session, identity_id, inbox_id)
    message = messages.insert(session, clock, conversation, inbox, new)
    outbox.put(session, message.id, Task.SCHEDULED, moment(said["due"]))
    draft = drafts.get(session, identity_id, inbox_id)
    if new.template is None and text and draft.startswith(text):
        drafts.save(session, clock, identity_id, inbox_id, draft.removeprefix(text).lstrip("\n"))


def _due(session: Session, now: datetime, limit: int) -> Iterable[int]:
    rows = sql.several(session, _DUE, task=Task.SCHEDULED.value, now=now, limit=limit)
    return [message_id for (message_id,) in rows]
