"""Agents: whom people can be assigned to, in which time zone each works, and their role in the team."""

from dataclasses import dataclass, replace
from zoneinfo import ZoneInfo

from sqlmodel import Session

from contacts_tui.domain import working_hours
from contacts_tui.domain.agent import Agent
from contacts_tui.domain.change import ChangeKind
from contacts_tui.domain.clock import Clock
from contacts_tui.domain.person_filter import ME, NOBODY
from contacts_tui.domain.roles import Right, Role
from contacts_tui.domain.text import name_fault
from contacts_tui.local_zone import local_zone
from contacts_tui.services import rights
from contacts_tui.services.errors import BadInput, NotFound
from contacts_tui.store import agents, change_feed

_SLIP = 0.75
"""From how much likeness on, between 0 and 1, a name is taken for a misspelling of another."""


def listed(session: Session, clock: Clock) -> tuple[Agent, ...]:
    """Return the agents by name: those who were added, and all others who have people assigned."""
    added = agents.added(session)
    known = {agent.name for agent in added}
    others = (Agent(name, is_added=False) for name in agents.assignees(session) if name not in known)
    return tuple(sorted((*added, *others), key=lambda agent: agent.name.casefold()))


def assignable(session: Session, clock: Clock) -> tuple[Agent, ...]:
    """Return the agents whom people can be assigned to."""
    return tuple(agent for agent in listed(session, clock) if agent.disabled_at is None)


def named(session: Session, clock: Clock, name: str) -> Agent | None:
    """Return the agent of exactly this name, or None."""
    return next((agent for agent in listed(session, clock) if agent.name == name), None)


def meant(session: Session, clock: Clock, agent: str, words: str) -> str:
    """Return the agent whom `words` mean: `agent` for me, "" for no one, else the name as the team spells it.

    An unknown name is a new agent's, unless it looks like a misspelling of a known one: then raise NotFound.
    """
    name = words.strip()
    if name.casefold() in (ME, NOBODY):
        return agent if name.casefold() == ME else ""
    known = {one.name.casefold(): one.name for one in listed(session, clock)}
    from difflib import get_close_matches  # Only names that are typed need it.

    near = get_close_matches(name.casefold(), known, 1, _SLIP)
    if near and near[0] != name.casefold():
        raise NotFound(f"there is no agent “{name}”: did you mean {known[near[0]]}? `contacts-tui agents add` adds one")
    return known.get(name.casefold(), name)


def zone(session: Session, clock: Clock, name: str) -> ZoneInfo:
    """Return the time zone in which an agent's words like "tomorrow 9:00" are read: theirs, else this machine's."""
    agent = next((one for one in agents.added(session) if one.name == name), None)
    return working_hours.zone_of(agent.time_zone) if agent is not None and agent.time_zone else local_zone()


@dataclass(frozen=True, slots=True)
class AgentForm:
    """What is said of an agent who is added or changed."""

    name: str
    address: str | None = None
    """None leaves the address as it is; None in the fields below does the same."""
    hours: str | None = None
    """As `working_hours.parse` reads them."""
    time_zone: str | None = None
    role: Role | None = None
    """A new agent gets the least role by default."""


def add(session: Session, clock: Clock, agent: str, form: AgentForm) -> Agent:
    """Add an agent, change the one of that name, or enable one again who was disabled. `agent` is who does so.

    Raise BadInput and NotAllowed.
    """
    rights.check(session, clock, agent, Right.AGENTS)
    name = form.name.strip()
    if fault := name_fault(name):
        raise BadInput(f"an agent can't be named so: {fault}")
    if name.casefold() in (ME, NOBODY):
        raise BadInput(f"“{name}” has a meaning of its own in filters: choose another name")
    before = next((one for one in agents.added(session) if one.name == name), Agent(name))
    kept = "" if before.hours is None else working_hours.written(before.hours)
    hours = (kept if form.hours is None else form.hours).strip()
    zone = (before.time_zone if form.time_zone is None else form.time_zone).strip()
    try:
        worked = working_hours.parse(hours, zone) if hours or zone else None
    except ValueError as error:
        raise BadInput(str(error)) from error
    address = before.address if form.address is None else form.address.strip()
    added = Agent(name, address, worked, role=form.role or before.role)
    if added.role is not Role.ADMINISTRATOR:
        _check_last(session, before)
    agents.put(session, added, clock())
    change_feed.record(session, clock, ChangeKind.SETTING)
    return added


def disable(session: Session, clock: Clock, agent: str, name: str) -> Agent:
    """Disable an agent: no more people can be assigned to them; those who are stay. `agent` is who does so.

    Raise NotFound, NotAllowed, and BadInput for the last administrator.
    """
    rights.check(session, clock, agent, Right.AGENTS)
    wanted = name.strip().casefold()
    found = next((one for one in listed(session, clock) if one.name.casefold() == wanted), None)
    if found is None:
        raise NotFound(f"there is no agent “{name}”: `contacts-tui agents list` shows them")
    if found.disabled_at is not None:
        return found
    _check_last(session, found)
    if not found.is_added:
        agents.put(session, found, clock())
    agents.disable(session, found.name, clock())
    change_feed.record(session, clock, ChangeKind.SETTING)
    return replace(found, disabled_at=clock(), is_added=True)


def _check_last(session: Session, agent: Agent) -> None:
    """Raise BadInput for the only administrator: without any, every agent would have an administrator's rights."""
    if rights.administrators(session) == (agent.name,):
        raise BadInput(f"{agent.name} is the last administrator: make another agent administrator first")
