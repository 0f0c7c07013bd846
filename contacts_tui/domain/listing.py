"""The people list: its places and its lines. Kept apart from `views`, for the first frame waits for what it imports."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    from contacts_tui.domain.channel import Channel
    from contacts_tui.domain.delivery import Delivery
    from contacts_tui.domain.failure import Failure
    from contacts_tui.domain.message import Direction


class Place(StrEnum):
    """A place in the left navigation: which people the list holds."""

    ALL = "all"
    UNREAD = "unread"
    CLOSING = "closing"
    """A WhatsApp or Messenger window closes within `window.CLOSING_SOON`; soonest first."""
    FAILED = "failed"
    """The last message to them failed or is unknown."""


class Order(StrEnum):
    """In which order a place lists its people."""

    LATEST = "latest"
    """The latest message first; where windows close soon, the first to close."""
    NAME = "name"
    """By name, as people sort them: capitals and accents make no difference."""


@dataclass(frozen=True, slots=True)
class PlaceCounts:
    """How many people each place holds."""

    everyone: int
    unread: int
    closing: int
    failed: int


@dataclass(frozen=True, slots=True)
class PersonRow:
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


@dataclass(frozen=True, slots=True)
class PersonFound:
    """Somebody that a search found, and by what."""

    contact_id: int
    name: str
    words: str
    """What matched, raw: an address, a company, a message; empty when it was the name."""
    is_said: bool
    """Whether it was something said in a message."""


@dataclass(frozen=True, slots=True)
class SearchResult:
    """People that match a search, newest activity first."""

    ids: tuple[int, ...]
    more: bool
    """Whether more people match than were returned."""
