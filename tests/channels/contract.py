"""The contract of every adapter, in terms of a world in which the adapter can be tested."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from contacts_tui.channels.base import Adapter, BadRequest, Event, Outgoing, WebhookRequest
from contacts_tui.channels.timeouts import Timeouts
from contacts_tui.domain.inbox import Inbox
from tests.channels.wire import NOW


class Mishap(StrEnum):
    """What can go wrong with a message that is sent."""

    HANG = "hang"
    """The provider accepts it, and never answers."""
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

    inbox: Inbox
    documented: Mapping[str, bytes]
    """The provider's codes that an answer to a send can have, with such an answer."""
    tells_time: bool
    """Whether webhooks and updates say when a message was written."""
    names_addresses: bool
    """Whether a message names its file by the address of the file."""
    secrets: Sequence[str]
    """Credentials that only the provider may be told."""

    @property
    def adapter(self) -> Adapter:
        """The adapter under test."""

    def message(self, body: str) -> Outgoing:
        """Return a message to the person that the provider would accept."""

    def to_nobody(self) -> Outgoing:
        """Return a message that the provider refuses."""

    def at(self, base_url: str) -> Inbox:
        """Return the inbox with its provider at another base URL."""

    def hurried(self, timeouts: Timeouts) -> Adapter:
        """Return another adapter, with other time-outs; the caller closes it."""

    def stranger(self) -> Inbox:
        """Return the inbox with credentials that the provider doesn't accept."""

    async def arrange(self, mishap: Mishap) -> None:
        """Let the next send meet a mishap."""

    async def taken(self) -> int:
        """Return how many messages the provider has."""

    async def tries(self) -> int:
        """Return how many sends reached the provider, whatever their outcome."""

    async def now(self) -> datetime:
        """Return the provider's time."""

    async def hears(self, body: str, name: str = "1", *, unknown: bool = False, at: datetime = NOW) -> Sequence[Event]:
        """Return the adapter's events for a message of the person, with unannounced fields if `unknown`."""

    async def shares(self, url: str) -> Sequence[Event]:
        """Return the adapter's events for a message with a picture, which is at this address if messages name one."""

    def before_file(self, url: str) -> Sequence[bytes]:
        """Return the provider's answers before it is asked for the file itself, at this address if it can name one."""

    async def hears_malformed(self) -> None:
        """Let the adapter read everything that is no message. Raise AssertionError when one is not turned away."""


class Editing(World, Protocol):
    """A provider whose people can change what they wrote."""

    async def edits(self, body: str, name: str = "1") -> Sequence[Event]:
        """Return the adapter's events for a change of the message that `hears` received under this name."""


class Signed(World, Protocol):
    """A provider that calls a webhook, and proves its identity."""

    signature_header: str
    """The header with the proof of who calls."""

    def inbound(self, body: str) -> WebhookRequest:
        """Return a signed webhook with a message of the person."""


class Reporting(Signed, Protocol):
    """A provider that reports on our messages, and gives our reference back."""

    def report(self, provider_id: str) -> WebhookRequest:
        """Return a signed report that a message of ours, with the uid `ours`, has this id."""


def with_headers(request: WebhookRequest, headers: Mapping[str, str]) -> WebhookRequest:
    """Return the request with some headers replaced; an empty value removes one."""
    changed = {**request.headers, **headers}
    return replace(request, headers={name: value for name, value in changed.items() if value})


def turned_away(adapter: Adapter, inbox: Inbox, requests: Sequence[WebhookRequest]) -> None:
    """Assert that none of these requests is read as an event."""
    for request in requests:
        try:
            found = adapter.events(inbox, request)
        except BadRequest as error:
            assert error.sentence.endswith(".")
        else:
            raise AssertionError(f"{request.body!r} was read as {found!r}")
