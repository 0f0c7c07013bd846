"""What is known of a message whose outcome is unknown, in plain words."""

from dataclasses import dataclass
from datetime import datetime

from contacts_tui.domain.failure import Failure

ARRIVED = "mark as sent: recorded under your name"
"""What comes of deciding so."""
AGAIN = "resend (asks first): they may get it twice"
"""What comes of sending it again."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a connector can tell of a message whose outcome is unknown, as clauses."""

    may_be_told: str
    """While it is still looked for."""
    never_told: str
    """When nobody looks any more."""


@dataclass(frozen=True, slots=True)
class UnknownOutcome:
    """How a message came to be unknown."""

    told: Evidence
    tried_at: datetime
    """When the attempt began that nobody knows the end of."""
    broke_at: datetime | None
    failure: Failure
    """How it broke."""
    is_looked_for: bool
    """Whether evidence is still looked for."""

    @property
    def sentence(self) -> str:
        """That it may or may not have been sent, how the attempt broke, and when. Times are local."""
        # What comes after the semicolon says the same, and who didn't answer stands in the evidence.
        how = self.failure.happened.partition(";")[0].partition(" from ")[0]
        return f"May or may not have been sent ({how}, {_clock(self.broke_at or self.tried_at)})"

    @property
    def evidence(self) -> str:
        """Whether anything may still tell, and what."""
        return self.told.may_be_told if self.is_looked_for else self.told.never_told


def _clock(at: datetime) -> str:
    return f"{at.astimezone():%H:%M:%S}"
