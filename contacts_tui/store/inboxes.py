"""Inboxes: our senders, connected and disconnected."""

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

RECEIVED_EVERY = timedelta(minutes=1)
"""The precision of the time at which a provider last called or answered: not every time is worth a write."""

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
    """Return the inbox, or None."""
    return INBOX.one(session, _BY_ID, id=inbox_id)


def get_by_name(session: Session, name: str) -> Inbox | None:
    """Return the inbox of exactly this name, or None."""
    return INBOX.one(session, _BY_NAME, name=name)


def list_all(session: Session) -> tuple[Inbox, ...]:
    """Return every inbox, disconnected ones too, in the order in which they were first connected."""
    return INBOX.several(session, _LISTED)


def add(session: Session, clock: Clock, form: InboxForm, provider: Provider) -> Inbox:
    """Connect a sender, or reconnect the one that had this address on this channel, with its threads, and return it.

    Raise InboxExists when the name or the address is in use.
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
    """Change an inbox's settings, not its channel and address, and return it. Raise InboxExists for a name in use."""
    _check_name(session, form.name, get(session, inbox_id))
    sql.write(session, _CHANGE, id=inbox_id, **_fields(form))
    return _changed(session, clock, inbox_id)


def disconnect(session: Session, clock: Clock, inbox_id: int) -> None:
    """Disconnect an inbox; its threads stay."""
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
    """Store that a person wrote to the inbox at `at`; `inbox` is as this transaction read it.

    Record a change once in each minute only, because every message is in the feed anyway.
    """
    before = inbox.last_inbound_at
    if before is None or at > before:
        sql.write(session, _NOTE_INBOUND, id=inbox.id, last_inbound_at=at, at=at)
        if before is None or at.replace(second=0, microsecond=0) > before:
            change_feed.record(session, clock, ChangeKind.INBOX)


def touch_outbound(session: Session, clock: Clock, inbox_id: int, at: datetime) -> None:
    """Store that the provider accepted a message at `at`; within a second after the last one, write nothing."""
    (before,) = sql.one(session, _LAST_OUTBOUND, id=inbox_id)
    if before is None or at - before >= timedelta(seconds=1) or not is_past(before, at):
        sql.write(session, _NOTE_OUTBOUND, id=inbox_id, last_outbound_at=at)
        change_feed.record(session, clock, ChangeKind.INBOX)


def touch_received(session: Session, clock: Clock, inbox: Inbox) -> None:
    """Store, once in RECEIVED_EVERY at most, that the provider called or answered.

    `inbox` is as this transaction read it.
    """
    before, now = inbox.heard_at, clock()
    if before is None or now - before >= RECEIVED_EVERY or not is_past(before, now):
        sql.write(session, _NOTE_RECEIVED, id=inbox.id, heard_at=now)
        change_feed.record(session, clock, ChangeKind.INBOX)


def note_error(session: Session, clock: Clock, inbox_id: int, code: str) -> None:
    """Store the code of a failure of the inbox itself, and its time, in place of the last one."""
    *_, provider = sql.one(session, _LAST_ERROR, id=inbox_id)
    values = {"last_error_code": code, "last_error_at": clock(), "last_error_provider": provider}
    sql.write(session, _NOTE_ERROR, id=inbox_id, **values)
    change_feed.record(session, clock, ChangeKind.INBOX)


def last_error(session: Session, inbox_id: int) -> tuple[Provider, str, datetime] | None:
    """Return the provider, code and time of the inbox's last failure; None when there never was one."""
    provider, code, at, _ = sql.one(session, _LAST_ERROR, id=inbox_id)
    return None if at is None else (member(Provider, provider), code, at)
