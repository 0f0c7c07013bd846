"""Agents: those that were added, and the names that people are assigned to."""

from datetime import datetime
from typing import Any

from sqlmodel import Session, col, update

from contacts_tui.domain import working_hours
from contacts_tui.domain.agent import Agent
from contacts_tui.domain.roles import Role
from contacts_tui.domain.unknown_values import member
from contacts_tui.domain.working_hours import WorkingHours
from contacts_tui.store import sql
from contacts_tui.store.people_tables import ContactRow
from contacts_tui.store.queue_tables import AgentRow

_COLUMNS = ("name", "address", "hours", "time_zone", "added_at", "disabled_at", "role")
_PUT = sql.upsert(
    lambda insert: (put := insert(AgentRow)).on_conflict_do_update(
        index_elements=[col(AgentRow.name)],
        set_={name: put.excluded[name] for name in ("address", "hours", "time_zone", "disabled_at", "role")},
    ),
    *_COLUMNS,
)
_LISTED = sql.statement(
    lambda: sql.query(
        AgentRow.name, AgentRow.address, AgentRow.hours, AgentRow.time_zone, AgentRow.disabled_at, AgentRow.role
    ).order_by(col(AgentRow.name))
)
_DISABLE = sql.statement(
    lambda: update(AgentRow).where(col(AgentRow.name) == sql.param("agent")).values(disabled_at=sql.param("at"))
)
_NEXT_OWNER = sql.statement(
    lambda: (
        sql.query(ContactRow.owner)
        .where(col(ContactRow.owner) != "", col(ContactRow.owner) > sql.param("after"))
        .order_by(col(ContactRow.owner))
        .limit(1)
    )
)


def added(session: Session) -> tuple[Agent, ...]:
    """Return the agents that were added, by name."""
    return tuple(_agent(row) for row in sql.several(session, _LISTED))


def assignees(session: Session) -> tuple[str, ...]:
    """Return every name that a person is assigned to, with one index step for each, however many people there are."""
    found: list[str] = []
    while (row := sql.one(session, _NEXT_OWNER, after=found[-1] if found else "")) is not None:
        found.append(row[0])
    return tuple(found)


def put(session: Session, agent: Agent, now: datetime) -> None:
    """Add an agent, or change the one with that name."""
    hours = "" if agent.hours is None else working_hours.written(agent.hours)
    values = (agent.name, agent.address, hours, agent.time_zone, now, agent.disabled_at, agent.role.value)
    sql.write(session, _PUT, **dict(zip(_COLUMNS, values, strict=True)))


def disable(session: Session, name: str, now: datetime) -> None:
    """Disable an added agent: no person can be assigned to them from now on."""
    sql.write(session, _DISABLE, agent=name, at=now)


def _agent(row: tuple[Any, ...]) -> Agent:
    name, address, hours, time_zone, disabled_at, role = row
    try:
        worked: WorkingHours | None = working_hours.parse(hours, time_zone) if hours or time_zone else None
    except ValueError:  # A newer program may write them in another way.
        worked = None
    return Agent(name, address, worked, disabled_at, member(Role, role))
