"""A small HTTP server for tests, to which the sandbox posts its webhooks."""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, urlsplit


@dataclass
class Hook:
    """One webhook as it was received."""

    url: str
    """The URL that it was posted to, as the sandbox knows it."""
    headers: dict[str, str]
    """Names in lower case."""
    form: dict[str, str]
    """The fields, blank ones too; for a body that is no form, nothing of use."""
    body: bytes
    """The body, unchanged."""

    @property
    def document(self) -> dict[str, Any]:
        """The body as JSON."""
        found: dict[str, Any] = json.loads(self.body)
        return found


class Receiver:
    """Keeps every post, and answers each with `status`; a GET with the challenge of its query."""

    def __init__(self) -> None:
        """Begin with no webhook received."""
        self.hooks: list[Hook] = []
        self.status = 200
        self.refusals: list[int] = []
        """Statuses for the next posts; after them comes `status` again."""
        self.base_url = ""

    def statuses(self) -> list[str]:
        """Return the message statuses posted so far, in the order of arrival."""
        return [hook.form["MessageStatus"] for hook in self.hooks if "MessageStatus" in hook.form]

    def inbound(self) -> list[Hook]:
        """Return the messages from people posted so far."""
        return [hook for hook in self.hooks if hook.form.get("SmsStatus") == "received"]

    async def answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Receive one request, answer it, and close the connection."""
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        first, *lines = head.strip().split("\r\n")
        headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
        body = await reader.readexactly(int(headers.get("content-length", "0")))
        form = dict(parse_qsl(body.decode(), keep_blank_values=True))
        method, target, _ = first.split(" ")
        self.hooks.append(Hook(self.base_url + target, headers, form, body))
        said = dict(parse_qsl(urlsplit(target).query)).get("hub.challenge", "") if method == "GET" else ""
        status = self.refusals.pop(0) if self.refusals else self.status
        head = f"HTTP/1.1 {status} OK\r\nContent-Length: {len(said)}\r\nConnection: close\r\n\r\n"
        writer.write((head + said).encode())
        await writer.drain()
        writer.close()


@contextlib.asynccontextmanager
async def receiving() -> AsyncIterator[Receiver]:
    """Yield a receiver on a free port."""
    receiver = Receiver()
    server = await asyncio.start_server(receiver.answer, "127.0.0.1", 0)
    receiver.base_url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    async with server:
        yield receiver
