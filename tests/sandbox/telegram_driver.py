"""Drives the Telegram of a sandbox, raw: no client library reads the answers."""

from __future__ import annotations

from typing import Any

import httpx

from tests.sandbox.driver import Driver

TOKEN = "7001:AAtoken-of_the_tests"
BOT = "shop_bot"
ANN = 1_000_000_000_001
"""A chat id that needs more than 32 bits; Ann has started the bot."""
BEN = 22
"""The chat id of Ben, who is known but never wrote to the bot."""


class TelegramDriver(Driver):
    """A client of one sandbox with one bot."""

    async def call(self, method: str, token: str = TOKEN, **arguments: Any) -> httpx.Response:
        """POST a method with JSON."""
        return await self.client.post(f"{self.base_url}/bot{token}/{method}", json=arguments)

    async def result(self, method: str, **arguments: Any) -> Any:
        """Call a method that has to succeed, and return its result."""
        answer = await self.call(method, **arguments)
        document = answer.json()
        assert (answer.status_code, document["ok"]) == (200, True), answer.text
        return document["result"]

    async def error(self, method: str, **arguments: Any) -> tuple[int, str]:
        """Call a method that has to be refused, and return its code and description."""
        answer = await self.call(method, **arguments)
        document = answer.json()
        assert document["ok"] is False
        assert answer.status_code == document["error_code"] >= 400
        return document["error_code"], document["description"]

    async def says(self, text: str = "hello", **more: Any) -> dict[str, Any]:
        """Let Ann write."""
        return await self.control("telegram/inbound", {"bot": BOT, "chat_id": ANN, "text": text} | more)

    async def hears(self, **content: Any) -> dict[str, Any]:
        """Let Ann send something that is no text, and return the message as the bot gets it."""
        await self.control("telegram/inbound", {"bot": BOT, "chat_id": ANN} | content)
        update = (await self.result("getUpdates", offset=-1))[0]
        found: dict[str, Any] = update.get("message") or update["edited_message"]
        return found

    async def texts(self, **arguments: Any) -> list[str]:
        """Return the texts of the messages among the updates."""
        return [update["message"]["text"] for update in await self.result("getUpdates", **arguments)]
