"""Leases: work that only one process may do at a time, and how far its holder got."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import Session

from contacts_tui.domain.change import ChangeKind
from contacts_tui.domain.clock import Clock, is_over
from contacts_tui.store import change_feed, sql
from contacts_tui.store.process_tables import LeaseRow


class LeaseLost(Exception):
    """Another owner took the lease, or it was taken away."""


@dataclass(frozen=True, slots=True)
class Lease:
    """A lease and its last holder."""

    owner: str
    since: datetime
    until: datetime
    """When it ends; it is over as well when this is further ahead than its length can set it: see `is_held`."""

    def is_held(self, now: datetime, length: timedelta) -> bool:
        """Return whether the owner still holds it; `length` is how long a lease lasts at most."""
        return bool(self.owner) and not is_over(self.until, now, length)


_LEASE = sql.Record(Lease, LeaseRow)
_NAMED = _LEASE.lookup("name")
_CURSOR = sql.lookup(LeaseRow, "name", "cursor")
_TAKE = sql.replacement(LeaseRow, ("name",), "owner", "since", "until", "cursor")
_HOLD = sql.change(LeaseRow, "name", "owner", "until")
_MOVE = sql.change(LeaseRow, "name", "cursor")


def take(session: Session, clock: Clock, name: str, owner: str, length: timedelta) -> str | None:
    """Take the lease and return the cursor of its last holder; None when another owner holds it."""
    now, lease = clock(), named(session, name)
    cursor = "" if lease is None else str(sql.one(session, _CURSOR, name=name)[0])
    lease = lease or Lease("", now, now)
    if lease.owner != owner and not is_over(lease.until, now, length):
        return None
    since = lease.since
    if lease.owner != owner or lease.until + length < now:
        since = now
        # The process that receives for an inbox is part of the inbox's state.
        change_feed.record(session, clock, ChangeKind.INBOX)
    sql.write(session, _TAKE, name=name, owner=owner, since=since, until=now + length, cursor=cursor)
    return cursor


def named(session: Session, name: str) -> Lease | None:
    """Return the lease of this name, held or run out; None when no process ever took it."""
    return _LEASE.one(session, _NAMED, name=name)


def is_held_by(session: Session, clock: Clock, name: str, owner: str, length: timedelta) -> bool:
    """Return whether this owner holds the lease and it has not run out."""
    lease = named(session, name)
    return lease is not None and lease.owner == owner and not is_over(lease.until, clock(), length)


def renew(session: Session, clock: Clock, name: str, owner: str, length: timedelta) -> None:
    """Extend the lease to `length` from now. Raise LeaseLost when this owner isn't its holder any more."""
    if not _end(session, name, owner, clock() + length):
        raise LeaseLost(name)


def move(session: Session, name: str, cursor: str) -> None:
    """Store how far the holder got, in the transaction in which it got there."""
    sql.write(session, _MOVE, name=name, cursor=cursor)


def release(session: Session, clock: Clock, name: str, owner: str) -> None:
    """End this owner's lease now, so that the next holder needn't wait for it to run out. The cursor stays."""
    _end(session, name, owner, clock())


def take_away(session: Session, clock: Clock, name: str) -> None:
    """End the lease, whoever holds it; the holder finds that out at the next renewal. The cursor stays."""
    sql.write(session, _HOLD, name=name, owner="", until=clock())


def _end(session: Session, name: str, owner: str, until: datetime) -> bool:
    """Set when a holder's lease ends. Return False, and change nothing, when it isn't the holder any more."""
    lease = named(session, name)
    if lease is None or lease.owner != owner:
        return False
    sql.write(session, _HOLD, name=name, owner=owner, until=until)
    return True
