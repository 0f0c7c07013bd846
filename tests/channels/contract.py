"""What every adapter has to keep, told through a world in which it can be put to the test."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from contacts_tui.channels.base import Adapter, Outgoing, WebhookRequest
from contacts_tui.domain.inbox import Inbox


class Mishap(StrEnum):
    """What can happen to a message on its way."""

    HANG = "hang"
    """Taken, and never answered."""
    DROPPED_BEFORE = "drop_before"
    """The connection closes, and the provider doesn't have it."""
    DROPPED_AFTER = "drop_after"
    """The connection closes, and the provider has it."""
    SERVER_ERROR = "http_500"
    """HTTP 500, and the provider doesn't have it."""
    SERVER_ERROR_AFTER = "http_500_after"
    """HTTP 500, and the provider has it."""
    RATE_LIMIT = "rate_limit"
    """The provider asks to wait."""


class World(Protocol):
    """A provider's stand-in, with an inbox and a person in it."""

    signature_header: str
    """Where a webhook carries the proof of who calls."""
    inbox: Inbox

    @property
    def adapter(self) -> Adapter:
        """The adapter under test."""

    def message(self, body: str) -> Outgoing:
        """A message to the person, that the provider would take."""

    def to_nobody(self) -> Outgoing:
        """A message that the provider refuses."""

    def stranger(self) -> Inbox:
        """The inbox with credentials that the provider doesn't accept."""

    async def arrange(self, mishap: Mishap) -> None:
        """Let the next send meet a mishap."""

    async def taken(self) -> int:
        """How many messages the provider has."""

    async def tries(self) -> int:
        """How many sends reached the provider, whatever became of them."""

    async def now(self) -> datetime:
        """The provider's time."""

    def inbound(self, body: str) -> WebhookRequest:
        """A signed webhook with a message of the person."""


class Reporting(World, Protocol):
    """A provider that tells what became of our messages, and gives our reference back."""

    def report(self, provider_id: str) -> WebhookRequest:
        """A signed report that a message of ours, with the uid `ours`, has this id."""


def with_headers(request: WebhookRequest, headers: Mapping[str, str]) -> WebhookRequest:
    """The request with some headers replaced; an empty value takes one out."""
    changed = {**request.headers, **headers}
    return replace(request, headers={name: value for name, value in changed.items() if value})
