"""What only one process may do at a time, and how far it got."""

from datetime import timedelta

from sqlmodel import Session

from contacts_tui.domain.clock import Clock
from contacts_tui.store.tables import LeaseRow


def take(session: Session, clock: Clock, name: str, owner: str, length: timedelta) -> str | None:
    """Takes the lease when nobody else holds it, and returns the cursor of its last holder; None when it is held."""
    now = clock()
    row = session.get(LeaseRow, name) or LeaseRow(name=name, owner=owner, until=now)
    if row.owner != owner and row.until > now:
        return None
    row.owner, row.until = owner, now + length
    session.add(row)
    return row.cursor


def renew(session: Session, clock: Clock, name: str, owner: str, length: timedelta) -> bool:
    """Tells that the holder is alive; False when it isn't the holder any more."""
    row = session.get(LeaseRow, name)
    if row is None or row.owner != owner:
        return False
    row.until = clock() + length
    session.add(row)
    return True


def move(session: Session, name: str, cursor: str) -> None:
    """How far the holder got, in the transaction in which it got there."""
    row = session.get_one(LeaseRow, name)
    row.cursor = cursor
    session.add(row)


def release(session: Session, clock: Clock, name: str, owner: str) -> None:
    """Gives the lease back, so that the next one need not wait for its end. The cursor stays."""
    row = session.get(LeaseRow, name)
    if row is not None and row.owner == owner:
        row.until = clock()
        session.add(row)
