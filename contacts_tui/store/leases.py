"""What only one process may do at a time, and how far it got."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import Session

from contacts_tui.domain.change import ChangeKind
from contacts_tui.domain.clock import Clock, is_over
from contacts_tui.store import change_feed
from contacts_tui.store.process_tables import LeaseRow


@dataclass(frozen=True, slots=True)
class Lease:
    """Who has or had something."""

    owner: str
    since: datetime
    until: datetime
    """In the past when nobody has it any more, or further ahead than its length; see `is_held`."""

    def is_held(self, now: datetime, length: timedelta) -> bool:
        """Whether its owner has it."""
        return bool(self.owner) and not is_over(self.until, now, length)


def take(session: Session, clock: Clock, name: str, owner: str, length: timedelta) -> str | None:
    """Takes the lease when nobody else holds it, and returns the cursor of its last holder; None when it is held."""
    now = clock()
    row = session.get(LeaseRow, name) or LeaseRow(name=name, owner="", since=now, until=now)
    if row.owner != owner and not is_over(row.until, now, length):
        return None
    if row.owner != owner or row.until + length < now:
        row.since = now
        # Who listens to an inbox is a part of how it is.
        change_feed.record(session, clock, ChangeKind.INBOX)
    row.owner, row.until = owner, now + length
    session.add(row)
    return row.cursor


def named(session: Session, name: str) -> Lease | None:
    """The lease of that name, held or run out; None when nobody ever had it."""
    row = session.get(LeaseRow, name)
    return None if row is None else Lease(row.owner, row.since, row.until)


def is_held_by(session: Session, clock: Clock, name: str, owner: str, length: timedelta) -> bool:
    """Whether this holder has the lease, and it has not run out."""
    row = session.get(LeaseRow, name)
    return row is not None and row.owner == owner and not is_over(row.until, clock(), length)


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


def take_away(session: Session, clock: Clock, name: str) -> None:
    """Ends the lease, whoever has it: its holder finds that out at the next renewal. The cursor stays."""
    row = session.get(LeaseRow, name)
    if row is not None:
        row.owner, row.until = "", clock()
        session.add(row)
