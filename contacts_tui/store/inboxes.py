"""Our connected senders."""

from collections.abc import Mapping
from datetime import datetime

from sqlmodel import Session, col, select

from contacts_tui.domain.change import ChangeKind
from contacts_tui.domain.channel import Channel, Provider
from contacts_tui.domain.clock import Clock
from contacts_tui.domain.inbox import Inbox
from contacts_tui.store import changes
from contacts_tui.store.errors import InboxExists
from contacts_tui.store.tables import InboxRow


def get(session: Session, inbox_id: int) -> Inbox | None:
    """The inbox, or None."""
    row = session.get(InboxRow, inbox_id)
    return None if row is None else _inbox(row)


def get_by_name(session: Session, name: str) -> Inbox | None:
    """The inbox of exactly this name, or None."""
    row = session.exec(select(InboxRow).where(InboxRow.name == name)).first()
    return None if row is None else _inbox(row)


def list_all(session: Session) -> tuple[Inbox, ...]:
    """Every inbox, in the order in which they were connected."""
    return tuple(map(_inbox, session.exec(select(InboxRow).order_by(col(InboxRow.id)))))


def add(
    session: Session,
    clock: Clock,
    *,
    name: str,
    channel: Channel,
    provider: Provider,
    address: str,
    account: str,
    secret: str,
    base_url: str = "",
    options: Mapping[str, str] | None = None,
    human_agent: bool = False,
) -> Inbox:
    """Connects a sender. Raises InboxExists when the name or the address on this channel is in use."""
    if get_by_name(session, name) is not None:
        raise InboxExists(f"there is an inbox named {name} already: choose another name")
    same = session.exec(select(InboxRow).where(InboxRow.channel == channel.value, InboxRow.address == address)).first()
    if same is not None:
        raise InboxExists(f"{address} is connected for {channel.label} already, as the inbox {same.name}")
    row = InboxRow(
        name=name,
        channel=channel.value,
        provider=provider.value,
        address=address,
        account=account,
        secret=secret,
        base_url=base_url,
        options=dict(options or {}),
        human_agent=human_agent,
        created_at=clock(),
    )
    session.add(row)
    session.flush()
    changes.record(session, clock, ChangeKind.INBOX)
    return _inbox(row)


def touch_inbound(session: Session, clock: Clock, inbox_id: int, at: datetime) -> None:
    """Something was heard from the provider at `at`."""
    row = session.get_one(InboxRow, inbox_id)
    if row.last_inbound_at is None or at > row.last_inbound_at:
        row.last_inbound_at = at
        session.add(row)
        changes.record(session, clock, ChangeKind.INBOX)


def touch_outbound(session: Session, clock: Clock, inbox_id: int, at: datetime) -> None:
    """The provider took a message at `at`."""
    row = session.get_one(InboxRow, inbox_id)
    if row.last_outbound_at is None or at > row.last_outbound_at:
        row.last_outbound_at = at
        session.add(row)
        changes.record(session, clock, ChangeKind.INBOX)


def set_error(session: Session, clock: Clock, inbox_id: int, code: str, at: datetime) -> None:
    """The inbox itself is in trouble (credentials, a sender wrongly set up): it needs an administrator."""
    row = session.get_one(InboxRow, inbox_id)
    row.last_error_code = code
    row.last_error_at = at
    session.add(row)
    changes.record(session, clock, ChangeKind.INBOX)


def clear_error(session: Session, clock: Clock, inbox_id: int) -> None:
    """The inbox works again."""
    row = session.get_one(InboxRow, inbox_id)
    if row.last_error_code:
        row.last_error_code = ""
        row.last_error_at = None
        session.add(row)
        changes.record(session, clock, ChangeKind.INBOX)


def newest_error(session: Session) -> tuple[Inbox, str] | None:
    """The inbox that got into trouble last and is still in it, with the provider's code."""
    row = session.exec(
        select(InboxRow)
        .where(InboxRow.last_error_code != "")
        .order_by(col(InboxRow.last_error_at).desc(), col(InboxRow.id).desc())
    ).first()
    return None if row is None else (_inbox(row), row.last_error_code)


def _inbox(row: InboxRow) -> Inbox:
    assert row.id is not None
    return Inbox(
        id=row.id,
        name=row.name,
        channel=Channel(row.channel),
        provider=Provider(row.provider),
        address=row.address,
        account=row.account,
        secret=row.secret,
        base_url=row.base_url,
        options=dict(row.options),
        human_agent=row.human_agent,
        last_inbound_at=row.last_inbound_at,
        last_outbound_at=row.last_outbound_at,
    )
