"""What is told beside the screens."""

from dataclasses import dataclass, field

from contacts_tui.domain.notification_rules import Rules


@dataclass(frozen=True, slots=True)
class Notices:
    """What is told in a corner for a while, and of what comes in."""

    seconds: float = 5
    """How long each stands."""
    warning: str = ""
    """What is told at the start; empty for nothing."""
    rules: Rules = field(default_factory=Rules)
    """Of what comes in, what is told, and how."""


DEFAULT_NOTICES = Notices()
