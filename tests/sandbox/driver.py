"""Drives a sandbox over HTTP, as a test or the demo would."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import httpx

from tests.patience import LIMIT

ACCOUNT = "AC" + "a" * 32
TOKEN = "token-of-the-tests"
SHOP = "+15551110000"
WA_SHOP = "whatsapp:+15551110000"
ANN = "+15552220000"
WA_ANN = "whatsapp:+15552220000"
SERVICE = "MG" + "b" * 32
READY = "HX" + "1" * 32
"""An approved template with two variables."""


async def until(holds: Callable[[], bool], *, deadline: float = LIMIT) -> None:
    """Wait until a condition holds; fail when it doesn't in `deadline` seconds."""
    async with asyncio.timeout(deadline):
        while True:
            if holds():
                return
            await asyncio.sleep(0.01)


async def eventually(check: Callable[[], Awaitable[bool]], *, deadline: float = LIMIT) -> None:
    """Like `until`, for a condition that has to be asked for."""
    async with asyncio.timeout(deadline):
        while True:
            if await check():
                return
            await asyncio.sleep(0.01)


async def answered(posts: Callable[[], Awaitable[list[dict[str, Any]]]], answers: list[int]) -> None:
    """Wait until these answers to a message's posts are on record, which is after the receiver has them."""

    async def noted() -> bool:
        return [post["answer"] for post in await posts()] == answers

    await eventually(noted)


class Driver:
    """A client of one sandbox, with the test account's credentials."""

    def __init__(self, base_url: str, client: httpx.AsyncClient) -> None:
        """Use `client`, which has no base URL of its own."""
        self.base_url = base_url
        self.client = client
        self.messages_url = f"{base_url}/2010-04-01/Accounts/{ACCOUNT}/Messages.json"

    async def control(self, path: str, document: object = None, method: str = "POST") -> dict[str, Any]:
        """Send a request to control that has to succeed, and return the answer."""
        answer = await self.client.request(method, f"{self.base_url}/control/{path}", json=document)
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        return found

    async def look(self, path: str) -> dict[str, Any]:
        """GET a path of control."""
        return await self.control(path, method="GET")

    async def get(self, path: str, **query: str) -> httpx.Response:
        """GET a path of the API."""
        return await self.client.get(self.base_url + path, params=query, auth=(ACCOUNT, TOKEN))

    async def send(self, **form: str | list[str]) -> httpx.Response:
        """POST a message with exactly these fields."""
        return await self.client.post(self.messages_url, data=form, auth=(ACCOUNT, TOKEN))

    async def sent(self, **form: str | list[str]) -> dict[str, Any]:
        """POST a message that has to be accepted; by SMS from the shop to Ann unless said otherwise."""
        answer = await self.send(**({"To": ANN, "From": SHOP, "Body": "hello"} | form))
        assert answer.status_code == 201, answer.text
        found: dict[str, Any] = answer.json()
        return found

    async def refused(self, **form: str | list[str]) -> int:
        """POST a message that has to be refused, and return Twilio's code."""
        answer = await self.send(**form)
        document = answer.json()
        assert answer.status_code == document["status"] >= 400
        assert set(document) == {"code", "message", "more_info", "status"}
        return int(document["code"])

    async def record(self, sid: str) -> dict[str, Any]:
        """Return the sandbox's record of a message."""
        found = await self.look("messages")
        return next(entry for entry in found["messages"] if entry["sid"] == sid)

    async def ends(self, sid: str, *statuses: str) -> dict[str, Any]:
        """Wait until a message has one of these statuses, and return its record."""
        async with asyncio.timeout(LIMIT):
            while True:
                record = await self.record(sid)
                if record["status"] in statuses:
                    return record
                await asyncio.sleep(0.01)
