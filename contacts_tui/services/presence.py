"""Who has a person open, and who is writing to them: told by each program, and gone by itself when one is killed."""

from datetime import timedelta

from sqlmodel import Session

from contacts_tui.domain.clock import Clock, furthest
from contacts_tui.domain.presence import Presence
from contacts_tui.store import presence

LASTS = timedelta(seconds=6)
"""How long a program that says nothing more counts as having a person open."""


def show(session: Session, clock: Clock, here: Presence) -> tuple[Presence, ...]:
    """A program has a person open from now on, and for a while. Return what the others have open.

    Those who haven't said so for too long are gone.
    """
    now = clock()
    presence.sweep(session, now, furthest(now, LASTS))
    return renew(session, clock, here)


def renew(session: Session, clock: Clock, here: Presence) -> tuple[Presence, ...]:
    """A program still has a person open, for a while. Return what the others have open."""
    presence.put(session, here, clock() + LASTS)
    return others(session, clock, here.process)


def leave(session: Session, clock: Clock, process: str) -> None:
    """A program has nobody open any more."""
    presence.remove(session, process)


def others(session: Session, clock: Clock, process: str) -> tuple[Presence, ...]:
    """Return what the other programs have open."""
    now = clock()
    return presence.others(session, process, now, furthest(now, LASTS))
