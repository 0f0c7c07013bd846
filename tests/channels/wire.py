"""A server that answers with any bytes that a test gives it, and its inboxes and messages."""

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs

from contacts_tui.channels.base import Outgoing
from contacts_tui.channels.timeouts import Timeouts
from contacts_tui.domain.channel import Channel, Provider
from contacts_tui.domain.inbox import Inbox
from contacts_tui.domain.template import Template
from tests.sandbox.driver import ACCOUNT, ANN, SHOP, TOKEN

NOW = datetime(2026, 11, 17, 14, 2, tzinfo=UTC)

IMPATIENT = Timeouts(connect=5.0, read=0.3, write=5.0, pool=5.0, total=20.0, listing=20.0)
"""Gives up soon on a server that never answers."""


def resolve(reference: str) -> str:
    """Return the credential of the tests' account."""
    return TOKEN


def inbox(base_url: str, **changes: Any) -> Inbox:
    """Return an SMS inbox at the tests' account."""
    made = Inbox(
        id=7,
        name="Shop",
        channel=Channel.SMS,
        provider=Provider.TWILIO,
        address=SHOP,
        account=ACCOUNT,
        secret="env:UNUSED",
        base_url=base_url,
        options={},
        human_agent=False,
        last_inbound_at=None,
        last_outbound_at=None,
    )
    return replace(made, **changes)


def outgoing(body: str = "hello", **changes: Any) -> Outgoing:
    """Return a plain SMS to Ann."""
    made = Outgoing(uid="0199-uid", channel=Channel.SMS, to=ANN, body=body, template=None, files=(), status_callback="")
    return replace(made, **changes)


@dataclass
class Seen:
    """One request as it was received."""

    line: str
    headers: dict[str, str]
    body: bytes

    @property
    def path(self) -> str:
        """Path and query."""
        return self.line.split(" ")[1]

    @property
    def form(self) -> dict[str, list[str]]:
        """The form that was posted."""
        return parse_qs(self.body.decode(), keep_blank_values=True)


@dataclass
class Wire:
    """Answers requests in turn with the given bytes; the last answer is repeated. Empty bytes close the connection."""

    answers: list[bytes]
    hangs: bool = False
    """Whether to keep a connection open after the answer instead of closing it."""
    base_url: str = ""
    seen: list[Seen] = field(default_factory=list)
    open: dict[asyncio.StreamWriter, "asyncio.Task[None]"] = field(default_factory=dict)

    async def handle(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Receive one request, and answer it."""
        task = asyncio.current_task()
        assert task is not None
        self.open[writer] = task
        with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError):
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
            first, *lines = head.strip().split("\r\n")
            headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
            body = await reader.readexactly(int(headers.get("content-length", "0")))
            answer = self.answers[min(len(self.seen), len(self.answers) - 1)]
            self.seen.append(Seen(first, headers, body))
            writer.write(answer)
            await writer.drain()
            if self.hangs:
                await reader.read()
        writer.close()


def http(status: int, body: bytes | str, headers: Mapping[str, str] | None = None) -> bytes:
    """Return a well-formed answer."""
    content = body.encode() if isinstance(body, str) else body
    extra = "".join(f"{name}: {value}\r\n" for name, value in (headers or {}).items())
    head = f"HTTP/1.1 {status} Words\r\nContent-Length: {len(content)}\r\nConnection: close\r\n{extra}\r\n"
    return head.encode("latin-1") + content


def refusal(status: int, code: int, message: str = "no") -> bytes:
    """Return an error as Twilio words it."""
    return http(status, json.dumps({"code": code, "message": message, "status": status, "more_info": "…"}))


@contextlib.asynccontextmanager
async def wire(*answers: bytes, hangs: bool = False) -> AsyncIterator[Wire]:
    """Yield such a server on a free port."""
    made = Wire(list(answers), hangs)
    server = await asyncio.start_server(made.handle, "127.0.0.1", 0)
    made.base_url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    try:
        yield made
    finally:
        server.close()
        for writer in made.open:
            writer.transport.abort()
        await asyncio.gather(*made.open.values())


def by_name(templates: list[Template]) -> dict[str, Template]:
    """Return templates by their names."""
    return {template.name: template for template in templates}
