"""An identity × an inbox; its messages in order are the thread."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Conversation:
    """The state of a conversation."""

    id: int
    identity_id: int
    inbox_id: int
    contact_id: int
    last_inbound_at: datetime | None
    """Provider's time of the person's last message; opens the window."""
    closed_by_provider_at: datetime | None
    """When the provider last reported that the window is closed."""
    last_message_at: datetime | None
    unread: int
    read_up_to: datetime | None
    """Inbound messages stored later than this are unread."""
    delivered_until: datetime | None = None
    """Everything that we sent up to then, by the provider's time, was delivered."""
    seen_until: datetime | None = None
    """Everything that we sent up to then, by the provider's time, was read."""
