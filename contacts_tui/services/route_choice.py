"""The inbox from which an agent chose to write to an address, where there were several routes."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from contacts_tui.domain.clock import Clock
from contacts_tui.store import settings
from contacts_tui.store.timestamps import microseconds, moment


@dataclass(frozen=True, slots=True)
class Choice:
    """The inbox chosen for one address, and when."""

    inbox_id: int
    at: datetime


def put(session: Session, clock: Clock, agent: str, identity_id: int, inbox_id: int) -> None:
    """Remember a choice. It belongs to the address, so it stays with it when a merge moves the address."""
    settings.put(session, clock, _key(agent, identity_id), f"{inbox_id} {microseconds(clock())}")


def get(session: Session, agent: str, identity_id: int) -> Choice | None:
    """Return the last choice for an address; None when this agent never made one."""
    inbox_id, _, at = settings.get(session, _key(agent, identity_id)).partition(" ")
    return Choice(int(inbox_id), moment(int(at))) if inbox_id.isdigit() and at.isdigit() else None


def _key(agent: str, identity_id: int) -> str:
    return f"route:{agent}:{identity_id}"
