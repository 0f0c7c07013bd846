"""Telegram's part of the tests: a bot, a person, and updates as the Bot API words them."""

import json
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote

from contacts_tui.channels.base import Event, InboundMessage, Outgoing, WebhookKind, WebhookRequest, webhook_url
from contacts_tui.channels.telegram.adapter import TelegramAdapter
from contacts_tui.channels.telegram.updates import SECRET_HEADER, secret_token
from contacts_tui.channels.timeouts import Timeouts
from contacts_tui.domain.channel import Channel, Provider
from contacts_tui.domain.inbox import Inbox
from tests.channels.contract import Mishap, turned_away
from tests.channels.twilio_world import PUBLIC_URL
from tests.channels.wire import IMPATIENT, NOW, http, inbox, outgoing, wire
from tests.sandbox.driver import Driver

BOT_ID, BOT = "7001", "shop_support_bot"
BOT_TOKEN = f"{BOT_ID}:AAH-fQ_shop"
SAM = 5_123_456_789
"""The chat id of Sam, a person; over 32 bits, as new ones are."""
SENT_AT = int(NOW.timestamp())


def resolve(reference: str) -> str:
    """Return the bot's token, or that of a bot that Telegram doesn't know."""
    return {"env:BOT_TOKEN": BOT_TOKEN, "env:STRANGER": "7999:AAH-stranger"}[reference]


def bot(base_url: str = "", **changes: Any) -> Inbox:
    """Return a bot's inbox."""
    given = {
        "channel": Channel.TELEGRAM,
        "provider": Provider.TELEGRAM,
        "address": BOT,
        "account": "",
        "secret": "env:BOT_TOKEN",
    }
    return inbox(base_url, **(given | changes))


def to_sam(body: str = "hello", **changes: Any) -> Outgoing:
    """Return a message to Sam, who wrote to the bot."""
    return outgoing(body, **({"channel": Channel.TELEGRAM, "to": str(SAM)} | changes))


@asynccontextmanager
async def telegram(poll_seconds: int = 0) -> AsyncIterator[TelegramAdapter]:
    """Yield an adapter with short time-outs."""
    made = TelegramAdapter(resolve, IMPATIENT, poll_seconds)
    try:
        yield made
    finally:
        await made.aclose()


def message(message_id: int = 11, **what: Any) -> dict[str, Any]:
    """Return a message that Sam wrote in private."""
    person = {"id": SAM, "first_name": "Sam", "last_name": "Poe", "username": "sam"}
    chat, user = {**person, "type": "private"}, {**person, "is_bot": False}
    return {"message_id": message_id, "from": user, "chat": chat, "date": SENT_AT, **what}


def update(kind: str = "message", update_id: int = 900, **what: Any) -> dict[str, Any]:
    """Return an update of that kind."""
    return {"update_id": update_id, kind: message(**what)}


def membership(status: str, update_id: int = 900, **changes: Any) -> dict[str, Any]:
    """Return an update: Sam blocked the bot (`kicked`), or allows it to write (`member`)."""
    user = {"id": int(BOT_ID), "is_bot": True, "first_name": "Shop"}
    change = {
        "chat": message()["chat"],
        "from": message()["from"],
        "date": SENT_AT,
        "old_chat_member": {"user": user, "status": "member" if status == "kicked" else "kicked"},
        "new_chat_member": {"user": user, "status": status},
    }
    return {"update_id": update_id, "my_chat_member": change | changes}


def posted(content: Any, headers: Mapping[str, str] | None = None, *, inbox_id: int = 7) -> WebhookRequest:
    """Return a webhook as Telegram posts it, with some headers replaced; `content` is an update, or the raw bytes."""
    body = content if isinstance(content, bytes) else json.dumps(content).encode()
    given = {"content-type": "application/json", SECRET_HEADER: secret_token(BOT_TOKEN, inbox_id)} | dict(headers or {})
    kind = WebhookKind.INBOUND
    return WebhookRequest(kind, webhook_url(PUBLIC_URL, inbox_id, kind), given, body, NOW)


def ok(result: Any) -> bytes:
    """Return a positive answer of the Bot API."""
    return http(200, json.dumps({"ok": True, "result": result}))


def no(status: int, description: str, **parameters: int) -> bytes:
    """Return a negative answer of the Bot API."""
    answer: dict[str, Any] = {"ok": False, "error_code": status, "description": description}
    return http(status, json.dumps(answer | ({"parameters": parameters} if parameters else {})))


DOCUMENTED = {
    "400": (400, "Bad Request: message can't be something"),
    "400_chat": (400, "Bad Request: chat not found"),
    "400_empty": (400, "Bad Request: message text is empty"),
    "400_long": (400, "Bad Request: message is too long"),
    "400_file": (400, "Bad Request: wrong file identifier/HTTP URL specified"),
    "401": (401, "Unauthorized"),
    "403": (403, "Forbidden: bot was blocked by the user"),
    "403_gone": (403, "Forbidden: user is deactivated"),
    "403_never": (403, "Forbidden: bot can't initiate conversation with a user"),
    "404": (404, "Not Found"),
    "413": (413, "Request Entity Too Large"),
    "429": (429, "Too Many Requests: retry after 3"),
}
"""The Bot API's answers to a send that it doesn't accept, by our code for each."""


class TelegramWorld:
    """A bot at the sandbox, which Sam has started. It receives by webhook."""

    signature_header = SECRET_HEADER
    tells_time = True
    names_addresses = False
    secrets: Sequence[str] = (BOT_TOKEN, quote(BOT_TOKEN, safe=""))
    documented: Mapping[str, bytes] = {
        code: no(status, words, **({"retry_after": 3} if status == 429 else {}))
        for code, (status, words) in DOCUMENTED.items()
    }

    def __init__(self, adapter: TelegramAdapter, sandbox: Driver) -> None:
        self.adapter = adapter
        self.inbox = bot(sandbox.base_url)
        self._sandbox = sandbox

    def at(self, base_url: str) -> Inbox:
        """Return the bot's inbox."""
        return bot(base_url)

    def hurried(self, timeouts: Timeouts) -> TelegramAdapter:
        """Return an adapter with these time-outs."""
        return TelegramAdapter(resolve, timeouts)

    def message(self, body: str) -> Outgoing:
        """Return a message to Sam."""
        return to_sam(body)

    def to_nobody(self) -> Outgoing:
        """Return a message to a chat that doesn't exist."""
        return to_sam(to="404")

    def stranger(self) -> Inbox:
        """Return the bot's inbox with a token that Telegram doesn't know."""
        return bot(self._sandbox.base_url, secret="env:STRANGER")

    async def arrange(self, mishap: Mishap) -> None:
        """Ask the sandbox for a fault, which has the same name."""
        await self._sandbox.control("faults", {"when": "telegram", "kind": mishap.value})

    async def taken(self) -> int:
        """Return the number of outbound messages in the sandbox's record."""
        found = (await self._sandbox.look("messages"))["messages"]
        return sum(message["direction"].startswith("outbound") for message in found)

    async def tries(self) -> int:
        """Return the number of sends in the sandbox's log."""
        requests = (await self._sandbox.look("requests"))["requests"]
        return sum(request["path"].endswith("/sendMessage") for request in requests)

    async def now(self) -> datetime:
        """Return the machine's time: the sandbox uses that clock."""
        return datetime.now(UTC)

    def inbound(self, body: str) -> WebhookRequest:
        """Return a webhook with a message of Sam's."""
        return posted(update(text=body))

    async def hears(self, body: str, name: str = "1", *, unknown: bool = False, at: datetime = NOW) -> Sequence[Event]:
        """Return the events for a message of Sam's."""
        return await self._told(_written(body, name, unknown=unknown, at=at))

    async def edits(self, body: str, name: str = "1") -> Sequence[Event]:
        """Return the events for an edit of Sam's."""
        changed = message(int(name), text=body, edit_date=SENT_AT)
        return await self._told({"update_id": 950, "edited_message": changed})

    async def shares(self, url: str) -> Sequence[Event]:
        """Return the events for a photo, which has an id of Telegram's and no address."""
        return await self._told(update(photo=[{"file_id": "AgAC-1", "file_unique_id": "u", "width": 9, "height": 9}]))

    def before_file(self, url: str) -> Sequence[bytes]:
        """Return Telegram's answer with the path of the file of this id."""
        return (ok({"file_id": "AgAC-1", "file_unique_id": "u", "file_path": url or "photos/file_1.png"}),)

    async def _told(self, update: Mapping[str, Any]) -> Sequence[Event]:
        """Return the events of an update, by webhook."""
        return self.adapter.events(self.inbox, posted(update))

    async def hears_malformed(self) -> None:
        """Let the adapter read bodies that are no update; all with the right secret."""
        bodies = [b"", b"{", b"[]", b"7", b"\xff", b"null", b'{"update_id": "x"}']
        lacking = {**update(text="x"), "update_id": None}
        turned_away(self.adapter, self.inbox, [posted(each) for each in (*bodies, lacking)])


class PolledWorld(TelegramWorld):
    """The same bot, which receives by polling."""

    async def _told(self, update: Mapping[str, Any]) -> Sequence[Event]:
        """Return the events of an update, in the answer to a long poll."""
        return await self._asked([update])

    async def hears_malformed(self) -> None:
        """Put malformed updates between two good ones: these are received, and all are acknowledged."""
        broken = [
            7,
            None,
            {},
            {"update_id": 902, "message": {"chat": {"type": "private"}}},
            {"update_id": 903, "message": {"chat": {"type": "private", "id": None}}},
        ]
        found = await self._asked([_written("before", "1"), *broken, _written("behind", "2")])
        assert [event.body for event in found if isinstance(event, InboundMessage)] == ["before", "behind"]

    async def _asked(self, updates: Sequence[object]) -> Sequence[Event]:
        async with wire(ok(list(updates))) as server:
            found, cursor = await self.adapter.updates(bot(server.base_url), "")
        assert int(cursor) > max(
            each["update_id"] for each in updates if isinstance(each, dict) and "update_id" in each
        )
        return found


def _written(body: str, name: str, *, unknown: bool = False, at: datetime = NOW) -> dict[str, Any]:
    made = update(update_id=900 + int(name), message_id=int(name), text=body, date=int(at.timestamp()))
    if unknown:
        odd = {"new_in_2027": {"a": [1, None, {"b": 2.5}]}, "is_odd": True}
        made |= odd
        made["message"] |= odd
        made["message"]["chat"] |= odd
    return made


@asynccontextmanager
async def _bot_and_sam(sandbox: Driver) -> AsyncIterator[TelegramAdapter]:
    await sandbox.control("telegram/bots", {"token": BOT_TOKEN, "username": BOT, "name": "Shop"})
    await sandbox.control("telegram/people", {"chat_id": SAM, "first_name": "Sam", "started": [BOT]})
    async with telegram() as adapter:
        yield adapter


@asynccontextmanager
async def telegram_world(sandbox: Driver) -> AsyncIterator[TelegramWorld]:
    """Yield the world of a bot that receives by webhook, and Sam, who may be written to."""
    async with _bot_and_sam(sandbox) as adapter:
        yield TelegramWorld(adapter, sandbox)


@asynccontextmanager
async def polled_world(sandbox: Driver) -> AsyncIterator[PolledWorld]:
    """Yield the world of a bot that is polled, and Sam, who may be written to."""
    async with _bot_and_sam(sandbox) as adapter:
        yield PolledWorld(adapter, sandbox)
