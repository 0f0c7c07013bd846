"""Who sits at a terminal and answers people."""

from dataclasses import dataclass
from datetime import datetime

from contacts_tui.domain.roles import Role
from contacts_tui.domain.working_hours import WorkingHours


@dataclass(frozen=True, slots=True)
class Agent:
    """Somebody who answers people."""

    name: str
    """As messages and assignments carry it."""
    address: str = ""
    """Where the agent can be told something, such as an email address."""
    hours: WorkingHours | None = None
    """When the agent works, and in which time zone; None when nobody said so."""
    disabled_at: datetime | None = None
    """Since when nobody can be assigned to them; None while somebody can."""
    role: Role = Role.AGENT
    """What they are in the team."""
    is_added: bool = True
    """Whether somebody added them; who only has people assigned is an agent as well."""

    @property
    def time_zone(self) -> str:
        """The IANA name of the zone they work in; empty for the machine's."""
        return "" if self.hours is None else self.hours.time_zone
