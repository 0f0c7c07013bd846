"""Messages: inserted once, their status moved along the lattice, read by pages."""

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any

from sqlmodel import Session

from contacts_tui.domain.change import ChangeKind
from contacts_tui.domain.channel import Channel, Provider
from contacts_tui.domain.clock import Clock
from contacts_tui.domain.conversation import Conversation
from contacts_tui.domain.delivery import Delivery
from contacts_tui.domain.message import Direction, Media, Message, NewMessage
from contacts_tui.domain.unknown_values import member
from contacts_tui.store import change_feed, json_columns, queue, search, sql
from contacts_tui.store.timestamps import microseconds, moment

_TROUBLE = (Delivery.FAILED.value, Delivery.UNKNOWN.value)

_INSERT = (
    "INSERT INTO message (uid, conversation_id, contact_id, inbox_id, direction, body, media, template, author, "
    "status, error_code, provider_id, provider, human_agent, at, stored_at, status_at) "
    "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, '', ?, ?, ?, ?, ?, ?)"
)
_NOTE_ON_CONVERSATION = (
    "UPDATE conversation SET last_message_at = max(coalesce(last_message_at, ?), ?), unread = unread + ? WHERE id = ?"
)
# On the right of SET stand the values from before: the latest message is decided by the old activity_at.
_NOTE_ON_CONTACT = """
    UPDATE contact SET
        last_message_id = iif(:at >= activity_at, :message, last_message_id),
        failing = iif(:at >= activity_at, :failing, failing),
        activity_at = max(activity_at, :at),
        unread = unread + :inbound,
        last_inbound_at = iif(:inbound, max(coalesce(last_inbound_at, :at), :at), last_inbound_at)
    WHERE id = :contact
"""
_INBOX = "SELECT channel, provider FROM inbox WHERE id = ?"
# The channel is asked for within, so that it has no say in which index answers.
_READ = (
    "SELECT id, uid, conversation_id, contact_id, (SELECT channel FROM inbox WHERE inbox.id = message.inbox_id), "
    "direction, body, media, template, author, status, error_code, provider_id, provider, at, status_at, edited_at, "
    "human_agent "
    "FROM message"
)
_IN_ORDER = "ORDER BY at, id"
_NEWEST_FIRST = "ORDER BY at DESC, id DESC"
_LAST_OUTBOUND = f"SELECT id FROM message WHERE contact_id = ? AND direction = ? {_NEWEST_FIRST} LIMIT 1"
_FIRST_UNREAD = (
    "SELECT id FROM message WHERE conversation_id = ? AND direction = ? AND stored_at > coalesce(?, 0) "
    f"{_IN_ORDER} LIMIT 1"
)
_LAST_INBOUND = "SELECT id FROM message WHERE conversation_id = ? AND direction = ? ORDER BY at DESC, id DESC LIMIT 1"
_HEARD_SINCE = "SELECT body FROM message WHERE conversation_id = ? AND direction = ? AND stored_at >= ?"
_SAID_AT = (
    "SELECT body FROM message JOIN conversation ON conversation.id = message.conversation_id "
    "WHERE identity_id = ? AND direction = ? AND message.at = ? ORDER BY message.id DESC LIMIT 1"
)
_PROVIDER_HAD = (
    "UPDATE message SET provider_at = :at WHERE id = :message AND (provider_at IS NULL OR provider_at > :at)"
)
_EDIT = "UPDATE message SET body = ?, media = ?, edited_at = ? WHERE id = ?"
_SET_STATUS = """
    UPDATE message SET
        status = :status,
        error_code = :code,
        status_at = :at,
        provider_id = coalesce(:provider_id, provider_id),
        provider_at = iif(:provider_id IS NULL, provider_at, NULL)
    WHERE id = :message
    RETURNING contact_id, conversation_id
"""
_NOTE_STATUS_ON_CONTACT = "UPDATE contact SET failing = ? WHERE id = ? AND last_message_id = ?"
_SET_PROVIDER_ID = "UPDATE message SET provider_id = ? WHERE id = ?"


def insert(session: Session, clock: Clock, conversation: Conversation, new: NewMessage) -> Message:
    """Stores a message and what the people list, the search and the feed need of it."""
    now = clock()
    at = now if new.at is None else new.at
    stored_at = now
    if new.direction is Direction.IN and conversation.read_up_to is not None:
        # The clock may have been set back since they were read up to there: what comes now is unread all the same.
        stored_at = max(now, conversation.read_up_to + timedelta(microseconds=1))
    use = None if new.template is None else {**asdict(new.template), "variables": dict(new.template.variables)}
    channel, provider = sql.one(session, _INBOX, conversation.inbox_id)
    written = sql.write(
        session,
        _INSERT,
        new.uid,
        conversation.id,
        conversation.contact_id,
        conversation.inbox_id,
        new.direction.value,
        new.body,
        _files(new.media),
        None if use is None else sql.as_json(use),
        new.author,
        "" if new.status is None else new.status.value,
        new.provider_id,
        provider,
        new.human_agent,
        sql.stored(at),
        sql.stored(stored_at),
        None if new.status is None else sql.stored(now),
    )
    message_id = written.lastrowid
    assert message_id is not None
    _note(session, conversation, message_id, new.direction, new.status, at)
    if new.direction is Direction.IN:
        queue.received(session, conversation.contact_id, conversation.inbox_id, at, now)
    elif new.status is not Delivery.FAILED:
        queue.answered(session, conversation.contact_id)
    search.index_message(session, message_id, new.body)
    change_feed.record(
        session,
        clock,
        ChangeKind.MESSAGE,
        contact_id=conversation.contact_id,
        conversation_id=conversation.id,
        message_id=message_id,
    )
    return Message(
        id=message_id,
        uid=new.uid,
        conversation_id=conversation.id,
        contact_id=conversation.contact_id,
        channel=member(Channel, channel),
        direction=new.direction,
        body=new.body,
        media=new.media,
        template=new.template,
        author=new.author,
        status=new.status,
        error_code="",
        provider_id=new.provider_id,
        provider=member(Provider, provider),
        at=at,
        status_at=None if new.status is None else now,
        edited_at=None,
        human_agent=new.human_agent,
    )


def get(session: Session, message_id: int) -> Message | None:
    """The message, or None."""
    return next(iter(_found(session, "id = :id", id=message_id)), None)


def by_uid(session: Session, uid: str) -> Message | None:
    """The message with this client id, or None."""
    return next(iter(_found(session, "uid = :uid", uid=uid)), None)


def by_provider_id(session: Session, inbox_id: int, provider_id: str) -> Message | None:
    """The message that the provider knows under this id, or None."""
    named = "inbox_id = :inbox AND provider_id = :provider AND provider_id <> ''"
    return next(iter(_found(session, named, inbox=inbox_id, provider=provider_id)), None)


def by_ids(session: Session, ids: Iterable[int]) -> tuple[Message, ...]:
    """These messages in thread order; ids that don't exist are left out."""
    return _found(session, f"id IN (SELECT value FROM json_each(:ids)) {_IN_ORDER}", ids=sql.among(ids))


def page(
    session: Session,
    *,
    conversation_id: int | None = None,
    contact_id: int | None = None,
    before: int | None = None,
    after: int | None = None,
    limit: int,
) -> tuple[Message, ...]:
    """Up to `limit` messages of a conversation or of a contact, in thread order.

    The newest ones, or those just `before` or just `after` the message of that id.
    """
    wanted = ["TRUE"]
    if conversation_id is not None:
        wanted.append("conversation_id = :conversation")
    if contact_id is not None:
        wanted.append("contact_id = :contact")
    edge = before if after is None else after
    if edge is not None:
        wanted.append(f"(at, id) {'<' if after is None else '>'} (:at, :edge)")
    values = {
        "conversation": conversation_id,
        "contact": contact_id,
        "at": None if edge is None else sql.one(session, "SELECT at FROM message WHERE id = ?", edge)[0],
        "edge": edge,
        "limit": limit,
    }
    if after is not None:
        return _found(session, f"{' AND '.join(wanted)} {_IN_ORDER} LIMIT :limit", **values)
    return _found(session, f"{' AND '.join(wanted)} {_NEWEST_FIRST} LIMIT :limit", **values)[::-1]


def last_outbound(session: Session, contact_id: int) -> int | None:
    """The id of the last message written to a contact, on any channel."""
    row = sql.one(session, _LAST_OUTBOUND, contact_id, Direction.OUT.value)
    return None if row is None else int(row[0])


def last_inbound(session: Session, conversation_id: int) -> int | None:
    """The id of the last message that came in, in thread order."""
    row = sql.one(session, _LAST_INBOUND, conversation_id, Direction.IN.value)
    return None if row is None else int(row[0])


def first_unread(session: Session, conversation: Conversation) -> int | None:
    """The id of the first message in thread order that nobody has read yet."""
    if not conversation.unread:
        return None
    read_up_to = sql.stored(conversation.read_up_to)
    row = sql.one(session, _FIRST_UNREAD, conversation.id, Direction.IN.value, read_up_to)
    return None if row is None else int(row[0])


def set_status(
    session: Session,
    clock: Clock,
    message_id: int,
    status: Delivery,
    *,
    code: str = "",
    provider_id: str | None = None,
    at: datetime | None = None,
) -> None:
    """Writes a status that the caller has already put through the lattice (or a new attempt begins with).

    `provider_id` None leaves it as it is; any other begins anew with what the provider says. `at` is when it happened;
    now when not given.
    """
    written = sql.write(
        session,
        _SET_STATUS,
        status=status.value,
        code=code,
        at=sql.stored(clock() if at is None else at),
        provider_id=provider_id,
        message=message_id,
    )
    contact_id, conversation_id = written.fetchone()
    sql.write(session, _NOTE_STATUS_ON_CONTACT, status.value in _TROUBLE, contact_id, message_id)
    if status is Delivery.FAILED:
        queue.reckon(session, contact_id, clock())
    change_feed.record(
        session,
        clock,
        ChangeKind.STATUS,
        contact_id=contact_id,
        conversation_id=conversation_id,
        message_id=message_id,
    )


def set_provider_id(session: Session, message_id: int, provider_id: str) -> None:
    """The provider's id of the message's latest attempt became known."""
    sql.write(session, _SET_PROVIDER_ID, provider_id, message_id)


def provider_had(session: Session, message_id: int, at: datetime) -> bool:
    """The provider had our message at `at`, by its own clock. False when an earlier moment was known."""
    return bool(sql.write(session, _PROVIDER_HAD, at=sql.stored(at), message=message_id).rowcount)


def untag(session: Session, message_id: int) -> None:
    """The message goes as plain text, not under the HUMAN_AGENT tag."""
    sql.write(session, "UPDATE message SET human_agent = FALSE WHERE id = ?", message_id)


def edit(
    session: Session, clock: Clock, message_id: int, body: str, media: Iterable[Media] | None, at: datetime
) -> None:
    """The person changed a message of theirs at `at`; an older change than the last one is none.

    `media` are the files it has since; None: those it had.

    Telegram tells whole seconds: of two changes in one, that which came later counts.
    """
    before = get(session, message_id)
    assert before is not None
    if before.edited_at is not None and before.edited_at > at:
        return
    search.reindex_message(session, message_id, before.body, body)
    files = before.media if media is None else media
    sql.write(session, _EDIT, body, _files(files), sql.stored(at), message_id)
    change_feed.record(
        session,
        clock,
        ChangeKind.MESSAGE,
        contact_id=before.contact_id,
        conversation_id=before.conversation_id,
        message_id=message_id,
    )


def sent_until(session: Session, conversation_id: int, up_to: datetime) -> tuple[Message, ...]:
    """Our messages of a conversation that the provider had by a moment of its clock and whose reading isn't known yet.

    One of which the provider hasn't said when it had it is left out: our own clock may go before or after its.
    """
    return _found(
        session,
        f"conversation_id = :conversation AND status IN (:sent, :delivered) AND provider_at <= :up_to {_IN_ORDER}",
        conversation=conversation_id,
        sent=Delivery.SENT.value,
        delivered=Delivery.DELIVERED.value,
        up_to=sql.stored(up_to),
    )


def said_at(session: Session, identity_id: int, at: datetime) -> str:
    """The text of what an identity wrote at exactly this time; empty when nothing is of then."""
    row = sql.one(session, _SAID_AT, identity_id, Direction.IN.value, sql.stored(at))
    return "" if row is None else str(row[0])


def received_since(session: Session, conversation_id: int, at: datetime) -> tuple[str, ...]:
    """The texts of what the person wrote and was stored from `at` on."""
    rows = sql.several(session, _HEARD_SINCE, conversation_id, Direction.IN.value, sql.stored(at))
    return tuple(body for (body,) in rows)


def inbox_of(session: Session, message_id: int) -> int:
    """The id of the inbox at which a message came or from which it goes."""
    (inbox_id,) = sql.one(session, "SELECT inbox_id FROM message WHERE id = ?", message_id)
    return int(inbox_id)


def status_of(session: Session, message_id: int) -> Delivery | None:
    """What is known of a message of ours; None for one of theirs."""
    (status,) = sql.one(session, "SELECT status FROM message WHERE id = ?", message_id)
    return member(Delivery, status) if status else None


def weekly_counts(session: Session, contact_id: int, starts: Iterable[datetime]) -> tuple[int, ...]:
    """Messages of a contact from each of these moments (ascending) to the next one."""
    edges = [microseconds(start) for start in starts]
    times = "SELECT at FROM message WHERE contact_id = ? AND at >= ?"
    counts = [0] * len(edges)
    for (at,) in sql.several(session, times, contact_id, edges[0]):
        counts[bisect_right(edges, at) - 1] += 1
    return tuple(counts)


def _note(
    session: Session,
    conversation: Conversation,
    message_id: int,
    direction: Direction,
    status: Delivery | None,
    at: datetime,
) -> None:
    """Conversation and person keep of a new message what lists are made from."""
    stored, is_inbound = sql.stored(at), direction is Direction.IN
    sql.write(session, _NOTE_ON_CONVERSATION, stored, stored, is_inbound, conversation.id)
    sql.write(
        session,
        _NOTE_ON_CONTACT,
        at=stored,
        message=message_id,
        failing=status is not None and status.value in _TROUBLE,
        inbound=is_inbound,
        contact=conversation.contact_id,
    )


def _files(media: Iterable[Media]) -> str:
    return sql.as_json([asdict(file) for file in media])


def _found(session: Session, condition: str, **values: Any) -> tuple[Message, ...]:
    """The messages for which a condition holds, in the order that stands with it."""
    return tuple(map(_message, sql.several(session, f"{_READ} WHERE {condition}", **values)))


def _message(row: tuple[Any, ...]) -> Message:
    ident, uid, conversation_id, contact_id, channel, direction, body, media, template, *others = row
    author, status, error_code, provider_id, provider, at, status_at, edited_at, human_agent = others
    return Message(
        id=ident,
        uid=uid,
        conversation_id=conversation_id,
        contact_id=contact_id,
        channel=member(Channel, channel),
        direction=member(Direction, direction),
        body=body,
        media=json_columns.media(json_columns.load(media)),
        template=json_columns.template_use(json_columns.load(template)),
        author=author,
        status=member(Delivery, status) if status else None,
        error_code=error_code,
        provider_id=provider_id,
        provider=member(Provider, provider),
        at=moment(at),
        status_at=sql.read(status_at),
        edited_at=sql.read(edited_at),
        human_agent=bool(human_agent),
    )
