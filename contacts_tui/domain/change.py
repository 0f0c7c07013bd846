"""The entries of the change feed: what was written to the store."""

from datetime import datetime
from enum import StrEnum
from typing import NamedTuple


class ChangeKind(StrEnum):
    """What a change is about."""

    CONTACT = "contact"
    """A person or one of their addresses; without a `contact_id`, many people at once (an import)."""
    CONVERSATION = "conversation"
    """Read state or window."""
    MESSAGE = "message"
    """A new message."""
    STATUS = "status"
    """The delivery of a message, or an attempt to send it."""
    DRAFT = "draft"
    INBOX = "inbox"
    TEMPLATE = "template"
    SETTING = "setting"
    EVERYTHING = "everything"
    """Changes were pruned before this follower read them: read everything again. Never stored."""


class Change(NamedTuple):
    """One entry of the change feed, written in the same transaction as the change itself."""

    seq: int
    """Its place in the order of all changes; never used twice. A transaction that was rolled back leaves a gap."""
    at: datetime
    kind: ChangeKind
    contact_id: int | None
    conversation_id: int | None
    message_id: int | None
