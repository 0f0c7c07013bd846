"""The people list: its lines, and what a search finds.

Kept apart from `views`, for the first frame waits for what it imports.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from datetime import datetime

    from contacts_tui.domain.channel import Channel
    from contacts_tui.domain.delivery import Delivery
    from contacts_tui.domain.failure import Failure
    from contacts_tui.domain.message import Direction


class PersonRow(NamedTuple):
    """One line of the people list."""

    contact_id: int
    name: str
    channels: tuple[Channel, ...]
    """Channels with a conversation, in the channels' order; empty for a person never spoken to."""
    unread: int
    """Inbound messages not yet read."""
    last_text: str
    """Body of the last message, raw; empty when there is none."""
    last_direction: Direction | None
    last_status: Delivery | None
    last_failure: Failure | None
    last_media: str
    """Content type of the last message's first file; empty when it has none."""
    last_at: datetime | None
    window_channel: Channel | None
    """The channel whose window is open and closes first."""
    window_until: datetime | None
    state: str = "closed"
    """As `urgency.State` says it; who was never spoken to is closed."""
    waiting_since: datetime | None = None
    """The first message of theirs that nobody answered; None when nothing waits."""
    deadline: datetime | None = None
    """When the person who waits runs out of time; None when nothing waits, or nothing ends."""
    deadline_channel: Channel | None = None
    """The channel whose window ends then; None where it is the answer's target."""
    wake_at: datetime | None = None
    """When a snoozed person comes back; None when only a message of theirs brings them back."""
    assignee: str = ""
    """The agent the person belongs to; empty for nobody."""
    has_draft: bool = False
    """Whether a text to them was begun and not sent."""


class PersonFound(NamedTuple):
    """Somebody that a search found, and by what."""

    contact_id: int
    name: str
    words: str
    """What matched, raw: an address, a company, a message; empty when it was the name."""
    is_said: bool
    """Whether it was something said in a message."""


class SearchResult(NamedTuple):
    """People that match a search, newest activity first."""

    ids: tuple[int, ...]
    more: bool
    """Whether more people match than were returned."""
