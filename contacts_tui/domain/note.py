"""A note: words about a person that never leave."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Note:
    """What an agent wrote down about a person. The text is raw: clean it where it is drawn."""

    id: int
    contact_id: int
    author: str
    at: datetime
    text: str
    edited_at: datetime | None
    """When its text was changed last; None when it is as it was written."""
