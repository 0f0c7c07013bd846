"""Messenger's part of the tests: a page, its app, and webhooks as Meta words and signs them."""

import hashlib
import hmac
import json
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any

from contacts_tui.channels.base import Event, Outgoing, WebhookKind, WebhookRequest, webhook_url
from contacts_tui.channels.meta import errors
from contacts_tui.channels.meta.adapter import MessengerAdapter
from contacts_tui.channels.timeouts import Timeouts
from contacts_tui.domain.channel import Channel, Provider
from contacts_tui.domain.inbox import Inbox
from tests.channels.contract import Mishap, turned_away
from tests.channels.twilio_world import PUBLIC_URL
from tests.channels.wire import IMPATIENT, NOW, http, inbox, outgoing
from tests.sandbox.driver import Driver

PAGE, PSID, APP = "102030405060708", "7766554433221100", "909192939495"
PAGE_TOKEN, APP_SECRET = "EAAGm0PX4ZCpsBA", "0f1e2d3c4b5a69788796a5b4c3d2e1f0"
SENT_AT = int(NOW.timestamp()) * 1000
"""The time of Ann's actions, in milliseconds since 1970: just now."""


def resolve(reference: str) -> str:
    """Return the credentials of the page and of its app, by their references."""
    return {"env:PAGE_TOKEN": PAGE_TOKEN, "env:APP_SECRET": APP_SECRET, "env:STRANGER": "EAAGstranger"}[reference]


def page(base_url: str = "", **changes: Any) -> Inbox:
    """Return a page's inbox."""
    given = {
        "channel": Channel.MESSENGER,
        "provider": Provider.META,
        "address": PAGE,
        "account": APP,
        "secret": "env:PAGE_TOKEN",
        "options": {"app_secret": "env:APP_SECRET"},
    }
    return inbox(base_url, **(given | changes))


def to_ann(body: str = "hello", **changes: Any) -> Outgoing:
    """Return a message to Ann, who wrote to the page."""
    return outgoing(body, **({"channel": Channel.MESSENGER, "to": PSID} | changes))


def item(**what: Any) -> dict[str, Any]:
    """Return an item of a webhook: an action of Ann's."""
    return {"sender": {"id": PSID}, "recipient": {"id": PAGE}, "timestamp": SENT_AT, **what}


def said(text: str, mid: str = "m_1", **more: Any) -> dict[str, Any]:
    """Return an item of a webhook: Ann wrote."""
    return item(message={"mid": mid, "text": text, **more})


def echoed(text: str, mid: str = "m_9", **more: Any) -> dict[str, Any]:
    """Return an item of a webhook: a message was sent from the page."""
    message = {"mid": mid, "text": text, "is_echo": True, "app_id": int(APP), **more}
    return {"sender": {"id": PAGE}, "recipient": {"id": PSID}, "timestamp": SENT_AT, "message": message}


def entry(*items: Any, page_id: str = PAGE, channel: str = "messaging") -> dict[str, Any]:
    """Return an entry of a webhook."""
    return {"id": page_id, "time": SENT_AT, channel: list(items)}


def posted(*entries: Any, inbox_id: int = 7, body: bytes | None = None) -> WebhookRequest:
    """Return a webhook as Meta signs it: over the raw bytes, in which everything beyond ASCII is escaped."""
    content = json.dumps({"object": "page", "entry": list(entries)}).encode() if body is None else body
    signature = hmac.new(APP_SECRET.encode(), content, hashlib.sha256).hexdigest()
    headers = {"content-type": "application/json", "x-hub-signature-256": f"sha256={signature}"}
    kind = WebhookKind.INBOUND
    return WebhookRequest(kind, webhook_url(PUBLIC_URL, inbox_id, kind), headers, content, NOW)


def refusal(code: int, subcode: int | None = None, **more: Any) -> str:
    """Return an error as Graph words it."""
    error: Mapping[str, Any] = {"message": f"(#{code}) no", "type": "OAuthException", "code": code, "fbtrace_id": "A"}
    extra = {} if subcode is None else {"error_subcode": subcode}
    return json.dumps({"error": {**error, **extra, **more}})


TAKEN = json.dumps({"recipient_id": PSID, "message_id": "m_taken"})
"""Graph's answer to a message that it accepts."""


def _documented() -> Iterator[tuple[str, bytes]]:
    for code in errors.CODES:
        number, _, subcode = code.partition("/")
        if number.isdecimal():
            yield code, http(400, refusal(int(number), int(subcode) if subcode else None))


class MessengerWorld:
    """A page's inbox at the sandbox."""

    signature_header = "x-hub-signature-256"
    tells_time = names_addresses = True
    secrets: Sequence[str] = (PAGE_TOKEN, APP_SECRET)
    documented: Mapping[str, bytes] = dict(_documented())

    def __init__(self, adapter: MessengerAdapter, sandbox: Driver) -> None:
        self.adapter = adapter
        self.inbox = page(sandbox.base_url)
        self._sandbox = sandbox

    def at(self, base_url: str) -> Inbox:
        """Return the page's inbox."""
        return page(base_url)

    def hurried(self, timeouts: Timeouts) -> MessengerAdapter:
        """Return an adapter with these time-outs."""
        return MessengerAdapter(resolve, timeouts)

    def message(self, body: str) -> Outgoing:
        """Return a message to Ann, whose window is open."""
        return to_ann(body)

    def to_nobody(self) -> Outgoing:
        """Return a message to a PSID that doesn't exist."""
        return to_ann(to="404")

    def stranger(self) -> Inbox:
        """Return the page's inbox with a token that Graph doesn't know."""
        return page(self._sandbox.base_url, secret="env:STRANGER")

    async def arrange(self, mishap: Mishap) -> None:
        """Ask the sandbox for a fault, which has the same name."""
        await self._sandbox.control("faults", {"when": "graph", "kind": mishap.value})

    async def taken(self) -> int:
        """Return the number of outbound messages in the sandbox's record."""
        found = (await self._sandbox.look("messages"))["messages"]
        return sum(message["direction"].startswith("outbound") for message in found)

    async def tries(self) -> int:
        """Return the number of sends in the sandbox's log."""
        requests = (await self._sandbox.look("requests"))["requests"]
        return sum(request["method"] == "POST" and request["path"].endswith("/messages") for request in requests)

    async def now(self) -> datetime:
        """Return the machine's time: the sandbox uses that clock."""
        return datetime.now(UTC)

    def inbound(self, body: str) -> WebhookRequest:
        """Return a webhook with a message of Ann's."""
        return posted(entry(said(body)))

    async def hears(self, body: str, name: str = "1", *, unknown: bool = False, at: datetime = NOW) -> Sequence[Event]:
        """Return the events for a message of Ann's, by webhook."""
        odd: dict[str, Any] = {"new_in_2027": {"a": [1, None, {"b": 2.5}]}, "is_odd": True} if unknown else {}
        written = said(body, f"m_{name}", **odd) | odd | {"timestamp": int(at.timestamp()) * 1000}
        return self.adapter.events(self.inbox, posted(entry(written) | odd))

    async def edits(self, body: str, name: str = "1") -> Sequence[Event]:
        """Return the events for an edit of Ann's, by webhook."""
        edit = item(message_edit={"mid": f"m_{name}", "text": body, "num_edit": 1})
        return self.adapter.events(self.inbox, posted(entry(edit)))

    async def shares(self, url: str) -> Sequence[Event]:
        """Return the events for a picture of Ann's, by webhook, at any address."""
        picture = {"type": "image", "payload": {"url": url}}
        return self.adapter.events(self.inbox, posted(entry(item(message={"mid": "m_1", "attachments": [picture]}))))

    def before_file(self, url: str) -> Sequence[bytes]:
        """Return nothing: the message itself names the address."""
        return ()

    async def hears_malformed(self) -> None:
        """Let the adapter read bodies that are no webhook of a page; all well signed."""
        bodies = (b"", b"{", b"[]", b"7", b"\xff", b"null", b'{"object": "page"}', b'{"object": "user", "entry": []}')
        turned_away(self.adapter, self.inbox, [posted(body=body) for body in bodies])

    def report(self, provider_id: str) -> WebhookRequest:
        """Return an echo of Meta's."""
        return posted(entry(echoed("hello", provider_id, metadata="ours")))


@asynccontextmanager
async def messenger_world(sandbox: Driver) -> AsyncIterator[MessengerWorld]:
    """Yield the world of a page and its app, with Ann, who has just written."""
    await sandbox.control("graph/apps", {"id": APP, "secret": APP_SECRET, "require_proof": True})
    await sandbox.control("graph/pages", {"id": PAGE, "app_id": APP, "access_token": PAGE_TOKEN, "name": "The Shop"})
    await sandbox.control("graph/people", {"page": PAGE, "psid": PSID, "first_name": "Ann"})
    await sandbox.control("graph/inbound", {"page": PAGE, "psid": PSID, "text": "hello"})
    adapter = MessengerAdapter(resolve, IMPATIENT)
    yield MessengerWorld(adapter, sandbox)
    await adapter.aclose()


def taken_at(mid: str, body: str, reference: str, at: int) -> dict[str, object]:
    """Return the echo of our message, with Meta's time."""
    return echoed(body, mid, metadata=reference) | {"timestamp": at}
