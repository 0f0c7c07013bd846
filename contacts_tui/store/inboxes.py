"""Our connected senders."""

from datetime import datetime, timedelta
from functools import partial
from typing import Any

from sqlmodel import Session, col

from contacts_tui.domain.change import ChangeKind
from contacts_tui.domain.channel import Channel, Provider
from contacts_tui.domain.clock import Clock, is_past
from contacts_tui.domain.inbox import Inbox, InboxForm
from contacts_tui.domain.unknown_values import member
from contacts_tui.store import change_feed, json_columns, sql
from contacts_tui.store.errors import InboxExists
from contacts_tui.store.message_tables import InboxRow

HEARD_EVERY = timedelta(minutes=1)
"""How exactly it is kept when a provider last called or answered: not every receipt is worth a write."""

INBOX = sql.Record(
    Inbox,
    InboxRow,
    {
        "channel": partial(member, Channel),
        "provider": partial(member, Provider),
        "options": json_columns.texts_by_name,
    },
)
_BY_ID, _BY_NAME, _BY_ADDRESS = INBOX.lookup("id"), INBOX.lookup("name"), INBOX.lookup("channel", "address")
_LISTED = INBOX.lookup(order="id")
_FORM = ("name", "account", "secret", "base_url", "options", "human_agent")
_ADD = sql.insertion(
    InboxRow,
    "channel",
    "address",
    "provider",
    "created_at",
    "connected_at",
    *_FORM,
    "last_error_code",
    "last_error_provider",
)
_REVIVE = sql.change(InboxRow, "id", "provider", "connected_at", "disconnected_at", *_FORM)
_CHANGE = sql.change(InboxRow, "id", *_FORM)
_DISCONNECT = sql.change(InboxRow, "id", "disconnected_at")
_LAST_OUTBOUND = sql.lookup(InboxRow, "id", "last_outbound_at")
_NOTE_OUTBOUND = sql.change(InboxRow, "id", "last_outbound_at")
_NOTE_RECEIVED = sql.change(InboxRow, "id", "heard_at")
_NOTE_INBOUND = sql.change(
    InboxRow,
    "id",
    "last_inbound_at",
    where=[col(InboxRow.last_inbound_at).is_(None) | (col(InboxRow.last_inbound_at) < sql.param("at"))],
)
_LAST_ERROR = sql.lookup(InboxRow, "id", "last_error_provider", "last_error_code", "last_error_at", "provider")
_NOTE_ERROR = sql.change(InboxRow, "id", "last_error_code", "last_error_at", "last_error_provider")


def get(session: Session, inbox_id: int) -> Inbox | None:
    """The inbox, or None."""
    return INBOX.one(session, _BY_ID, id=inbox_id)


def get_by_name(session: Session, name: str) -> Inbox | None:
    """The inbox of exactly this name, or None."""
    return INBOX.one(session, _BY_NAME, name=name)


def list_all(session: Session) -> tuple[Inbox, ...]:
    """Every inbox, in the order in which they were first connected, with those that are put aside."""
    return INBOX.several(session, _LISTED)


def add(session: Session, clock: Clock, form: InboxForm, provider: Provider) -> Inbox:
    """Connects a sender, or connects again the one that had this address on this channel, with its threads.

    Raises InboxExists when the name or the address is in use.
    """
    channel, address, now = form.channel, form.address, clock()
    known = INBOX.one(session, _BY_ADDRESS, channel=channel.value, address=address)
    put_aside = known is not None and not known.is_connected
    _check_name(session, form.name, known if put_aside else None)
    if known is not None and not put_aside:
        raise InboxExists(f"{address} is connected for {channel.label} already, as the inbox {known.name}")
    connected = {"provider": provider.value, "connected_at": now, **_fields(form)}
    if known is None:
        inbox_id = sql.inserted(
            session,
            _ADD,
            channel=channel.value,
            address=address,
            created_at=now,
            last_error_code="",
            last_error_provider="",
            **connected,
        )
    else:
        inbox_id = known.id
        sql.write(session, _REVIVE, id=inbox_id, disconnected_at=None, **connected)
    return _changed(session, clock, inbox_id)


def change(session: Session, clock: Clock, inbox_id: int, form: InboxForm) -> Inbox:
    """Sets up a sender anew; its channel and address stay. Raises InboxExists when the name is in use."""
    _check_name(session, form.name, get(session, inbox_id))
    sql.write(session, _CHANGE, id=inbox_id, **_fields(form))
    return _changed(session, clock, inbox_id)


def disconnect(session: Session, clock: Clock, inbox_id: int) -> None:
    """Puts a sender aside."""
    sql.write(session, _DISCONNECT, id=inbox_id, disconnected_at=clock())
    change_feed.record(session, clock, ChangeKind.INBOX)


def _check_name(session: Session, name: str, known: Inbox | None) -> None:
    other = get_by_name(session, name)
    if other is not None and (known is None or other.id != known.id):
        kind = "an inbox" if other.is_connected else "a disconnected inbox"
        raise InboxExists(f"there is {kind} named {name} already: choose another name")


def _fields(form: InboxForm) -> dict[str, Any]:
    return {name: getattr(form, name) for name in _FORM} | {"options": dict(form.options)}


def _changed(session: Session, clock: Clock, inbox_id: int) -> Inbox:
    change_feed.record(session, clock, ChangeKind.INBOX)
    return INBOX.existing(session, _BY_ID, id=inbox_id)


def touch_inbound(session: Session, clock: Clock, inbox: Inbox, at: datetime) -> None:
    """Somebody wrote to the inbox at `at`. `inbox` is as this transaction read it. The feed tells of it once in each
    minute: it is told of every message anyway."""
    before = inbox.last_inbound_at
    if before is None or at > before:
        sql.write(session, _NOTE_INBOUND, id=inbox.id, last_inbound_at=at, at=at)
        if before is None or at.replace(second=0, microsecond=0) > before:
            change_feed.record(session, clock, ChangeKind.INBOX)


def touch_outbound(session: Session, clock: Clock, inbox_id: int, at: datetime) -> None:
    """The provider took a message at `at`. Less than a second after the last one nothing is written."""
    (before,) = sql.one(session, _LAST_OUTBOUND, id=inbox_id)
    if before is None or at - before >= timedelta(seconds=1) or not is_past(before, at):
        sql.write(session, _NOTE_OUTBOUND, id=inbox_id, last_outbound_at=at)
        change_feed.record(session, clock, ChangeKind.INBOX)


def touch_received(session: Session, clock: Clock, inbox: Inbox) -> None:
    """The provider told us something just now. Written down at most once in `HEARD_EVERY`. `inbox` is as this
    transaction read it."""
    before, now = inbox.heard_at, clock()
    if before is None or now - before >= HEARD_EVERY or not is_past(before, now):
        sql.write(session, _NOTE_RECEIVED, id=inbox.id, heard_at=now)
        change_feed.record(session, clock, ChangeKind.INBOX)


def note_error(session: Session, clock: Clock, inbox_id: int, code: str) -> None:
    """Something went wrong with the inbox itself; kept until the next thing does."""
    *_, provider = sql.one(session, _LAST_ERROR, id=inbox_id)
    values = {"last_error_code": code, "last_error_at": clock(), "last_error_provider": provider}
    sql.write(session, _NOTE_ERROR, id=inbox_id, **values)
    change_feed.record(session, clock, ChangeKind.INBOX)


def last_error(session: Session, inbox_id: int) -> tuple[Provider, str, datetime] | None:
    """The code of what went wrong last, and when; None when nothing ever did."""
    provider, code, at, _ = sql.one(session, _LAST_ERROR, id=inbox_id)
    return None if at is None else (member(Provider, provider), code, at)
