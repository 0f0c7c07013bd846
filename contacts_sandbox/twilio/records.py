"""What the sandbox remembers: accounts, senders, templates, messages and API requests.

Messages, posts and requests are of any provider; the rest is Twilio's.
"""

from __future__ import annotations

import asyncio
import secrets
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

API_VERSION = "2010-04-01"
"""The version in the paths and records of the Messages API."""


def new_sid(prefix: str) -> str:
    """Return a fresh identifier in Twilio's form: `prefix`, two letters, and 32 hexadecimal digits."""
    return prefix + secrets.token_hex(16)


@dataclass
class Account:
    """One set of credentials."""

    sid: str
    """`AC` and 32 hexadecimal digits."""
    auth_token: str
    """The password of the API and the key of every signature. Never shown by the control API."""
    created_at: datetime
    """When control made it."""


@dataclass
class Sender:
    """A number or WhatsApp sender that belongs to an account."""

    account_sid: str
    """The account that it belongs to."""
    address: str
    """`+1555…` or `whatsapp:+1555…`."""
    inbound_url: str | None
    """Where messages to it are posted; None: nowhere, they are only recorded."""
    messaging_service_sid: str | None
    """The messaging service it is in, if any."""
    sms_capable: bool
    """Whether a plain number may send messages (21606 when not)."""
    sid: str
    """`PN…`, as the list of numbers shows it."""
    created_at: datetime
    """When control made it."""


@dataclass
class Approval:
    """What WhatsApp said of a template."""

    name: str
    """Its name at WhatsApp."""
    category: str
    """UTILITY, MARKETING or AUTHENTICATION, as WhatsApp spells them."""
    status: str
    """`approved`, `pending`, `paused` ... any string: the true field isn't an enumeration."""
    rejection_reason: str
    """Empty unless rejected."""


@dataclass
class Template:
    """A content template with its approval."""

    account_sid: str
    """The account that it belongs to."""
    sid: str
    """`HX` and 32 hexadecimal digits."""
    friendly_name: str
    """Not seen by the recipient."""
    language: str
    """A language code such as `en` or `pt_BR`."""
    types: dict[str, dict[str, Any]]
    """Content type, such as `twilio/text`, to its definition."""
    variables: dict[str, str]
    """Variable name to sample value."""
    approval: Approval
    """What WhatsApp said of it."""
    created_at: datetime
    """When control made it."""
    updated_at: datetime
    """When control last changed it."""


@dataclass
class Media:
    """A file attached to a message."""

    sid: str
    """`ME…`."""
    content_type: str
    """Its MIME type."""
    filename: str | None
    """The name it is served under, if any."""
    data: bytes
    """Its content."""


@dataclass
class Post:
    """One webhook that was posted, and the answer to it."""

    at: datetime
    """When it was sent."""
    url: str
    """Where to, query included."""
    fields: dict[str, Any]
    """What was posted: Twilio's form, or another provider's JSON document."""
    answer: int | None = None
    """The receiver's HTTP status; None: no answer came."""
    error: str | None = None
    """Why no answer came, or what was done to the post on purpose."""


@dataclass
class StatusChange:
    """A step in a message's life."""

    status: str
    """The status reached."""
    at: datetime
    """When it was reached."""


@dataclass
class Version:
    """A text that a message had for a while."""

    body: str
    """The text."""
    at: datetime
    """Since when it had this text."""


@dataclass
class Message:
    """A message the sandbox accepted, in either direction."""

    sid: str
    """The provider's id: `SM…`, or `MM…` with media; Telegram `chat:message`; Messenger the mid."""
    channel: str
    """`sms`, `whatsapp`, `telegram` or `messenger`."""
    account_sid: str
    """What it belongs to: an account of Twilio's, the id of a bot, the id of a page."""
    direction: str
    """`outbound-api` or `inbound`; at Messenger also `outbound`, written in the page's own inbox."""
    from_: str
    """The sending address: a number, a bot's username or a chat id, a page's id or a PSID."""
    to: str
    """The receiving address."""
    body: str
    """The text, or the rendered template."""
    status: str
    """The present status."""
    created_at: datetime
    """When it was accepted."""
    updated_at: datetime
    """When the status last changed."""
    sent_at: datetime | None = None
    """When it left, or arrived; None while it waits."""
    error_code: int | None = None
    """Why it failed."""
    num_segments: int = 1
    """Parts of the text message."""
    media_urls: list[str] = field(default_factory=list)
    """What the client asked to attach."""
    media: list[Media] = field(default_factory=list)
    """Files held here: of inbound messages, and those fetched or uploaded for outbound ones."""
    messaging_service_sid: str | None = None
    """The service it was sent through."""
    status_callback: str | None = None
    """Where status changes are posted."""
    reference: str | None = None
    """The client's own reference, where the provider carries one (Messenger's metadata)."""
    form: list[tuple[str, str]] = field(default_factory=list)
    """Everything the client sent, unknown fields too; for an inbound message, what was posted."""
    history: list[StatusChange] = field(default_factory=list)
    """Every status with its time."""
    versions: list[Version] = field(default_factory=list)
    """Every text it had, the oldest first; empty unless its writer changed it."""
    posts: list[Post] = field(default_factory=list)
    """Callbacks, or the inbound webhook, with the answers."""
    fate: int | None = None
    """The error this message will end in, decided when it was accepted; None: it arrives."""
    post_order: asyncio.Lock = field(default_factory=asyncio.Lock, repr=False)
    """Held while a callback is on its way, so that those of one message leave in order."""

    def rewrite(self, body: str, at: datetime) -> None:
        """Store the text to which its writer changed the message."""
        self.versions = [*(self.versions or [Version(self.body, self.created_at)]), Version(body, at)]
        self.body = body

    @property
    def whatsapp(self) -> bool:
        """Whether it travels by WhatsApp."""
        return self.channel == "whatsapp"


@dataclass
class Request:
    """One API request as it came in. Holds no secret: passwords and tokens are left out."""

    at: datetime
    """When it arrived."""
    method: str
    """GET, POST ..."""
    path: str
    """Without the query; the token of a bot is masked."""
    query: str
    """As sent, tokens masked."""
    username: str | None
    """The account it claimed to be."""
    form: list[tuple[str, str]]
    """The parameters in the body, if it could be read; files by their names."""
    answer: int | None = None
    """The HTTP status of the answer; None: there was none (hanging or dropped)."""
