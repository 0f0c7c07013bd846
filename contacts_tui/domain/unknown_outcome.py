"""What is known of a message whose outcome is unknown, in plain words."""

from dataclasses import dataclass
from datetime import datetime

from contacts_tui.domain.channel import Provider
from contacts_tui.domain.failure import Failure

_NEVER_TOLD = {
    Provider.TWILIO: "Twilio doesn't list this message yet, which proves nothing: its list may lag",
    Provider.TELEGRAM: "Telegram doesn't list what a bot has sent: only a reply would tell",
    Provider.META: "Messenger doesn't list what was sent, and no echo has come: only a reply would tell",
}
_MAY_BE_TOLD = {
    Provider.TWILIO: "Twilio's reports or its list may still tell: still checking",
    Provider.TELEGRAM: _NEVER_TOLD[Provider.TELEGRAM],
    Provider.META: "Messenger's echo may still tell: still checking",
}

ARRIVED = "mark as sent: recorded under your name"
"""What comes of settling it so."""
AGAIN = "resend (asks first): they may get it twice"
"""What comes of sending it again."""


@dataclass(frozen=True, slots=True)
class UnknownOutcome:
    """How a message came to be unknown."""

    provider: Provider
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
        known = _MAY_BE_TOLD if self.is_looked_for else _NEVER_TOLD
        return known.get(self.provider, f"{self.provider.value} can't be checked by this version of contacts-tui")


def _clock(at: datetime) -> str:
    return f"{at.astimezone():%H:%M:%S}"
