"""A note: words about a person that are never sent."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Note:
    """An agent's note about a person. The text is raw: clean it where it is drawn."""

    id: int
    contact_id: int
    author: str
    at: datetime
    text: str
    edited_at: datetime | None
    """When its text was last changed; None when it never was."""
