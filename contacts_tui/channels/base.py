"""The interface of every adapter, and the types of its arguments and results."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Protocol, runtime_checkable

from contacts_tui.channels.fence import Fence
from contacts_tui.domain.channel import Channel, Provider
from contacts_tui.domain.delivery import Delivery
from contacts_tui.domain.failure import Failure
from contacts_tui.domain.gap import MissedMessage
from contacts_tui.domain.inbox import Inbox
from contacts_tui.domain.message import Media, TemplateUse
from contacts_tui.domain.opt_out import OptWord
from contacts_tui.domain.template import Template

ResolveSecret = Callable[[str], str]
"""Returns the credential at `env:NAME`, `file:PATH` or `keyring:NAME`; raises SecretError."""


class WebhookKind(StrEnum):
    """Which of an inbox's two webhook addresses was called."""

    INBOUND = "inbound"
    STATUS = "status"


def webhook_url(public_url: str, inbox_id: int, kind: WebhookKind) -> str:
    """Return an inbox's webhook address under the receiver's public URL (with or without a trailing slash)."""
    return f"{public_url.rstrip('/')}/webhooks/{inbox_id}/{kind.value}"


MESSAGE_PARAMETER = "message"
"""Query parameter of a status callback with our reference of the attempt (`Outgoing.uid`); the signature covers it."""


CREDENTIALS = "credentials"
"""Code of every failure to read a credential."""

WRONG_TYPE = "content_type"
"""Code of a BadRequest whose body has a content type that the provider doesn't send: HTTP 415."""

EXPIRED_CURSOR = "expired_cursor"
"""Code of the failure when a provider no longer knows a cursor of its list."""

NO_CHALLENGE = "no_challenge"
"""Code of a BadRequest that asks to confirm an address, at a provider that has no such confirmation: HTTP 405."""


@dataclass(frozen=True, slots=True)
class OutgoingFile:
    """A file that goes with a message."""

    path: Path
    """Its path on this machine, for providers that take the bytes."""
    url: str
    """The address at which the provider can fetch it, for providers that fetch files; empty without a public URL."""
    content_type: str
    name: str
    size: int
    """Bytes."""


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A message on its way to a provider."""

    uid: str
    """Our reference of this attempt (the message's client id and its number), for the provider to give back."""
    channel: Channel
    to: str
    body: str
    template: TemplateUse | None
    files: tuple[OutgoingFile, ...]
    status_callback: str
    """The address to which the provider reports statuses; empty when no receiver is reachable from outside."""
    human_agent: bool = False
    """Messenger: whether it is sent outside the 24 hours, under the HUMAN_AGENT tag."""

    @property
    def file_bytes(self) -> int:
        """The size of its files together."""
        return sum(file.size for file in self.files)


@dataclass(frozen=True, slots=True)
class Accepted:
    """The provider accepted the message and gave it an id."""

    provider_id: str
    status: Delivery
    code: str = ""
    """The reason, when the status is `failed` already; otherwise empty."""


@dataclass(frozen=True, slots=True)
class Refused:
    """The provider refused the message: nothing was sent, and the same message would be refused again."""

    code: str
    detail: str


@dataclass(frozen=True, slots=True)
class NotSent:
    """Proof that nothing was sent: no connection, or a rate limit. May be retried automatically."""

    code: str
    detail: str
    retry_after: timedelta | None = None
    """How long the provider asked to wait."""
    rate_limited: bool = False
    """Whether the rate limit is that of the whole inbox, so that its other messages have to wait too."""


@dataclass(frozen=True, slots=True)
class OutcomeUnknown:
    """The message may or may not have been sent: read time-out, dropped connection, 5xx. Never resent on a guess."""

    code: str
    detail: str


SendResult = Accepted | Refused | NotSent | OutcomeUnknown


@dataclass(frozen=True, slots=True)
class WebhookRequest:
    """One request to a webhook address, as it came."""

    kind: WebhookKind
    url: str
    """The configured public URL of this address with the request's own query; never built from the Host header."""
    headers: Mapping[str, str]
    """Names in lower case."""
    body: bytes
    received_at: datetime


@dataclass(frozen=True, slots=True)
class InboundMessage:
    """A message that a person wrote."""

    event_key: str
    provider_id: str
    sender: str
    """The person's raw address, without `whatsapp:`."""
    body: str
    media: tuple[Media, ...]
    profile_name: str
    at: datetime
    """The provider's time; where it sends none (Twilio's webhooks don't), the time the request came in."""
    raw: Mapping[str, object]
    other_names: tuple[str, ...] = ()
    """User ids that the provider gave beside the address, well formed."""
    opts: OptWord | None = None
    """Whether the provider takes the message as an opt-out or opt-in: by its own field, or by a keyword it acts on."""
    is_chosen: bool = False
    """Whether the person pressed a button or chose from a list, and so typed no words of their own."""
    carrier: str = ""
    """The service that carried it, where that isn't the inbox's channel ("RCS"); empty otherwise."""


@dataclass(frozen=True, slots=True)
class PassedOver:
    """An event that isn't for us, or of a kind that the program does nothing with: counted, so that it can be seen."""

    event_key: str
    """Empty for an event that is only counted and not stored, such as a group's message."""
    kind: str
    """The provider's name of this kind."""
    at: datetime
    raw: Mapping[str, object]
    provider_id: str = ""
    """The provider's id of the message that the event is about; empty for none."""


@dataclass(frozen=True, slots=True)
class StatusUpdate:
    """The status of a message that we sent."""

    event_key: str
    provider_id: str
    uid: str
    """Our reference of the attempt, when the provider gave it back; empty otherwise."""
    status: Delivery | None
    """None for a provider's status that changes nothing (the event is stored all the same)."""
    word: str
    """The provider's name of the status."""
    code: str
    detail: str
    at: datetime
    raw: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class MessageEdited:
    """A person changed a message that they wrote before."""

    event_key: str
    provider_id: str
    body: str
    media: tuple[Media, ...] | None
    """The files it has now; None when only the text changed."""
    at: datetime
    raw: Mapping[str, object]
    taken_back: bool = False
    """Whether the person deleted the message: `body` is what is shown in its place."""


@dataclass(frozen=True, slots=True)
class PermissionChanged:
    """A person blocked us, or allowed us to write again."""

    event_key: str
    sender: str
    allowed: bool
    at: datetime
    raw: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Echo:
    """A message sent from our inbox's address: by us, or by someone who wrote it in the provider's own interface."""

    event_key: str
    provider_id: str
    recipient: str
    uid: str
    """Our reference of the attempt, when we sent the message; empty otherwise."""
    body: str
    media: tuple[Media, ...]
    at: datetime
    raw: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Watermark:
    """Everything that we sent to a person up to a moment was delivered, or read."""

    event_key: str
    sender: str
    status: Delivery
    up_to: datetime
    raw: Mapping[str, object]


Event = InboundMessage | StatusUpdate | MessageEdited | PermissionChanged | Echo | Watermark | PassedOver


class ChannelError(Exception):
    """A provider's or adapter's failure outside of sending, with a sentence for the agent."""

    def __init__(self, sentence: str, code: str = "", retry_after: timedelta | None = None) -> None:
        """Keep the sentence, its code, and `retry_after`: how long the provider asked to wait."""
        super().__init__(sentence)
        self.sentence = sentence
        self.code = code
        self.retry_after = retry_after


class BadSignature(ChannelError):
    """The request was not signed by the provider: HTTP 403."""


class BadRequest(ChannelError):
    """The request isn't one that the provider would send: HTTP 400, unless its code says another status."""


class SecretError(ChannelError):
    """A credential could not be found where its reference says."""


@dataclass(frozen=True, slots=True)
class InboxCheck:
    """The result of asking a provider about an inbox's credentials and address."""

    ok: bool
    lines: tuple[str, ...]
    """One sentence for each thing that was checked."""
    code: str = ""
    """What is wrong, by the provider's code or one of ours; empty when all is well."""


class Adapter(Protocol):
    """The interface to one provider. `send` returns the provider's refusals, and never raises them."""

    provider: Provider
    largest_webhook: int
    """The most bytes of a webhook's body; a longer one isn't read."""

    async def send(self, inbox: Inbox, outgoing: Outgoing, fence: Fence | None = None) -> SendResult:
        """Send a message once, without any retry, and return the result; Refused with CREDENTIALS without a credential.

        Only the request that reaches the person passes the fence. Whatever ends before that counts as not sent. Without
        a fence the request is always made.
        """

    async def fetch(self, inbox: Inbox, media: Media, target: Path, limit: int) -> None:
        """Download a file of an inbound message into `target`, at most `limit` bytes.

        Send credentials to the provider's own hosts only. Raise ChannelError on failure, and leave no `target` then.
        """

    async def find(self, inbox: Inbox, outgoing: Outgoing, since: datetime) -> Accepted | None:
        """Return evidence that the provider has this message, or None. Raise ChannelError when it can't be asked."""

    async def templates(self, inbox: Inbox, now: datetime) -> Sequence[Template]:
        """Return all templates of the inbox's account, from every page, with an `id` of 0. Raise ChannelError."""

    async def check(self, inbox: Inbox) -> InboxCheck:
        """Return what the provider says of credentials and address. Raise ChannelError when it can't be asked."""

    def admit(self, headers: Mapping[str, str]) -> None:
        """Raise BadSignature or BadRequest when the headers alone show that the provider didn't make this request.

        Called before the body is read. The names of headers are in lower case.
        """

    def events(self, inbox: Inbox, request: WebhookRequest) -> Sequence[Event]:
        """Verify and parse a webhook. Raise BadSignature or BadRequest, nothing else."""

    def challenge(self, inbox: Inbox, query: Mapping[str, str]) -> str:
        """Return the answer that confirms a webhook address to its provider (GET). Raise BadRequest or BadSignature."""

    async def aclose(self) -> None:
        """Close the connections."""


@runtime_checkable
class Polling(Protocol):
    """The further methods of an adapter whose provider can be polled for updates."""

    async def updates(self, inbox: Inbox, cursor: str, fence: Fence | None = None) -> tuple[Sequence[Event], str]:
        """Wait for updates after `cursor` (empty at first); return their events, and the cursor for the next call.

        Each request passes the fence.

        A call with a cursor acknowledges everything before it, so the caller commits the events first. Raise
        ChannelError (code `conflict` when another program polls, `webhook` when a webhook is set).
        """

    async def webhook_secret(self, inbox: Inbox) -> str:
        """Return the secret that the provider sends with each call of the inbox's webhook.

        It is derived from the present credential: when it changes, the webhook has to be set again. Raise SecretError.
        """

    async def use_webhook(self, inbox: Inbox, url: str, fence: Fence | None = None) -> None:
        """Ask the provider to call `url`, or, when it is empty, to be polled again. Raise ChannelError."""

    async def forget_webhook(self, inbox: Inbox, fence: Fence | None = None) -> bool:
        """Remove our webhook; return False when none is set, or one that isn't ours. Raise ChannelError."""


@runtime_checkable
class Listing(Protocol):
    """The further methods of an adapter whose provider can list messages that its webhooks failed to deliver.

    All raise ChannelError.
    """

    async def received(
        self, inbox: Inbox, since: datetime, until: datetime, cursor: str
    ) -> tuple[Sequence[MissedMessage], str]:
        """Return a page of the messages to this inbox in a span of time, newest first, and the cursor of the next page.

        An empty cursor asks for the first page, and is returned with the last one. Messages outside of the span may be
        left out. The code EXPIRED_CURSOR means that the list has to be read again from its beginning.
        """

    async def take(self, inbox: Inbox, missed: MissedMessage) -> InboundMessage:
        """Return a listed message as its webhook would have reported it, with its files and the time it was sent."""

    async def report(self, inbox: Inbox, provider_id: str) -> StatusUpdate | None:
        """Return the status of a message of ours; None when the provider doesn't know it, or has nothing new."""


@runtime_checkable
class Naming(Protocol):
    """The further method of an adapter whose provider's messages don't name their sender."""

    async def name_of(self, inbox: Inbox, address: str) -> str:
        """Return a person's name at the provider; empty when they have none. Raise ChannelError."""


Explain = Callable[[str], Failure]
"""Returns the explanation of a provider's code, also of an unknown one."""
