"""What every adapter does, and the words in which it answers."""

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
"""Turns `env:NAME`, `file:PATH` or `keyring:NAME` into the credential; raises SecretError."""


class WebhookKind(StrEnum):
    """Which of an inbox's two webhook addresses was called."""

    INBOUND = "inbound"
    STATUS = "status"


def webhook_url(public_url: str, inbox_id: int, kind: WebhookKind) -> str:
    """The address that a provider calls, under the receiver's public URL (no trailing slash needed)."""
    return f"{public_url.rstrip('/')}/webhooks/{inbox_id}/{kind.value}"


MESSAGE_PARAMETER = "message"
"""Query parameter of a status callback that carries our message's uid; covered by the signature."""


CREDENTIALS = "credentials"
"""Code of every failure to get at a credential."""

WRONG_TYPE = "content_type"
"""Code of a BadRequest whose body is of a kind that the provider doesn't send: 415."""

EXPIRED_CURSOR = "expired_cursor"
"""Code of a place in a provider's list that it doesn't know any more."""

NO_CHALLENGE = "no_challenge"
"""Code of a BadRequest that asks for a confirmation at a provider that knows none: 405."""


@dataclass(frozen=True, slots=True)
class OutgoingFile:
    """A file that goes with a message."""

    path: Path
    """Where it lies here, for providers that take the bytes."""
    url: str
    """Where the provider can fetch it, for those that want an address; empty without a public URL."""
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
    """Where the provider reports; empty when no receiver is reachable from outside."""
    human_agent: bool = False
    """Messenger: outside the 24 hours, under the HUMAN_AGENT tag."""

    @property
    def file_bytes(self) -> int:
        """The size of its files together."""
        return sum(file.size for file in self.files)


@dataclass(frozen=True, slots=True)
class Accepted:
    """The provider took the message and named it."""

    provider_id: str
    status: Delivery
    code: str = ""
    """Why, when the status is `failed` already."""


@dataclass(frozen=True, slots=True)
class Refused:
    """The provider said no: nothing was sent, and the same again would be refused again."""

    code: str
    detail: str


@dataclass(frozen=True, slots=True)
class NotSent:
    """Proof that nothing left: no connection, or a rate limit. May be tried again by itself."""

    code: str
    detail: str
    retry_after: timedelta | None = None
    """How long the provider asked to wait."""
    rate_limited: bool = False
    """Whether the sender as a whole was too fast, so that its other messages have to wait too."""


@dataclass(frozen=True, slots=True)
class OutcomeUnknown:
    """The message may or may not have been taken: read time-out, dropped connection, 5xx. Never resent on a guess."""

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
    """What the provider holds the message to say of further ones, by its own word or a keyword that it acts upon."""
    is_chosen: bool = False
    """Whether they pressed a button or chose from a list: no words of theirs."""
    carrier: str = ""
    """By what it came where that isn't what the inbox's channel is called ("RCS"); empty otherwise."""


@dataclass(frozen=True, slots=True)
class PassedOver:
    """Something that is not for us, or of a kind that nothing is done with: counted, so that nothing is silent."""

    event_key: str
    """Empty for what is counted only, and not kept: a group's messages are none of our business."""
    kind: str
    """What the provider calls it."""
    at: datetime
    raw: Mapping[str, object]
    provider_id: str = ""
    """The provider's id of the message that it is about; empty for none."""


@dataclass(frozen=True, slots=True)
class StatusUpdate:
    """What became of a message of ours."""

    event_key: str
    provider_id: str
    uid: str
    """Our reference of the attempt, when the provider gave it back; empty otherwise."""
    status: Delivery | None
    """None for a provider word that moves nothing (it is kept all the same)."""
    word: str
    """The provider's word."""
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
    """The files it has now; None where a change is of the text alone."""
    at: datetime
    raw: Mapping[str, object]
    taken_back: bool = False
    """Whether nothing is left of it: `body` is what stands in its place."""


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
    """A message that left from our own sender: ours, or written by someone else at the provider's own inbox."""

    event_key: str
    provider_id: str
    recipient: str
    uid: str
    """Our reference of the attempt, when it is ours; empty otherwise."""
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
        """`retry_after` is how long the provider asked to wait."""
        super().__init__(sentence)
        self.sentence = sentence
        self.code = code
        self.retry_after = retry_after


class BadSignature(ChannelError):
    """The request was not signed by the provider: 403."""


class BadRequest(ChannelError):
    """The request can't be right: 400."""


class SecretError(ChannelError):
    """A credential could not be found where its reference says."""


@dataclass(frozen=True, slots=True)
class InboxCheck:
    """What the provider says of an inbox's credentials and address."""

    ok: bool
    lines: tuple[str, ...]
    """One sentence for each thing looked at."""
    code: str = ""
    """What is wrong, by the provider's code or one of ours; empty when all is well."""


class Adapter(Protocol):
    """One provider. Methods never raise for what the provider answered to a send; they return it."""

    provider: Provider
    largest_webhook: int
    """Bytes of a webhook's body at most; a longer one isn't read."""

    async def send(self, inbox: Inbox, outgoing: Outgoing, fence: Fence | None = None) -> SendResult:
        """One try. Never repeats by itself. An unreadable credential is Refused with code `credentials`.

        The request that reaches the person passes the fence, and no other does. What ends before that, in whatever way,
        is taken for not sent. None: nobody has a say in it.
        """

    async def fetch(self, inbox: Inbox, media: Media, target: Path, limit: int) -> None:
        """Loads a file of an inbound message into `target`, at most `limit` bytes.

        Credentials go to the provider's own hosts only. Raises ChannelError; nothing is left in `target` then.
        """

    async def find(self, inbox: Inbox, outgoing: Outgoing, since: datetime) -> Accepted | None:
        """Looks for evidence that the provider has this message. Raises ChannelError when it can't be asked."""

    async def templates(self, inbox: Inbox, now: datetime) -> Sequence[Template]:
        """All templates of the inbox's account, every page; `id` is 0. Raises ChannelError."""

    async def check(self, inbox: Inbox) -> InboxCheck:
        """Asks the provider whether the credentials and the address are good. Raises ChannelError when unreachable."""

    def admit(self, headers: Mapping[str, str]) -> None:
        """Refuse a webhook that its headers alone (names in lower case) tell to be no call of the provider.

        Asked before the body is read. Raises BadSignature or BadRequest.
        """

    def events(self, inbox: Inbox, request: WebhookRequest) -> Sequence[Event]:
        """Verifies and parses a webhook. Raises BadSignature or BadRequest, nothing else."""

    def challenge(self, inbox: Inbox, query: Mapping[str, str]) -> str:
        """The answer that confirms a webhook address to its provider (GET). Raises BadRequest or BadSignature."""

    async def aclose(self) -> None:
        """Closes connections."""


@runtime_checkable
class Polling(Protocol):
    """What an adapter of a provider that can be asked for updates does besides."""

    async def updates(self, inbox: Inbox, cursor: str, fence: Fence | None = None) -> tuple[Sequence[Event], str]:
        """Waits for what came after `cursor` (empty at first) and returns it with the cursor to ask with next.

        Each request passes the fence.

        Asking with a cursor acknowledges everything before it, so the events are committed first. Raises ChannelError
        (code `conflict` when someone else polls, `webhook` when a webhook is set).
        """

    async def webhook_secret(self, inbox: Inbox) -> str:
        """What the provider says with each call of the inbox's webhook; another one has to be announced anew.

        Made of the credential as it is now. Raises SecretError.
        """

    async def use_webhook(self, inbox: Inbox, url: str, fence: Fence | None = None) -> None:
        """Asks the provider to call `url`; empty: to be polled again. Raises ChannelError."""

    async def forget_webhook(self, inbox: Inbox, fence: Fence | None = None) -> bool:
        """Takes a webhook of ours away; False when there is none, or somebody else's. Raises ChannelError."""


@runtime_checkable
class Listing(Protocol):
    """What an adapter does besides whose provider can be asked for what its webhooks told nobody.

    All raise ChannelError.
    """

    async def received(
        self, inbox: Inbox, since: datetime, until: datetime, cursor: str
    ) -> tuple[Sequence[MissedMessage], str]:
        """A page of what people wrote to this inbox in a span of time, the newest first; and where the list goes on.

        An empty cursor is the list's beginning, and comes back at its end. What lies outside of the span may be left
        out. Code EXPIRED_CURSOR: the list has to be read anew.
        """

    async def take(self, inbox: Inbox, missed: MissedMessage) -> InboundMessage:
        """A listed message as if its webhook had come, with its files, at the time at which it was written."""

    async def report(self, inbox: Inbox, provider_id: str) -> StatusUpdate | None:
        """What became of a message of ours; None when the provider doesn't know it, or says nothing new."""


@runtime_checkable
class Naming(Protocol):
    """What an adapter does besides whose provider's messages don't say who wrote."""

    async def name_of(self, inbox: Inbox, address: str) -> str:
        """What a person goes by there; empty when they have no name. Raises ChannelError."""


Explain = Callable[[str], Failure]
"""Puts a provider's code into words; an unknown code has words too."""
