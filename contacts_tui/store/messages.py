"""Messages: inserted once, their status moved along the lattice, read by pages."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import and_, or_
from sqlmodel import Session, col, select

from contacts_tui.domain.change import ChangeKind
from contacts_tui.domain.channel import Channel
from contacts_tui.domain.clock import Clock
from contacts_tui.domain.conversation import Conversation
from contacts_tui.domain.delivery import Delivery
from contacts_tui.domain.message import Direction, Media, Message, TemplateUse
from contacts_tui.store import changes, plain, search
from contacts_tui.store.tables import ContactRow, InboxRow, MessageRow

_TROUBLE = (Delivery.FAILED.value, Delivery.UNKNOWN.value)

_INSERT = (
    "INSERT INTO message (uid, conversation_id, contact_id, inbox_id, direction, body, media, template, author, "
    "status, error_code, provider_id, human_agent, at, stored_at, status_at) "
    "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, '', ?, ?, ?, ?, ?)"
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
_CHANNEL = "SELECT channel FROM inbox WHERE id = ?"


def insert(
    session: Session,
    clock: Clock,
    conversation: Conversation,
    *,
    uid: str,
    direction: Direction,
    body: str,
    at: datetime,
    media: Iterable[Media] = (),
    template: TemplateUse | None = None,
    author: str = "",
    status: Delivery | None = None,
    provider_id: str = "",
    human_agent: bool = False,
) -> Message:
    """Stores a message and what the people list, the search and the feed need of it."""
    now = clock()
    files = tuple(media)
    use = None if template is None else {**asdict(template), "variables": dict(template.variables)}
    written = plain.write(
        session,
        _INSERT,
        uid,
        conversation.id,
        conversation.contact_id,
        conversation.inbox_id,
        direction.value,
        body,
        plain.as_json([asdict(file) for file in files]),
        None if use is None else plain.as_json(use),
        author,
        "" if status is None else status.value,
        provider_id,
        human_agent,
        plain.stored(at),
        plain.stored(now),
        None if status is None else plain.stored(now),
    )
    message_id = written.lastrowid
    assert message_id is not None
    _note(session, conversation, message_id, direction, status, at)
    search.index_message(session, message_id, body)
    changes.record(
        session,
        clock,
        ChangeKind.MESSAGE,
        contact_id=conversation.contact_id,
        conversation_id=conversation.id,
        message_id=message_id,
    )
    (channel,) = plain.one(session, _CHANNEL, conversation.inbox_id)
    return Message(
        id=message_id,
        uid=uid,
        conversation_id=conversation.id,
        contact_id=conversation.contact_id,
        channel=Channel(channel),
        direction=direction,
        body=body,
        media=files,
        template=template,
        author=author,
        status=status,
        error_code="",
        provider_id=provider_id,
        at=at,
        status_at=None if status is None else now,
        edited_at=None,
        human_agent=human_agent,
    )


def get(session: Session, message_id: int) -> Message | None:
    """The message, or None."""
    row = session.get(MessageRow, message_id)
    return None if row is None else _messages(session, [row])[0]


def by_uid(session: Session, uid: str) -> Message | None:
    """The message with this client id, or None."""
    row = session.exec(select(MessageRow).where(MessageRow.uid == uid)).first()
    return None if row is None else _messages(session, [row])[0]


def by_provider_id(session: Session, inbox_id: int, provider_id: str) -> Message | None:
    """The message that the provider knows under this id, or None."""
    row = session.exec(
        select(MessageRow).where(
            MessageRow.inbox_id == inbox_id,
            MessageRow.provider_id == provider_id,
            MessageRow.provider_id != "",
        )
    ).first()
    return None if row is None else _messages(session, [row])[0]


def by_ids(session: Session, ids: Iterable[int]) -> tuple[Message, ...]:
    """These messages in thread order; ids that don't exist are left out."""
    rows = session.exec(
        select(MessageRow).where(col(MessageRow.id).in_(list(ids))).order_by(col(MessageRow.at), col(MessageRow.id))
    )
    return _messages(session, list(rows))


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
    query = select(MessageRow)
    if conversation_id is not None:
        query = query.where(MessageRow.conversation_id == conversation_id)
    if contact_id is not None:
        query = query.where(MessageRow.contact_id == contact_id)
    at, ident = col(MessageRow.at), col(MessageRow.id)
    if after is not None:
        edge = session.get_one(MessageRow, after)
        query = query.where(or_(at > edge.at, and_(at == edge.at, ident > after)))
        rows = list(session.exec(query.order_by(at, ident).limit(limit)))
    else:
        if before is not None:
            edge = session.get_one(MessageRow, before)
            query = query.where(or_(at < edge.at, and_(at == edge.at, ident < before)))
        rows = list(session.exec(query.order_by(at.desc(), ident.desc()).limit(limit)))
        rows.reverse()
    return _messages(session, rows)


def last_outbound(session: Session, contact_id: int) -> int | None:
    """The id of the last message written to a contact, on any channel."""
    query = select(MessageRow.id).where(
        MessageRow.contact_id == contact_id, MessageRow.direction == Direction.OUT.value
    )
    return session.exec(query.order_by(col(MessageRow.at).desc(), col(MessageRow.id).desc()).limit(1)).first()


def first_unread(session: Session, conversation: Conversation) -> int | None:
    """The id of the first message in thread order that nobody has read yet."""
    if not conversation.unread:
        return None
    query = select(MessageRow.id).where(
        MessageRow.conversation_id == conversation.id, MessageRow.direction == Direction.IN.value
    )
    if conversation.read_up_to is not None:
        query = query.where(MessageRow.stored_at > conversation.read_up_to)
    return session.exec(query.order_by(col(MessageRow.at), col(MessageRow.id)).limit(1)).first()


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
    row = session.get_one(MessageRow, message_id)
    row.status = status.value
    row.error_code = code
    row.status_at = clock() if at is None else at
    if provider_id is not None:
        row.provider_id, row.provider_at = provider_id, None
    session.add(row)
    contact = session.get_one(ContactRow, row.contact_id)
    if contact.last_message_id == message_id:
        contact.failing = row.status in _TROUBLE
        session.add(contact)
    _changed(session, clock, ChangeKind.STATUS, row)


def set_provider_id(session: Session, message_id: int, provider_id: str) -> None:
    """The provider's id of the message's latest attempt became known."""
    row = session.get_one(MessageRow, message_id)
    row.provider_id = provider_id
    session.add(row)


def provider_had(session: Session, message_id: int, at: datetime) -> bool:
    """The provider had our message at `at`, by its own clock. False when an earlier moment was known."""
    row = session.get_one(MessageRow, message_id)
    if row.provider_at is not None and row.provider_at <= at:
        return False
    row.provider_at = at
    session.add(row)
    return True


def untag(session: Session, message_id: int) -> None:
    """The message goes as plain text, not under the HUMAN_AGENT tag."""
    row = session.get_one(MessageRow, message_id)
    row.human_agent = False
    session.add(row)


def edit(
    session: Session, clock: Clock, message_id: int, body: str, media: Iterable[Media] | None, at: datetime
) -> None:
    """The person changed a message of theirs at `at`; an older change than the last one is none.

    `media` are the files it has since; None: those it had.

    Telegram tells whole seconds: of two changes in one, that which came later counts.
    """
    row = session.get_one(MessageRow, message_id)
    if row.edited_at is not None and row.edited_at > at:
        return
    search.reindex_message(session, message_id, row.body, body)
    row.body, row.edited_at = body, at
    if media is not None:
        row.media = [asdict(file) for file in media]
    session.add(row)
    _changed(session, clock, ChangeKind.MESSAGE, row)


def sent_until(session: Session, conversation_id: int, up_to: datetime) -> tuple[Message, ...]:
    """Our messages of a conversation that the provider had by a moment of its clock and whose reading isn't known yet.

    One of which the provider hasn't said when it had it is left out: our own clock may go before or after its.
    """
    open_ones = (Delivery.SENT.value, Delivery.DELIVERED.value)
    rows = session.exec(
        select(MessageRow)
        .where(
            MessageRow.conversation_id == conversation_id,
            col(MessageRow.status).in_(open_ones),
            col(MessageRow.provider_at) <= up_to,
        )
        .order_by(col(MessageRow.at), col(MessageRow.id))
    )
    return _messages(session, list(rows))


def heard_since(session: Session, conversation_id: int, at: datetime) -> tuple[str, ...]:
    """The texts of what the person wrote and was stored from `at` on."""
    query = select(MessageRow.body).where(
        MessageRow.conversation_id == conversation_id,
        MessageRow.direction == Direction.IN.value,
        MessageRow.stored_at >= at,
    )
    return tuple(session.exec(query))


def inbox_of(session: Session, message_id: int) -> int:
    """The id of the inbox at which a message came or from which it goes."""
    return session.get_one(MessageRow, message_id).inbox_id


def weekly_counts(session: Session, contact_id: int, starts: Iterable[datetime]) -> tuple[int, ...]:
    """Messages of a contact from each of these moments (ascending) to the next one."""
    edges = list(starts)
    times = session.exec(select(MessageRow.at).where(MessageRow.contact_id == contact_id, MessageRow.at >= edges[0]))
    counts = [0] * len(edges)
    for at in times:
        counts[sum(at >= edge for edge in edges) - 1] += 1
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
    stored, is_inbound = plain.stored(at), direction is Direction.IN
    plain.write(session, _NOTE_ON_CONVERSATION, stored, stored, is_inbound, conversation.id)
    plain.write(
        session,
        _NOTE_ON_CONTACT,
        at=stored,
        message=message_id,
        failing=status is not None and status.value in _TROUBLE,
        inbound=is_inbound,
        contact=conversation.contact_id,
    )


def _changed(session: Session, clock: Clock, kind: ChangeKind, row: MessageRow) -> None:
    changes.record(
        session,
        clock,
        kind,
        contact_id=row.contact_id,
        conversation_id=row.conversation_id,
        message_id=row.id,
    )


def _messages(session: Session, rows: list[MessageRow]) -> tuple[Message, ...]:
    wanted = {row.inbox_id for row in rows}
    channels = {inbox_id: Channel(session.get_one(InboxRow, inbox_id).channel) for inbox_id in wanted}
    return tuple(_message(row, channels[row.inbox_id]) for row in rows)


def _message(row: MessageRow, channel: Channel) -> Message:
    assert row.id is not None
    return Message(
        id=row.id,
        uid=row.uid,
        conversation_id=row.conversation_id,
        contact_id=row.contact_id,
        channel=channel,
        direction=Direction(row.direction),
        body=row.body,
        media=tuple(Media(**item) for item in row.media),
        template=_template_use(row.template),
        author=row.author,
        status=Delivery(row.status) if row.status else None,
        error_code=row.error_code,
        provider_id=row.provider_id,
        at=row.at,
        status_at=row.status_at,
        edited_at=row.edited_at,
        human_agent=row.human_agent,
    )


def _template_use(value: Mapping[str, Any] | None) -> TemplateUse | None:
    return None if value is None else TemplateUse(**value)
