"""What is known of a message whose outcome is unknown, in plain words."""

from dataclasses import dataclass
from datetime import datetime

from contacts_tui.domain.channel import Provider
from contacts_tui.domain.failure import Failure

_NEVER_TOLD = {
    Provider.TWILIO: "Twilio was asked and shows no such message, which proves nothing: its list may lag",
    Provider.TELEGRAM: "Telegram can't be asked what a bot has sent: only an answer of theirs would tell",
    Provider.META: "Messenger can't be asked for it: only its echo would tell, and none has come",
}
_MAY_BE_TOLD = {
    Provider.TWILIO: "a report by Twilio or its list of messages may still tell: it is looked for",
    Provider.TELEGRAM: _NEVER_TOLD[Provider.TELEGRAM],
    Provider.META: "its echo from Messenger may still tell: it is waited for",
}

ARRIVED = "it arrived: it counts as sent, and the ledger says that you said so"
"""What comes of settling it so."""
AGAIN = "send it again: they may get it twice, so you are asked first"
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
    def broke(self) -> str:
        """When it was tried, and how it broke. Times are local."""
        given_up = "" if self.broke_at is None else f", given up {_clock(self.broke_at)}"
        return f"tried {_clock(self.tried_at)}{given_up}: {self.failure.happened}"

    @property
    def evidence(self) -> str:
        """Whether anything may still tell, and what."""
        known = _MAY_BE_TOLD if self.is_looked_for else _NEVER_TOLD
        return known.get(self.provider, f"{self.provider.value} can't be asked for it by this contacts-tui")


def _clock(at: datetime) -> str:
    return f"{at.astimezone():%H:%M:%S}"
