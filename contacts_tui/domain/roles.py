"""What an agent may do, by role."""

from enum import StrEnum

SYSTEM = ""
"""The name of the actor where no agent acts: `serve`, the workers, a webhook. It may do everything."""


class Role(StrEnum):
    """An agent's role in the team."""

    AGENT = "agent"
    LEAD = "lead"
    ADMINISTRATOR = "administrator"


MANY = 100
"""The most people whom any agent may change at once: more than these need BULK."""


class Right(StrEnum):
    """Something that not every role may do. Anything else is allowed to all agents: answering people, sorting them."""

    ACKNOWLEDGE = "acknowledge lost messages"
    EXCHANGE = "import or export people"
    JOURNAL = "read what other agents did"
    SHARED = "change views or replies of others"
    UNDO = "undo what other agents did"
    BULK = f"change more than {MANY} people at once"
    AGENTS = "change agents or their roles"
    FORGET = "forget people"
    INBOXES = "connect, change or disconnect inboxes"
    SETTINGS = "change settings of the store or revoke links to files"
    STORE = "restore, repair or copy the store"


_OF_LEADS = frozenset({Right.ACKNOWLEDGE, Right.EXCHANGE, Right.JOURNAL, Right.SHARED, Right.UNDO, Right.BULK})
RIGHTS = {Role.AGENT: frozenset[Right](), Role.LEAD: _OF_LEADS, Role.ADMINISTRATOR: frozenset(Right)}
"""What each role may do. docs/team.md shows the same table, and a test compares them."""


def allows(role: Role, right: Right) -> bool:
    """Return whether a role has a right; a role that this version doesn't know has none."""
    return right in RIGHTS.get(role, frozenset())


def having(right: Right) -> tuple[Role, ...]:
    """Return the roles that have a right, the one with the fewest rights first."""
    return tuple(role for role in Role if allows(role, right))
