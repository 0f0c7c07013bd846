"""Messages that are to be sent later."""

from dataclasses import dataclass
from datetime import datetime

from contacts_tui.domain.message import Message


@dataclass(frozen=True, slots=True)
class Scheduled:
    """A message that is to be sent at a time that its writer chose."""

    message: Message
    due_at: datetime
    name: str
    """The person's name, raw."""
    inbox_name: str
    wrote_since: bool
    """Whether the person wrote, on any channel, after it was written."""
