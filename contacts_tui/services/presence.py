"""Who has a person open, and who is writing to them: stored by each program, and expiring when one is killed."""

from datetime import timedelta

from sqlmodel import Session

from contacts_tui.domain.clock import Clock, furthest
from contacts_tui.domain.presence import Presence
from contacts_tui.store import presence

LASTS = timedelta(seconds=6)
"""How long a program counts as having a person open without renewing it."""


def show(session: Session, clock: Clock, here: Presence) -> tuple[Presence, ...]:
    """Store what a program has open from now on, for LASTS. Return what the others have open.

    Entries that weren't renewed in time are removed.
    """
    now = clock()
    presence.sweep(session, now, furthest(now, LASTS))
    return renew(session, clock, here)


def renew(session: Session, clock: Clock, here: Presence) -> tuple[Presence, ...]:
    """Store for another LASTS what a program has open. Return what the others have open."""
    presence.put(session, here, clock() + LASTS)
    return others(session, clock, here.process)


def leave(session: Session, clock: Clock, process: str) -> None:
    """Store that a program has no person open any more."""
    presence.remove(session, process)


def others(session: Session, clock: Clock, process: str) -> tuple[Presence, ...]:
    """Return what the other programs have open."""
    now = clock()
    return presence.others(session, process, now, furthest(now, LASTS))
