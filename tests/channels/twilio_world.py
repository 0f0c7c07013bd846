"""Twilio's part of the contract: the sandbox for sending, the SDK's own validator for receiving."""

from base64 import b64encode
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime
from urllib.parse import urlencode

from twilio.request_validator import RequestValidator

from contacts_tui.channels.base import MESSAGE_PARAMETER, Event, Outgoing, WebhookKind, WebhookRequest, webhook_url
from contacts_tui.channels.timeouts import Timeouts
from contacts_tui.channels.twilio import errors
from contacts_tui.channels.twilio.adapter import TwilioAdapter
from contacts_tui.channels.twilio.signed_form import WHATSAPP
from contacts_tui.domain.channel import Channel
from contacts_tui.domain.inbox import Inbox
from tests.channels.contract import Mishap, turned_away
from tests.channels.wire import IMPATIENT, NOW, inbox, outgoing, refusal, resolve
from tests.sandbox.driver import ACCOUNT, ANN, SHOP, TOKEN, WA_SHOP, Driver

PUBLIC_URL = "https://desk.example/support"
OURS = {Channel.SMS: SHOP, Channel.WHATSAPP: WA_SHOP.removeprefix(WHATSAPP)}
"""Our numbers."""
STOPPED = "+15552229999"
"""The number of a person who wants no more messages."""


def signed(
    kind: WebhookKind, fields: Mapping[str, str], *, query: str = "", inbox_id: int = 7, public_url: str = PUBLIC_URL
) -> WebhookRequest:
    """Return a webhook as Twilio signs it."""
    url = webhook_url(public_url, inbox_id, kind) + query
    signature = RequestValidator(TOKEN).compute_signature(url, dict(fields))
    headers = {"content-type": "application/x-www-form-urlencoded; charset=UTF-8", "x-twilio-signature": signature}
    return WebhookRequest(kind, url, headers, urlencode(fields).encode(), NOW)


def inbound(inbox_id: int = 7, /, **fields: str) -> WebhookRequest:
    """Return an SMS from Ann, with some fields changed; blank ones stay."""
    form = {
        "MessageSid": "SM" + "1" * 32,
        "AccountSid": ACCOUNT,
        "From": ANN,
        "To": SHOP,
        "Body": "hello",
        "NumMedia": "0",
        "FromCity": "",
    }
    return signed(WebhookKind.INBOUND, form | fields, inbox_id=inbox_id)


def status(inbox_id: int = 7, /, uid: str = "ours", **fields: str) -> WebhookRequest:
    """Return a callback for a message of ours, with some fields changed."""
    form = {"MessageSid": "SM" + "2" * 32, "AccountSid": ACCOUNT, "MessageStatus": "delivered"}
    return signed(WebhookKind.STATUS, form | fields, query=f"?{MESSAGE_PARAMETER}={uid}", inbox_id=inbox_id)


REFUSED = [code for code in errors.CODES if code.isdecimal()]
"""Codes that Twilio documents."""

STATUSES = {"20003": 401, "20404": 404, "20429": 429, "20500": 500, "20503": 503}
"""HTTP status by code, where it isn't 400."""


class TwilioWorld:
    """An inbox at the sandbox."""

    signature_header = "x-twilio-signature"
    tells_time = False
    names_addresses = True
    secrets: Sequence[str] = (TOKEN, b64encode(f"{ACCOUNT}:{TOKEN}".encode()).decode())
    documented: Mapping[str, bytes] = {code: refusal(STATUSES.get(code, 400), int(code)) for code in REFUSED}

    def __init__(self, adapter: TwilioAdapter, sandbox: Driver, channel: Channel) -> None:
        self.adapter = adapter
        self._channel = channel
        self._prefix = WHATSAPP if channel is Channel.WHATSAPP else ""
        self._sandbox = sandbox
        self.inbox = self.at(sandbox.base_url)

    def at(self, base_url: str) -> Inbox:
        """Return the inbox of our number."""
        return inbox(base_url, channel=self._channel, address=OURS[self._channel])

    def hurried(self, timeouts: Timeouts) -> TwilioAdapter:
        """Return an adapter with these time-outs."""
        return TwilioAdapter(resolve, timeouts)

    def message(self, body: str) -> Outgoing:
        """Return a message to Ann, whose window is open."""
        return outgoing(body, channel=self._channel)

    def to_nobody(self) -> Outgoing:
        """Return a message to the number that Twilio keeps for refusals, or on WhatsApp to a person who opted out."""
        return outgoing(channel=self._channel, to=STOPPED if self._channel is Channel.WHATSAPP else "+15005550001")

    def stranger(self) -> Inbox:
        """Return the inbox with another account."""
        return replace(self.inbox, account="AC" + "9" * 32)

    async def arrange(self, mishap: Mishap) -> None:
        """Ask the sandbox for a fault, which has the same name."""
        await self._sandbox.control("faults", {"when": "send", "kind": mishap.value})

    async def taken(self) -> int:
        """Return the number of outbound messages in the sandbox's record."""
        found = (await self._sandbox.look("messages"))["messages"]
        return sum(message["direction"].startswith("outbound") for message in found)

    async def tries(self) -> int:
        """Return the number of sends in the sandbox's log."""
        requests = (await self._sandbox.look("requests"))["requests"]
        return sum(request["method"] == "POST" and "Messages" in request["path"] for request in requests)

    async def now(self) -> datetime:
        """Return the machine's time: the sandbox uses that clock."""
        return datetime.now(UTC)

    def inbound(self, body: str, **more: str) -> WebhookRequest:
        """Return a webhook with a message of Ann's."""
        addresses = {"From": self._prefix + ANN, "To": self._prefix + OURS[self._channel]}
        return inbound(**{**addresses, "Body": body, **more})

    async def hears(self, body: str, name: str = "1", *, unknown: bool = False, at: datetime = NOW) -> Sequence[Event]:
        """Return the events for a message of Ann's, by webhook, which doesn't say when it was written."""
        odd = {"NewIn2027": "a", "Channel[0]": '{"b": []}', "ÄÖ": "ß"} if unknown else {}
        return self.adapter.events(self.inbox, self.inbound(body, **odd | {"MessageSid": "SM" + name * 32}))

    async def shares(self, url: str) -> Sequence[Event]:
        """Return the events for a picture of Ann's, by webhook, at any address."""
        file = {"MediaUrl0": url, "MediaContentType0": "image/png", "NumMedia": "1"}
        return self.adapter.events(self.inbox, self.inbound("", **file))

    def before_file(self, url: str) -> Sequence[bytes]:
        """Return nothing: the message itself names the address."""
        return ()

    async def hears_malformed(self) -> None:
        """Let the adapter read bodies that are no forms, and forms that lack a required field; all well signed."""
        request = self.inbound("hello")
        broken = [replace(request, body=body) for body in (b"\xff\xfe", b"a=%ff", b"a=1&" * 600)]
        lacking = [self.inbound("hello", **{name: ""}) for name in ("MessageSid", "From")]
        turned_away(self.adapter, self.inbox, [*broken, *lacking])

    def report(self, provider_id: str) -> WebhookRequest:
        """Return Twilio's report of a delivery."""
        return status(MessageSid=provider_id)


@asynccontextmanager
async def _twilio(sandbox: Driver, channel: Channel) -> AsyncIterator[TwilioWorld]:
    adapter = TwilioAdapter(resolve, IMPATIENT)
    yield TwilioWorld(adapter, sandbox, channel)
    await adapter.aclose()


@asynccontextmanager
async def sms_world(sandbox: Driver) -> AsyncIterator[TwilioWorld]:
    """Yield the world of an SMS inbox; the sandbox has the account already."""
    async with _twilio(sandbox, Channel.SMS) as world:
        yield world


@asynccontextmanager
async def whatsapp_world(sandbox: Driver) -> AsyncIterator[TwilioWorld]:
    """Yield the world of a WhatsApp inbox, with Ann's window open, and a person who opted out."""
    await sandbox.control("people", {"address": STOPPED, "traits": {"opted_out": True}})
    await sandbox.control("inbound", {"from": WHATSAPP + ANN, "to": WA_SHOP, "body": "hello"})
    async with _twilio(sandbox, Channel.WHATSAPP) as world:
        yield world
