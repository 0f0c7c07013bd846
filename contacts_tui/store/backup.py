"""What a backup of a store holds."""

from collections.abc import Callable
from dataclasses import dataclass

TABLES = ("contact", "identity", "inbox", "conversation", "message", "attempt", "provider_event", "draft", "template")
"""Tables whose rows an administrator would count."""

Progress = Callable[[int, int], None]
"""Called with how much was copied, and of how much."""


@dataclass(frozen=True, slots=True)
class Backup:
    """What a backup holds."""

    taken_at: str
    """ISO 8601, UTC."""
    revision: str
    size: int
    """Bytes of the database."""
    sha256: str
    """Of the database."""
    counts: dict[str, int]
    """Rows of each table that an administrator would count."""
    files: int
    """How many files of messages it holds."""
    missing: tuple[str, ...]
    """Files that messages name and that were missing or incomplete in the store already."""
