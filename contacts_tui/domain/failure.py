"""A failure in words: what happened, and what the agent can do now."""

from dataclasses import dataclass
from enum import StrEnum


class Blame(StrEnum):
    """Where the remedy lies."""

    RECIPIENT = "recipient"
    """The address can't be reached on this channel, now or ever."""
    MESSAGE = "message"
    """The message has to change."""
    WINDOW = "window"
    """Free text is not allowed now; a template is."""
    SENDER = "sender"
    """Our inbox or account needs an administrator."""
    PASSING = "passing"
    """Trying again later may work."""


@dataclass(frozen=True, slots=True)
class Failure:
    """A provider's (or our own) error code with its sentence."""

    code: str
    happened: str
    """One clause, lower case, no full stop: "the handset is off or out of reach"."""
    remedy: str
    """One clause in the imperative: "try again when the phone is likely on"."""
    blame: Blame
    permanent_for_address: bool = False
    """Whether this address is useless on this channel from now on (not a mobile, not on WhatsApp)."""
    opts_out: bool = False
    """Whether it means that the person asked for no more messages to this address."""
    rejects_credential: bool = False
    """Whether it means that the inbox's own credential is missing or not accepted: nothing can be sent then."""

    @property
    def sentence(self) -> str:
        """Both clauses, for a bubble or a status line."""
        return f"{self.happened}: {self.remedy}"
