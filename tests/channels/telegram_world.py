"""Telegram's part of the tests: a bot, a person, and updates as the Bot API words them."""

import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any

from contacts_tui.channels.base import Outgoing, WebhookKind, WebhookRequest, webhook_url
from contacts_tui.channels.telegram import TelegramAdapter
from contacts_tui.channels.telegram_pace import Pace
from contacts_tui.channels.telegram_updates import SECRET_HEADER, secret_token
from contacts_tui.domain.channel import Channel, Provider
from contacts_tui.domain.inbox import Inbox
from tests.channels.contract import Mishap
from tests.channels.twilio_world import PUBLIC_URL
from tests.channels.wire import IMPATIENT, NOW, http, inbox, outgoing
from tests.sandbox.driver import Driver

BOT_ID, BOT = "7001", "shop_support_bot"
BOT_TOKEN = f"{BOT_ID}:AAH-fQ_shop"
SAM = 5_123_456_789
"""A person's chat; over 32 bits, as new ones are."""
SENT_AT = int(NOW.timestamp())

UNHURRIED = Pace(chat_interval=0.0, overall=1000)
"""For tests of anything but the speed."""


def resolve(reference: str) -> str:
    """The bot's token, or that of a bot that nobody knows."""
    return {"env:BOT_TOKEN": BOT_TOKEN, "env:STRANGER": "7999:AAH-stranger"}[reference]


def bot(base_url: str = "", **changes: Any) -> Inbox:
    """A bot's inbox."""
    given = {
        "channel": Channel.TELEGRAM,
        "provider": Provider.TELEGRAM,
        "address": BOT,
        "account": "",
        "secret": "env:BOT_TOKEN",
    }
    return inbox(base_url, **(given | changes))


def to_sam(body: str = "hello", **changes: Any) -> Outgoing:
    """A message to Sam, who wrote to the bot."""
    return outgoing(body, **({"channel": Channel.TELEGRAM, "to": str(SAM)} | changes))


@asynccontextmanager
async def telegram(pace: Pace = UNHURRIED, poll_seconds: int = 0) -> AsyncIterator[TelegramAdapter]:
    """An adapter that doesn't wait long."""
    made = TelegramAdapter(resolve, IMPATIENT, pace, poll_seconds)
    try:
        yield made
    finally:
        await made.aclose()


def message(message_id: int = 11, **what: Any) -> dict[str, Any]:
    """Something that Sam wrote in private."""
    person = {"id": SAM, "first_name": "Sam", "last_name": "Poe", "username": "sam"}
    chat, user = {**person, "type": "private"}, {**person, "is_bot": False}
    return {"message_id": message_id, "from": user, "chat": chat, "date": SENT_AT, **what}


def update(kind: str = "message", update_id: int = 900, **what: Any) -> dict[str, Any]:
    """An update of that kind."""
    return {"update_id": update_id, kind: message(**what)}


def membership(status: str, update_id: int = 900, **changes: Any) -> dict[str, Any]:
    """Sam blocked the bot (`kicked`), or allows it to write (`member`)."""
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
    """A webhook as Telegram makes it, with some headers replaced; `content` is an update, or the raw bytes."""
    body = content if isinstance(content, bytes) else json.dumps(content).encode()
    given = {"content-type": "application/json", SECRET_HEADER: secret_token(BOT_TOKEN, inbox_id)} | dict(headers or {})
    kind = WebhookKind.INBOUND
    return WebhookRequest(kind, webhook_url(PUBLIC_URL, inbox_id, kind), given, body, NOW)


def ok(result: Any) -> bytes:
    """A yes of the Bot API."""
    return http(200, json.dumps({"ok": True, "result": result}))


def no(status: int, description: str, **parameters: int) -> bytes:
    """A no of the Bot API."""
    answer: dict[str, Any] = {"ok": False, "error_code": status, "description": description}
    return http(status, json.dumps(answer | ({"parameters": parameters} if parameters else {})))


class TelegramWorld:
    """A bot at the sandbox, which Sam has started."""

    signature_header = SECRET_HEADER

    def __init__(self, adapter: TelegramAdapter, sandbox: Driver) -> None:
        self.adapter = adapter
        self.inbox = bot(sandbox.base_url)
        self._sandbox = sandbox

    def message(self, body: str) -> Outgoing:
        """To Sam."""
        return to_sam(body)

    def to_nobody(self) -> Outgoing:
        """A chat that isn't there."""
        return to_sam(to="404")

    def stranger(self) -> Inbox:
        """A token that nobody gave out."""
        return bot(self._sandbox.base_url, secret="env:STRANGER")

    async def arrange(self, mishap: Mishap) -> None:
        """The sandbox's faults have the same names."""
        await self._sandbox.control("faults", {"when": "telegram", "kind": mishap.value})

    async def taken(self) -> int:
        """From the sandbox's record."""
        found = (await self._sandbox.look("messages"))["messages"]
        return sum(message["direction"].startswith("outbound") for message in found)

    async def tries(self) -> int:
        """From the sandbox's log."""
        requests = (await self._sandbox.look("requests"))["requests"]
        return sum(request["path"].endswith("/sendMessage") for request in requests)

    async def now(self) -> datetime:
        """The sandbox runs on the machine's clock."""
        return datetime.now(UTC)

    def inbound(self, body: str) -> WebhookRequest:
        """Sam writes."""
        return posted(update(text=body))


@asynccontextmanager
async def telegram_world(sandbox: Driver) -> AsyncIterator[TelegramWorld]:
    """A bot, and Sam, who may be written to."""
    await sandbox.control("telegram/bots", {"token": BOT_TOKEN, "username": BOT, "name": "Shop"})
    await sandbox.control("telegram/people", {"chat_id": SAM, "first_name": "Sam", "started": [BOT]})
    async with telegram() as adapter:
        yield TelegramWorld(adapter, sandbox)
