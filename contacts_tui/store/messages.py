"""Messages: inserted once, their status moved along the lattice, read in pages."""

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import asdict
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from sqlalchemy import BigInteger, Integer, func, tuple_, type_coerce
from sqlmodel import Session, col

from contacts_tui.domain.change import ChangeKind
from contacts_tui.domain.channel import Channel, Provider
from contacts_tui.domain.clock import Clock
from contacts_tui.domain.conversation import Conversation
from contacts_tui.domain.delivery import Delivery
from contacts_tui.domain.inbox import Inbox
from contacts_tui.domain.message import Direction, Media, Message, NewMessage
from contacts_tui.domain.unknown_values import member
from contacts_tui.store import change_feed, json_columns, latest_message, queue, search, sql
from contacts_tui.store.columns import Instant
from contacts_tui.store.message_tables import ConversationRow, InboxRow, MessageRow
from contacts_tui.store.timestamps import NEVER, microseconds

_INSERTED = (
    "uid", "conversation_id", "contact_id", "inbox_id", "direction", "body", "media", "template", "author", "status",
    "error_code", "provider_id", "provider", "human_agent", "at", "stored_at", "status_at",
)  # fmt: skip
_INSERT = sql.insertion(MessageRow, *_INSERTED)
_MESSAGE = sql.Record(
    Message,
    MessageRow,
    {
        "channel": partial(member, Channel),
        "direction": partial(member, Direction),
        "media": json_columns.media,
        "template": json_columns.template_use,
        "status": lambda status: member(Delivery, status) if status else None,
        "provider": partial(member, Provider),
    },
    # A subquery, so that it has no influence on which index is used.
    channel=sql.query(InboxRow.channel).where(InboxRow.id == MessageRow.inbox_id).scalar_subquery(),
)
_IN_ORDER = (col(MessageRow.at), col(MessageRow.id))
_NEWEST_FIRST = (col(MessageRow.at).desc(), col(MessageRow.id).desc())


def _page(of: str, edge: str) -> sql.Statement:
    """Return the query of a page of messages with a value in the column `of`.

    The messages `after` an edge come in thread order; those `before` one, and those of a page without, newest first.
    """
    place, at = tuple_(MessageRow.at, MessageRow.id), tuple_(sql.param("at", Instant()), sql.param("edge", Integer()))
    beyond = {"after": [place > at], "before": [place < at], "": []}[edge]
    return _MESSAGE.lookup(of, where=beyond, order=_IN_ORDER if edge == "after" else _NEWEST_FIRST, limit="limit")


_BY_ID, _BY_UID = _MESSAGE.lookup("id"), _MESSAGE.lookup("uid")
# The condition of the partial index, so that it is used.
_HAS_PROVIDER_ID = [MessageRow.provider_id != ""]
_BY_PROVIDER_ID = _MESSAGE.lookup("inbox_id", "provider_id", where=_HAS_PROVIDER_ID)
_BY_IDS = _MESSAGE.lookup(where=[sql.among(MessageRow.id, "ids")], order=_IN_ORDER)
_PAGES = {(of, edge): _page(of, edge) for of in ("conversation_id", "contact_id") for edge in ("before", "after", "")}
_AT = sql.lookup(MessageRow, "id", "at")
_NEWEST = sql.lookup(MessageRow, (), func.coalesce(func.max(MessageRow.id), 0))
_LAST_OUTBOUND = sql.lookup(MessageRow, ("contact_id", "direction"), "id", order=_NEWEST_FIRST, limit=1)
_ANSWERS_AFTER = _MESSAGE.lookup(
    "contact_id",
    "direction",
    where=[
        col(MessageRow.id) > sql.param("after", Integer()),
        MessageRow.status != Delivery.FAILED.value,
        MessageRow.status != Delivery.SCHEDULED.value,
    ],
    order=_NEWEST_FIRST,
    limit="limit",
)
_OF_DIRECTION = ("conversation_id", "direction")
_LAST_INBOUND = sql.lookup(MessageRow, _OF_DIRECTION, "id", order=_NEWEST_FIRST, limit=1)
_FIRST_UNREAD = sql.lookup(
    MessageRow, _OF_DIRECTION, "id", where=[MessageRow.stored_at > sql.param("read_up_to")], order=_IN_ORDER, limit=1
)
_RECEIVED_SINCE = sql.lookup(MessageRow, _OF_DIRECTION, "body", where=[MessageRow.stored_at >= sql.param("since")])
_OF_IDENTITY = sql.query(ConversationRow.id).where(ConversationRow.identity_id == sql.param("identity"))
_SAID_AT = sql.lookup(
    MessageRow,
    ("direction", "at"),
    "body",
    where=[col(MessageRow.conversation_id).in_(_OF_IDENTITY)],
    order=col(MessageRow.id).desc(),
    limit=1,
)
_SENT_UNTIL = _MESSAGE.lookup(
    "conversation_id",
    where=[
        col(MessageRow.status).in_((Delivery.SENT.value, Delivery.DELIVERED.value)),
        col(MessageRow.provider_at) <= sql.param("up_to"),
    ],
    order=_IN_ORDER,
)
_TIMES_SINCE = sql.lookup(
    MessageRow, "contact_id", type_coerce(MessageRow.at, BigInteger()), where=[MessageRow.at >= sql.param("since")]
)
_INBOX_OF = sql.lookup(MessageRow, "id", "inbox_id")
_STATUS_OF = sql.lookup(MessageRow, "id", "status")
_STATUS = ("status", "error_code", "status_at")
_PLACE = ("contact_id", "conversation_id")
_SET_STATUS = sql.change(MessageRow, "id", *_STATUS, returning=_PLACE)
_SET_STATUS_ANEW = sql.change(MessageRow, "id", *_STATUS, "provider_id", "provider_at", returning=_PLACE)
_SET_PROVIDER_ID = sql.change(MessageRow, "id", "provider_id")
_KNOWN_LATER = col(MessageRow.provider_at) > sql.param("provider_at")
_PROVIDER_HAD = sql.change(
    MessageRow, "id", "provider_at", where=[col(MessageRow.provider_at).is_(None) | _KNOWN_LATER]
)
_TAG = sql.change(MessageRow, "id", "human_agent")
_EDIT = sql.change(MessageRow, "id", "body", "media", "edited_at")


def insert(session: Session, clock: Clock, conversation: Conversation, inbox: Inbox, new: NewMessage) -> Message:
    """Store a message of a conversation at an inbox, with what lists, queue, search and feed need of it; return it."""
    now = clock()
    at = now if new.at is None else new.at
    stored_at = now
    if new.direction is Direction.IN and conversation.read_up_to is not None:
        # The clock may have been set back since the thread was read: a message that comes now is unread all the same.
        stored_at = max(now, conversation.read_up_to + timedelta(microseconds=1))
    template = None if new.template is None else {**asdict(new.template), "variables": dict(new.template.variables)}
    message_id = sql.inserted(
        session,
        _INSERT,
        uid=new.uid,
        conversation_id=conversation.id,
        contact_id=conversation.contact_id,
        inbox_id=inbox.id,
        direction=new.direction.value,
        body=new.body,
        media=_files(new.media),
        template=template,
        author=new.author,
        status="" if new.status is None else new.status.value,
        error_code="",
        provider_id=new.provider_id,
        provider=inbox.provider.value,
        human_agent=new.human_agent,
        at=at,
        stored_at=stored_at,
        status_at=None if new.status is None else now,
    )
    latest_message.note(session, conversation, message_id, new.direction, new.status, at)
    if new.direction is Direction.IN:
        queue.received(session, conversation.contact_id, inbox.id, at, now)
    elif new.status not in (Delivery.FAILED, Delivery.SCHEDULED):
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
        channel=inbox.channel,
        direction=new.direction,
        body=new.body,
        media=new.media,
        template=new.template,
        author=new.author,
        status=new.status,
        error_code="",
        provider_id=new.provider_id,
        provider=inbox.provider,
        at=at,
        status_at=None if new.status is None else now,
        edited_at=None,
        human_agent=new.human_agent,
    )


def get(session: Session, message_id: int) -> Message | None:
    """Return the message, or None."""
    return _MESSAGE.one(session, _BY_ID, id=message_id)


def newest(session: Session) -> int:
    """Return the id of the store's newest message; 0 without any."""
    return int(sql.one(session, _NEWEST)[0])


def by_uid(session: Session, uid: str) -> Message | None:
    """Return the message with this client id, or None."""
    return _MESSAGE.one(session, _BY_UID, uid=uid)


def by_provider_id(session: Session, inbox_id: int, provider_id: str) -> Message | None:
    """Return the message of an inbox that the provider knows under this id, or None."""
    return _MESSAGE.one(session, _BY_PROVIDER_ID, inbox_id=inbox_id, provider_id=provider_id)


def by_ids(session: Session, ids: Iterable[int]) -> tuple[Message, ...]:
    """Return these messages in thread order; ids that don't exist are left out."""
    return _MESSAGE.several(session, _BY_IDS, ids=ids)


def page(
    session: Session,
    *,
    conversation_id: int | None = None,
    contact_id: int | None = None,
    before: int | None = None,
    after: int | None = None,
    limit: int,
) -> tuple[Message, ...]:
    """Return up to `limit` messages of a conversation or of a contact, in thread order.

    They are the newest ones, or those just `before` or just `after` the message with that id.
    """
    assert (conversation_id is None) != (contact_id is None), "a page is of a conversation or of a contact"
    of = "contact_id" if conversation_id is None else "conversation_id"
    values = {of: contact_id if conversation_id is None else conversation_id, "limit": limit}
    edge = before if after is None else after
    if edge is not None:
        values |= {"edge": edge, "at": sql.one(session, _AT, id=edge)[0]}
    towards = "" if edge is None else "before" if after is None else "after"
    found = _MESSAGE.several(session, _PAGES[of, towards], **values)
    return found if towards == "after" else found[::-1]


def last_outbound(session: Session, contact_id: int) -> int | None:
    """Return the id of the last message written to a contact, on any channel; None without one."""
    row = sql.one(session, _LAST_OUTBOUND, contact_id=contact_id, direction=Direction.OUT.value)
    return None if row is None else int(row[0])


def last_inbound(session: Session, conversation_id: int) -> int | None:
    """Return the id of a conversation's last inbound message, in thread order; None without one."""
    row = sql.one(session, _LAST_INBOUND, conversation_id=conversation_id, direction=Direction.IN.value)
    return None if row is None else int(row[0])


def first_unread(session: Session, conversation: Conversation) -> int | None:
    """Return the id of a conversation's first unread message, in thread order; None without one."""
    if not conversation.unread:
        return None
    unread = {"conversation_id": conversation.id, "read_up_to": conversation.read_up_to or NEVER}
    row = sql.one(session, _FIRST_UNREAD, direction=Direction.IN.value, **unread)
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
    """Store a status that the caller has already put through the lattice (or with which a new attempt begins).

    `provider_id` None keeps the present one; any other replaces it, and clears when the provider had the message. `at`
    is when the status was reached; None means now.
    """
    values: dict[str, Any] = {
        "id": message_id,
        "status": status.value,
        "error_code": code,
        "status_at": clock() if at is None else at,
    }
    if provider_id is None:
        contact_id, conversation_id = sql.one(session, _SET_STATUS, **values)
    else:
        values |= {"provider_id": provider_id, "provider_at": None}
        contact_id, conversation_id = sql.one(session, _SET_STATUS_ANEW, **values)
    latest_message.note_status(session, contact_id, message_id, status)
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
    """Store the provider's id of the message's latest attempt."""
    sql.write(session, _SET_PROVIDER_ID, id=message_id, provider_id=provider_id)


def provider_had(session: Session, message_id: int, at: datetime) -> bool:
    """Store that the provider had our message at `at`, by its own clock; return False when that was known already."""
    return bool(sql.changed(session, _PROVIDER_HAD, id=message_id, provider_at=at))


def untag(session: Session, message_id: int) -> None:
    """Let a message be sent as plain text, not under the HUMAN_AGENT tag."""
    sql.write(session, _TAG, id=message_id, human_agent=False)


def edit(
    session: Session, clock: Clock, message_id: int, body: str, media: Iterable[Media] | None, at: datetime
) -> None:
    """Store a change that the person made to a message of theirs at `at`; one older than the last one is ignored.

    `media` are the files that it has since; None keeps those it had. Telegram's times are whole seconds: of two changes
    in the same second, the one that came in later counts.
    """
    before = get(session, message_id)
    assert before is not None
    if before.edited_at is not None and before.edited_at > at:
        return
    search.reindex_message(session, message_id, before.body, body)
    files = before.media if media is None else media
    sql.write(session, _EDIT, id=message_id, body=body, media=_files(files), edited_at=at)
    change_feed.record_message(session, clock, before)


def sent_until(session: Session, conversation_id: int, up_to: datetime) -> tuple[Message, ...]:
    """Return our messages of a conversation that the provider had by `up_to`, by its clock, and that weren't read yet.

    A message is left out while the provider hasn't said when it had it: our own clock may differ from the provider's.
    """
    return _MESSAGE.several(session, _SENT_UNTIL, conversation_id=conversation_id, up_to=up_to)


def answers_after(session: Session, contact_id: int, after: int, limit: int) -> tuple[Message, ...]:
    """Return up to `limit` messages sent to a person and stored after the message with this id, newest first.

    Failed and scheduled ones are left out.
    """
    values = {"contact_id": contact_id, "direction": Direction.OUT.value, "after": after, "limit": limit}
    return _MESSAGE.several(session, _ANSWERS_AFTER, **values)


def said_at(session: Session, identity_id: int, at: datetime) -> str:
    """Return the text that an identity wrote at exactly this time; empty when it wrote none then."""
    row = sql.one(session, _SAID_AT, identity=identity_id, direction=Direction.IN.value, at=at)
    return "" if row is None else str(row[0])


def received_since(session: Session, conversation_id: int, at: datetime) -> tuple[str, ...]:
    """Return the texts of a conversation's inbound messages that were stored from `at` on."""
    rows = sql.several(
        session, _RECEIVED_SINCE, conversation_id=conversation_id, direction=Direction.IN.value, since=at
    )
    return tuple(body for (body,) in rows)


def inbox_of(session: Session, message_id: int) -> int:
    """Return the id of the inbox at which a message came in or from which it goes out."""
    (inbox_id,) = sql.one(session, _INBOX_OF, id=message_id)
    return int(inbox_id)


def status_of(session: Session, message_id: int) -> Delivery | None:
    """Return the status of a message of ours; None for an inbound one."""
    (status,) = sql.one(session, _STATUS_OF, id=message_id)
    return member(Delivery, status) if status else None


def weekly_counts(session: Session, contact_id: int, starts: Iterable[datetime]) -> tuple[int, ...]:
    """Return how many messages a contact has from each of these moments (ascending) to the next, or to the end."""
    edges = list(starts)
    stored, counts = [microseconds(edge) for edge in edges], [0] * len(edges)
    for (at,) in sql.several(session, _TIMES_SINCE, contact_id=contact_id, since=edges[0]):
        counts[bisect_right(stored, at) - 1] += 1
    return tuple(counts)


def _files(media: Iterable[Media]) -> list[dict[str, Any]]:
    return [asdict(file) for file in media]
