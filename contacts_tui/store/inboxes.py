"""Our connected senders."""

from datetime import datetime, timedelta

from sqlmodel import Session, col, select

from contacts_tui.domain.change import ChangeKind
from contacts_tui.domain.channel import Channel, Provider
from contacts_tui.domain.clock import Clock, is_past
from contacts_tui.domain.inbox import Inbox, InboxForm
from contacts_tui.domain.unknown_values import member
from contacts_tui.store import change_feed, json_columns, sql
from contacts_tui.store.errors import InboxExists
from contacts_tui.store.message_tables import InboxRow

HEARD_EVERY = timedelta(minutes=1)
"""How exactly it is kept when a provider was last heard: not every receipt is worth a write."""

_GET = (
    "SELECT name, channel, provider, address, account, secret, base_url, options, human_agent, "
    "last_inbound_at, last_outbound_at, heard_at, connected_at, disconnected_at FROM inbox WHERE id = ?"
)


def get(session: Session, inbox_id: int) -> Inbox | None:
    """The inbox, or None."""
    row = sql.one(session, _GET, inbox_id)
    if row is None:
        return None
    name, channel, provider, address, account, secret, base_url, options, human_agent, *times = row
    last_inbound_at, last_outbound_at, heard_at, connected_at, disconnected_at = map(sql.read, times)
    return Inbox(
        id=inbox_id,
        name=name,
        channel=member(Channel, channel),
        provider=member(Provider, provider),
        address=address,
        account=account,
        secret=secret,
        base_url=base_url,
        options=json_columns.texts_by_name(json_columns.load(options)),
        human_agent=bool(human_agent),
        last_inbound_at=last_inbound_at,
        last_outbound_at=last_outbound_at,
        heard_at=heard_at,
        connected_at=connected_at,
        disconnected_at=disconnected_at,
    )


def get_by_name(session: Session, name: str) -> Inbox | None:
    """The inbox of exactly this name, or None."""
    row = session.exec(select(InboxRow).where(InboxRow.name == name)).first()
    return None if row is None else _inbox(row)


def list_all(session: Session) -> tuple[Inbox, ...]:
    """Every inbox, in the order in which they were first connected, with those that are put aside."""
    return tuple(map(_inbox, session.exec(select(InboxRow).order_by(col(InboxRow.id)))))


def add(session: Session, clock: Clock, form: InboxForm, provider: Provider) -> Inbox:
    """Connects a sender, or connects again the one that had this address on this channel, with its threads.

    Raises InboxExists when the name or the address is in use.
    """
    channel, address = form.channel, form.address
    row = session.exec(select(InboxRow).where(InboxRow.channel == channel.value, InboxRow.address == address)).first()
    put_aside = row is not None and row.disconnected_at is not None
    _check_name(session, form.name, row if put_aside else None)
    if row is not None and not put_aside:
        raise InboxExists(f"{address} is connected for {channel.label} already, as the inbox {row.name}")
    now = clock()
    row = row or InboxRow(
        name=form.name,
        channel=channel.value,
        provider=provider.value,
        address=address,
        account=form.account,
        secret=form.secret,
        created_at=now,
        connected_at=now,
    )
    row.provider, row.connected_at, row.disconnected_at = provider.value, now, None
    return _settle(session, clock, row, form)


def change(session: Session, clock: Clock, inbox_id: int, form: InboxForm) -> Inbox:
    """Sets up a sender anew; its channel and address stay. Raises InboxExists when the name is in use."""
    row = session.get_one(InboxRow, inbox_id)
    _check_name(session, form.name, row)
    return _settle(session, clock, row, form)


def disconnect(session: Session, clock: Clock, inbox_id: int) -> None:
    """Puts a sender aside."""
    row = session.get_one(InboxRow, inbox_id)
    row.disconnected_at = clock()
    session.add(row)
    change_feed.record(session, clock, ChangeKind.INBOX)


def _check_name(session: Session, name: str, row: InboxRow | None) -> None:
    other = get_by_name(session, name)
    if other is not None and (row is None or other.id != row.id):
        kind = "an inbox" if other.is_connected else "a disconnected inbox"
        raise InboxExists(f"there is {kind} named {name} already: choose another name")


def _settle(session: Session, clock: Clock, row: InboxRow, form: InboxForm) -> Inbox:
    row.name, row.account, row.secret, row.base_url = form.name, form.account, form.secret, form.base_url
    row.options, row.human_agent = dict(form.options), form.human_agent
    session.add(row)
    session.flush()
    change_feed.record(session, clock, ChangeKind.INBOX)
    return _inbox(row)


def touch_inbound(session: Session, clock: Clock, inbox_id: int, at: datetime) -> None:
    """Something was heard from the provider at `at`. The feed tells of it once in each minute: it is told of every
    message anyway."""
    (known,) = sql.one(session, "SELECT last_inbound_at FROM inbox WHERE id = ?", inbox_id)
    before = sql.read(known)
    if before is None or at > before:
        sql.write(session, "UPDATE inbox SET last_inbound_at = ? WHERE id = ?", sql.stored(at), inbox_id)
        if before is None or at.replace(second=0, microsecond=0) > before:
            change_feed.record(session, clock, ChangeKind.INBOX)


def touch_outbound(session: Session, clock: Clock, inbox_id: int, at: datetime) -> None:
    """The provider took a message at `at`. Less than a second after the last one nothing is written."""
    (known,) = sql.one(session, "SELECT last_outbound_at FROM inbox WHERE id = ?", inbox_id)
    before = sql.read(known)
    if before is None or at - before >= timedelta(seconds=1) or not is_past(before, at):
        sql.write(session, "UPDATE inbox SET last_outbound_at = ? WHERE id = ?", sql.stored(at), inbox_id)
        change_feed.record(session, clock, ChangeKind.INBOX)


def touch_received(session: Session, clock: Clock, inbox_id: int) -> None:
    """The provider told us something just now. Written down at most once in `HEARD_EVERY`."""
    (known,) = sql.one(session, "SELECT heard_at FROM inbox WHERE id = ?", inbox_id)
    before, now = sql.read(known), clock()
    if before is None or now - before >= HEARD_EVERY or not is_past(before, now):
        sql.write(session, "UPDATE inbox SET heard_at = ? WHERE id = ?", sql.stored(now), inbox_id)
        change_feed.record(session, clock, ChangeKind.INBOX)


def note_error(session: Session, clock: Clock, inbox_id: int, code: str) -> None:
    """Something went wrong with the inbox itself; kept until the next thing does."""
    row = session.get_one(InboxRow, inbox_id)
    row.last_error_code, row.last_error_at, row.last_error_provider = code, clock(), row.provider
    session.add(row)
    change_feed.record(session, clock, ChangeKind.INBOX)


def last_error(session: Session, inbox_id: int) -> tuple[Provider, str, datetime] | None:
    """The code of what went wrong last, and when; None when nothing ever did."""
    row = session.get_one(InboxRow, inbox_id)
    if row.last_error_at is None:
        return None
    return member(Provider, row.last_error_provider), row.last_error_code, row.last_error_at


def _inbox(row: InboxRow) -> Inbox:
    assert row.id is not None
    return Inbox(
        id=row.id,
        name=row.name,
        channel=member(Channel, row.channel),
        provider=member(Provider, row.provider),
        address=row.address,
        account=row.account,
        secret=row.secret,
        base_url=row.base_url,
        options=json_columns.texts_by_name(row.options),
        human_agent=row.human_agent,
        last_inbound_at=row.last_inbound_at,
        last_outbound_at=row.last_outbound_at,
        heard_at=row.heard_at,
        connected_at=row.connected_at,
        disconnected_at=row.disconnected_at,
    )
