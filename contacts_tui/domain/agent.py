"""Agents, who answer people."""

from dataclasses import dataclass
from datetime import datetime

from contacts_tui.domain.roles import Role
from contacts_tui.domain.working_hours import WorkingHours


@dataclass(frozen=True, slots=True)
class Agent:
    """A person who answers people."""

    name: str
    """The name that messages and assignments carry."""
    address: str = ""
    """An address for notifying the agent, such as an email address."""
    hours: WorkingHours | None = None
    """When the agent works, and in which time zone; None when it isn't set."""
    disabled_at: datetime | None = None
    """Since when no one can be assigned to the agent; None while people can."""
    role: Role = Role.AGENT
    """The agent's role in the team."""
    is_added: bool = True
    """Whether the agent was added; one who only has people assigned is an agent as well."""

    @property
    def time_zone(self) -> str:
        """The IANA name of the zone in which the agent works; empty for the machine's."""
        return "" if self.hours is None else self.hours.time_zone
