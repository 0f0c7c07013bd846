"""The rights of agents: checked by every service that does something that not every agent may do."""

from sqlmodel import Session

from contacts_tui.domain.agent import Agent
from contacts_tui.domain.clock import Clock
from contacts_tui.domain.roles import MANY, SYSTEM, Right, Role, allows, having
from contacts_tui.services.errors import NotAllowed
from contacts_tui.store import agents


def role_of(session: Session, clock: Clock, agent: str) -> Role:
    """Return an agent's role in the team.

    While a store has no administrator, everybody is one. Once it has, a person who was never added is an agent.
    """
    if agent == SYSTEM or not administrators(session):
        return Role.ADMINISTRATOR
    return next((one.role for one in _active(session) if one.name == agent), Role.AGENT)


def administrators(session: Session) -> tuple[str, ...]:
    """Return the names of the administrators; none in a store that isn't set up for a team."""
    return tuple(one.name for one in _active(session) if one.role is Role.ADMINISTRATOR)


def check(session: Session, clock: Clock, agent: str, right: Right) -> None:
    """Raise NotAllowed, which names the agents who have a right, unless this agent has it."""
    if allows(role_of(session, clock, agent), right):
        return
    roles = having(right)
    who = ", ".join(one.name for one in _active(session) if one.role in roles)
    raise NotAllowed(f"{agent} has no right to {right}: ask {who} ({' or '.join(roles)})")


def check_many(session: Session, clock: Clock, agent: str, people: int) -> None:
    """Raise NotAllowed unless an agent may change this many people at once."""
    if people > MANY:
        check(session, clock, agent, Right.BULK)


def _active(session: Session) -> tuple[Agent, ...]:
    return tuple(one for one in agents.added(session) if one.disabled_at is None)
