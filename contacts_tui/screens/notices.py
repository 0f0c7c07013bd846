"""Settings of what the agent is told beside the screens."""

from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from contacts_tui.domain.notification_rules import Rules


def _no_rules() -> "Rules":
    from contacts_tui.domain.notification_rules import Rules

    return Rules()


class Notices(NamedTuple):
    """What is told in a corner for a while, and of messages that are received."""

    seconds: float = 5
    """How long each notice is shown."""
    warning: str = ""
    """What is told at the start; empty for nothing."""
    rules: "Callable[[], Rules]" = _no_rules
    """Returns of which messages the agent is told, and how. Called after the first frame, which doesn't wait for it."""


DEFAULT_NOTICES = Notices()
