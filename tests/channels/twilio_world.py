"""Twilio's part of the contract: the sandbox for what leaves, the SDK's own validator for what comes in."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime
from urllib.parse import urlencode

from twilio.request_validator import RequestValidator

from contacts_tui.channels.base import MESSAGE_PARAMETER, Outgoing, WebhookKind, WebhookRequest, webhook_url
from contacts_tui.channels.twilio import TwilioAdapter
from contacts_tui.domain.inbox import Inbox
from tests.channels.contract import Mishap
from tests.channels.wire import IMPATIENT, NOW, inbox, outgoing, resolve
from tests.sandbox.driver import ACCOUNT, ANN, SHOP, TOKEN, Driver

PUBLIC_URL = "https://desk.example/support"


def signed(
    kind: WebhookKind, fields: Mapping[str, str], *, query: str = "", inbox_id: int = 7, public_url: str = PUBLIC_URL
) -> WebhookRequest:
    """A webhook as Twilio signs it."""
    url = webhook_url(public_url, inbox_id, kind) + query
    signature = RequestValidator(TOKEN).compute_signature(url, dict(fields))
    headers = {"content-type": "application/x-www-form-urlencoded; charset=UTF-8", "x-twilio-signature": signature}
    return WebhookRequest(kind, url, headers, urlencode(fields).encode(), NOW)


def inbound(inbox_id: int = 7, /, **fields: str) -> WebhookRequest:
    """An SMS from Ann, with some fields changed; blank ones stay."""
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
    """A callback for a message of ours, with some fields changed."""
    form = {"MessageSid": "SM" + "2" * 32, "AccountSid": ACCOUNT, "MessageStatus": "delivered"}
    return signed(WebhookKind.STATUS, form | fields, query=f"?{MESSAGE_PARAMETER}={uid}", inbox_id=inbox_id)


class TwilioWorld:
    """An SMS inbox at the sandbox."""

    signature_header = "x-twilio-signature"

    def __init__(self, adapter: TwilioAdapter, sandbox: Driver) -> None:
        self.adapter = adapter
        self.inbox = inbox(sandbox.base_url)
        self._sandbox = sandbox

    def message(self, body: str) -> Outgoing:
        """An SMS to Ann."""
        return outgoing(body)

    def to_nobody(self) -> Outgoing:
        """The number that Twilio keeps for refusals."""
        return outgoing(to="+15005550001")

    def stranger(self) -> Inbox:
        """Another account."""
        return replace(self.inbox, account="AC" + "9" * 32)

    async def arrange(self, mishap: Mishap) -> None:
        """The sandbox's faults have the same names."""
        await self._sandbox.control("faults", {"when": "send", "kind": mishap.value})

    async def taken(self) -> int:
        """From the sandbox's record."""
        return len((await self._sandbox.look("messages"))["messages"])

    async def tries(self) -> int:
        """From the sandbox's log."""
        requests = (await self._sandbox.look("requests"))["requests"]
        return sum(request["method"] == "POST" and "Messages" in request["path"] for request in requests)

    async def now(self) -> datetime:
        """The sandbox runs on the machine's clock."""
        return datetime.now(UTC)

    def inbound(self, body: str) -> WebhookRequest:
        """Ann writes."""
        return inbound(Body=body)

    def report(self, provider_id: str) -> WebhookRequest:
        """Twilio reports a delivery."""
        return status(MessageSid=provider_id)


@asynccontextmanager
async def twilio_world(sandbox: Driver) -> AsyncIterator[TwilioWorld]:
    """The sandbox has the account already."""
    adapter = TwilioAdapter(resolve, IMPATIENT)
    yield TwilioWorld(adapter, sandbox)
    await adapter.aclose()
