"""Views: named filters over people. The built-in ones and saved ones are the same thing."""

from typing import NamedTuple


class View(NamedTuple):
    """A filter with a name."""

    name: str
    filter: str
    """The filter, as `person_filter.parse` reads it."""
    key: str = ""
    """The key that opens it; empty for none."""
    author: str = ""
    """The agent who saved it; empty for a built-in one."""


WAITING = "Waiting"
EVERYBODY = "All people"

BUILT_IN = (
    View(WAITING, "is:waiting state:open order:urgent"),
    View("Closing soon", "-state:closed window<4h order:window"),
    View("Mine", "assignee:me -state:closed order:urgent"),
    View("Unassigned", "is:unassigned state:open order:urgent"),
    View("Unread", "is:unread order:latest"),
    View("Snoozed", "state:snoozed order:snoozed"),
    View("Failed or unknown", "is:failed order:latest"),
    View("Closed", "state:closed order:latest"),
    View(EVERYBODY, "order:latest"),
)
"""The views that all agents have, in order; the first one is the default."""
