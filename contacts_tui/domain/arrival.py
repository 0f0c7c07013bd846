"""A message that came in, as it is told to an agent who is elsewhere."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Arrival:
    """Who wrote what; names and words are raw."""

    message_id: int
    contact_id: int
    name: str
    words: str
    """The text, or what kind of file it is."""
    assignee: str
    """Empty for nobody."""
