"""An inbound message, as an agent on another screen is notified of it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Arrival:
    """An inbound message and its sender; names and words are raw."""

    message_id: int
    contact_id: int
    name: str
    words: str
    """The text, or the kind of its file."""
    assignee: str
    """The agent to whom the person is assigned; empty for an unassigned one."""
