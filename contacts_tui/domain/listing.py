"""The people list: its lines, and what a search finds.

Separate from `views`, so that the first frame doesn't wait for the imports of that module.
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
    """Channels with a conversation, in the channels' order; empty for a person without any."""
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
    """A value of `urgency.State`; a person without a conversation is closed."""
    waiting_since: datetime | None = None
    """The time of their first unanswered message; None when they aren't waiting."""
    deadline: datetime | None = None
    """When a waiting person runs out of time; None when they aren't waiting, or have no deadline."""
    deadline_channel: Channel | None = None
    """The channel whose window ends at the deadline; None when the deadline is the answer target's."""
    wake_at: datetime | None = None
    """When a snoozed person comes back; None when only a message of theirs brings them back."""
    assignee: str = ""
    """The assignee; empty for an unassigned person."""
    has_draft: bool = False
    """Whether there is a draft to them."""


class PersonFound(NamedTuple):
    """A person whom a search found, and what matched."""

    contact_id: int
    name: str
    words: str
    """What matched, raw: an address, a company, a message; empty when the name matched."""
    is_said: bool
    """Whether it matched in a message."""


class SearchResult(NamedTuple):
    """People that match a search, newest activity first."""

    ids: tuple[int, ...]
    more: bool
    """Whether more people match than were returned."""
