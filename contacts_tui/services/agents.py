"""Agents: who can be given people, and in which time zone each works."""

from dataclasses import replace
from zoneinfo import ZoneInfo

from sqlmodel import Session

from contacts_tui.domain import working_hours
from contacts_tui.domain.agent import Agent
from contacts_tui.domain.change import ChangeKind
from contacts_tui.domain.clock import Clock
from contacts_tui.domain.person_filter import ME, NOBODY
from contacts_tui.domain.text import name_fault
from contacts_tui.local_zone import local_zone
from contacts_tui.services.errors import BadInput, NotFound
from contacts_tui.store import agents, change_feed


def listed(session: Session, clock: Clock) -> tuple[Agent, ...]:
    """Return the agents by name: those who were added, and whoever has people assigned."""
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


def zone(session: Session, clock: Clock, name: str) -> ZoneInfo:
    """Return the time zone that an agent's words such as "tomorrow 9:00" mean: their own, else this machine's."""
    agent = next((one for one in agents.added(session) if one.name == name), None)
    return working_hours.zone_of(agent.time_zone) if agent is not None and agent.time_zone else local_zone()


def add(session: Session, clock: Clock, name: str, address: str = "", hours: str = "", time_zone: str = "") -> Agent:
    """Add an agent, change the one of that name, or take one back who was disabled. Raise BadInput.

    `hours` are written as `working_hours.parse` reads them.
    """
    name = name.strip()
    if fault := name_fault(name):
        raise BadInput(f"an agent can't be named so: {fault}")
    if name.casefold() in (ME, NOBODY):
        raise BadInput(f"“{name}” has a meaning of its own in filters: choose another name")
    try:
        worked = working_hours.parse(hours, time_zone) if hours.strip() or time_zone.strip() else None
    except ValueError as error:
        raise BadInput(str(error)) from error
    agent = Agent(name, address.strip(), worked)
    agents.put(session, agent, clock())
    change_feed.record(session, clock, ChangeKind.SETTING)
    return agent


def disable(session: Session, clock: Clock, name: str) -> Agent:
    """Let nobody be assigned to an agent any more; people who are stay. Raise NotFound."""
    wanted = name.strip().casefold()
    agent = next((one for one in listed(session, clock) if one.name.casefold() == wanted), None)
    if agent is None:
        raise NotFound(f"there is no agent “{name}”: `contacts-tui agents list` shows them")
    if agent.disabled_at is not None:
        return agent
    if not agent.is_added:
        agents.put(session, agent, clock())
    agents.disable(session, agent.name, clock())
    change_feed.record(session, clock, ChangeKind.SETTING)
    return replace(agent, disabled_at=clock(), is_added=True)
