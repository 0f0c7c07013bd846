"""What every adapter has to keep, told through a world in which it can be put to the test."""

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

    inbox: Inbox
    documented: Mapping[str, bytes]
    """The provider's codes that an answer to a send can have, with such an answer."""
    tells_time: bool
    """Whether what comes in says when it was written."""
    names_addresses: bool
    """Whether a message names its file by the address where it lies."""
    secrets: Sequence[str]
    """What only the provider may be told."""

    @property
    def adapter(self) -> Adapter:
        """The adapter under test."""

    def message(self, body: str) -> Outgoing:
        """A message to the person, that the provider would take."""

    def to_nobody(self) -> Outgoing:
        """A message that the provider refuses."""

    def at(self, base_url: str) -> Inbox:
        """The inbox with its provider elsewhere."""

    def hurried(self, timeouts: Timeouts) -> Adapter:
        """Another adapter, with other times; the caller closes it."""

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

    async def hears(self, body: str, name: str = "1", *, unknown: bool = False, at: datetime = NOW) -> Sequence[Event]:
        """What the adapter makes of a message of the person. With `unknown` it has fields of which nobody told us."""

    async def shares(self, url: str) -> Sequence[Event]:
        """What the adapter makes of a message with a picture, which lies at this address if messages name one."""

    def before_file(self, url: str) -> Sequence[bytes]:
        """What the provider answers before it is asked for the file itself, at this address if it can name one."""

    async def hears_malformed(self) -> None:
        """Everything that is no message, one after the other; raises AssertionError when one is not turned away."""


class Editing(World, Protocol):
    """A provider whose people can change what they wrote."""

    async def edits(self, body: str, name: str = "1") -> Sequence[Event]:
        """What the adapter makes of the change of a message that `hears` names so."""


class Signed(World, Protocol):
    """A provider that calls a webhook, and proves that it is itself."""

    signature_header: str
    """Where a webhook carries the proof of who calls."""

    def inbound(self, body: str) -> WebhookRequest:
        """A signed webhook with a message of the person."""


class Reporting(Signed, Protocol):
    """A provider that tells what became of our messages, and gives our reference back."""

    def report(self, provider_id: str) -> WebhookRequest:
        """A signed report that a message of ours, with the uid `ours`, has this id."""


def with_headers(request: WebhookRequest, headers: Mapping[str, str]) -> WebhookRequest:
    """The request with some headers replaced; an empty value takes one out."""
    changed = {**request.headers, **headers}
    return replace(request, headers={name: value for name, value in changed.items() if value})


def turned_away(adapter: Adapter, inbox: Inbox, requests: Sequence[WebhookRequest]) -> None:
    """Asserts that none of these is read as an event."""
    for request in requests:
        try:
            found = adapter.events(inbox, request)
        except BadRequest as error:
            assert error.sentence.endswith(".")
        else:
            raise AssertionError(f"{request.body!r} was read as {found!r}")
