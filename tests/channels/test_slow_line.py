"""Files over slow lines: while bytes leave, the time-out grows with them; a line that stopped is given up."""

import asyncio
import contextlib
import json
import socket
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contacts_tui.channels.base import Accepted, Adapter, NotSent, OutcomeUnknown, Outgoing, OutgoingFile
from contacts_tui.channels.meta.adapter import MessengerAdapter
from contacts_tui.channels.telegram.adapter import TelegramAdapter
from contacts_tui.channels.timeouts import Timeouts
from contacts_tui.domain.inbox import Inbox
from contacts_tui.domain.limits import MEGABYTE
from contacts_tui.services.workers import dispatch
from tests.channels import messenger_world, telegram_world
from tests.channels.wire import http

SIZE = 24 * MEGABYTE
"""Far more than the system's buffers hold."""
SHORT = Timeouts(connect=5.0, read=0.5, write=0.3, pool=5.0, total=1.0)
"""Time-outs that a slow line exceeds by far: it takes SECONDS."""
SECONDS = 3.0


@dataclass
class SlowLine:
    """A provider behind a line that carries a file in SECONDS, or stops in the middle of one."""

    stops: bool = False
    answers: bool = True
    base_url: str = ""
    received: int = 0

    async def handle(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Receive one request, as slowly as the line is."""
        with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError):
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower()
            length = int(head.partition("content-length:")[2].partition("\r\n")[0])
            began, got = time.monotonic(), 0
            while got < length:
                piece = await reader.read(min(65536, length - got))
                if not piece:
                    return
                got += len(piece)
                self.received += len(piece)
                if self.stops and got > length // 2:
                    await asyncio.Event().wait()
                # The line itself: no byte comes before its time.
                await asyncio.sleep(began + SECONDS * got / SIZE - time.monotonic())
            if not self.answers:
                await asyncio.Event().wait()
            writer.write(http(200, json.dumps(_YES)))
            await writer.drain()
        writer.close()


_YES = {"ok": True, "result": {"message_id": 77}, "attachment_id": "9", "message_id": "m_77"}
"""An answer that both providers give to a message that they accept."""


@contextlib.asynccontextmanager
async def slow_line(*, stops: bool = False, answers: bool = True) -> AsyncIterator[SlowLine]:
    """Yield such a line, with a small receive buffer at its far end."""
    made, tasks = SlowLine(stops, answers), set[asyncio.Task[None]]()
    listener = socket.create_server(("127.0.0.1", 0))
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 32768)

    def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        tasks.add(asyncio.ensure_future(made.handle(reader, writer)))

    server = await asyncio.start_server(connected, sock=listener, limit=65536)
    made.base_url = f"http://127.0.0.1:{listener.getsockname()[1]}"
    try:
        yield made
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        server.close()


@dataclass
class Way:
    """A provider to which the bytes of a file are sent."""

    adapter: type[TelegramAdapter] | type[MessengerAdapter]

    def made(self, timeouts: Timeouts) -> Adapter:
        """Return its adapter with these time-outs."""
        if self.adapter is TelegramAdapter:
            return TelegramAdapter(telegram_world.resolve, timeouts)
        return MessengerAdapter(messenger_world.resolve, timeouts)

    def inbox(self, base_url: str) -> Inbox:
        """Return an inbox behind the line."""
        if self.adapter is TelegramAdapter:
            return telegram_world.bot(base_url)
        return messenger_world.page(base_url)

    def message(self, *files: OutgoingFile) -> Outgoing:
        """Return a message with these files alone."""
        if self.adapter is TelegramAdapter:
            return telegram_world.to_sam("", files=files)
        return messenger_world.to_ann("", files=files)


@pytest.fixture(params=[TelegramAdapter, MessengerAdapter], ids=["telegram", "messenger"])
def way(request: pytest.FixtureRequest) -> Way:
    """Return each of the providers in turn."""
    return Way(request.param)


@pytest.fixture
def file(tmp_path: Path) -> OutgoingFile:
    """Return a large file."""
    path = tmp_path / "film.bin"
    path.write_bytes(bytes(SIZE))
    return OutgoingFile(path, "", "application/octet-stream", "film.bin", SIZE)


async def send(way: Way, line: SlowLine, timeouts: Timeouts, *files: OutgoingFile) -> object:
    adapter = way.made(timeouts)
    try:
        return await adapter.send(way.inbox(line.base_url), way.message(*files))
    finally:
        await adapter.aclose()


def at(speed: float) -> Timeouts:
    """Return the short time-outs, with time enough for a line that carries the file in `speed` times SECONDS."""
    return Timeouts(**{name: getattr(SHORT, name) for name in SHORT.__slots__} | {"slowest": SIZE / SECONDS / speed})


async def test_a_file_over_a_slow_line_arrives(way: Way, file: OutgoingFile) -> None:
    async with slow_line() as line:
        assert isinstance(await send(way, line, at(speed=3), file), Accepted)
        assert line.received > SIZE


async def test_a_line_slower_than_the_slowest_is_given_up(way: Way, file: OutgoingFile) -> None:
    async with slow_line() as line:
        result = await send(way, line, at(speed=0.1), file)
    # With Messenger, only the upload had begun: it is certain that nothing reached the person.
    assert isinstance(result, OutcomeUnknown if way.adapter is TelegramAdapter else NotSent)


@pytest.mark.parametrize("kind", ["stops", "answers"])
async def test_a_line_that_stops_and_an_answer_that_never_comes_have_an_end(
    way: Way, file: OutgoingFile, kind: str
) -> None:
    async with slow_line(stops=kind == "stops", answers=kind == "stops") as line:
        result = await send(way, line, at(speed=1), file)
    assert isinstance(result, OutcomeUnknown if way.adapter is TelegramAdapter else NotSent)


@given(st.integers(0, 100 * MEGABYTE), st.integers(0, 100 * MEGABYTE))
def test_the_outbox_waits_longer_than_its_adapters_and_longer_for_more(one: int, other: int) -> None:
    files = tuple(OutgoingFile(Path("x"), "", "", "x", size) for size in (one, other))
    message = telegram_world.to_sam("", files=files)
    limit = dispatch.send_limit(message).total_seconds()
    assert limit > Timeouts().sending(message.file_bytes)
    assert limit >= dispatch.send_limit(telegram_world.to_sam()).total_seconds() + (one + other) / 50_000 - 1
