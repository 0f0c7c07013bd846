"""What is known of a message whose outcome is unknown, in words."""

from dataclasses import dataclass
from datetime import datetime

from contacts_tui.domain.failure import Failure

ARRIVED = "mark as sent: recorded under your name"
"""The action of deciding that it arrived, and its result."""
AGAIN = "resend (asks first): they may get it twice"
"""The action of sending it again, and its risk."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a connector can find out about a message whose outcome is unknown, as clauses."""

    may_be_told: str
    """The clause while evidence is still searched for."""
    never_told: str
    """The clause after the search has ended."""


@dataclass(frozen=True, slots=True)
class UnknownOutcome:
    """How the outcome of a message became unknown."""

    told: Evidence
    tried_at: datetime
    """When the attempt with the unknown outcome began."""
    broke_at: datetime | None
    """When the attempt failed; None when that isn't known."""
    failure: Failure
    """How the attempt failed."""
    is_looked_for: bool
    """Whether evidence is still searched for."""

    @property
    def sentence(self) -> str:
        """That it may or may not have been sent, how the attempt failed, and when. Times are local."""
        # The words after the semicolon repeat this, and the provider that didn't answer is named in the evidence.
        how = self.failure.happened.partition(";")[0].partition(" from ")[0]
        return f"May or may not have been sent ({how}, {_clock(self.broke_at or self.tried_at)})"

    @property
    def evidence(self) -> str:
        """Whether evidence may still come, and from where."""
        return self.told.may_be_told if self.is_looked_for else self.told.never_told


def _clock(at: datetime) -> str:
    return f"{at.astimezone():%H:%M:%S}"
