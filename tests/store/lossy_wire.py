"""A wire to a server that can be cut at the worst moment, between a commit and its answer, and that can drop
notifications, as with a pooler that gives each transaction another connection.
"""

import asyncio
import contextlib
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

COMMIT = b"COMMIT\0"
TOLD = b"contacts_tui_change\0"
"""Occurs in each notification of a change."""


class LossyWire:
    """Relays what goes to and from a server by its socket."""

    def __init__(self, server: Path, folder: Path) -> None:
        self._server = server / ".s.PGSQL.5432"
        self._socket = folder / ".s.PGSQL.5432"
        self.loses_answer = False
        """Whether the next commit reaches the server, but its answer is lost."""
        self.loses_question = False
        """Whether the next commit is lost."""
        self.lets_nobody_in = False
        """Whether new connections are closed at once."""
        self.tells_nothing = False
        """Whether notifications of changes are dropped."""

    async def listen(self) -> asyncio.Server:
        """Accept connections from now on."""
        return await asyncio.start_unix_server(self._connected, self._socket)

    async def _connected(self, client: asyncio.StreamReader, to_client: asyncio.StreamWriter) -> None:
        if self.lets_nobody_in:
            to_client.close()
            return
        server, to_server = await asyncio.open_unix_connection(self._server)
        answering = asyncio.create_task(self._pass_on(server, to_client))
        with contextlib.suppress(ConnectionError, asyncio.CancelledError):
            while data := await client.read(65536):
                if COMMIT in data and self.loses_question:
                    self.loses_question = False
                    break
                if COMMIT in data and self.loses_answer:
                    self.loses_answer = False
                    answering.cancel()
                    to_server.write(data)
                    await server.read(65536)
                    break
                to_server.write(data)
        answering.cancel()
        for each in (to_client, to_server):
            each.close()

    async def _pass_on(self, server: asyncio.StreamReader, to_client: asyncio.StreamWriter) -> None:
        with contextlib.suppress(ConnectionError):
            while data := await server.read(65536):
                if not (self.tells_nothing and TOLD in data):
                    to_client.write(data)
        to_client.close()


@contextmanager
def lossy_wire(location: str, folder: Path) -> Iterator[tuple[LossyWire, str]]:
    """Run a wire to the server of a store on a thread of its own; yield it and the address that leads through it."""
    parts = urlsplit(location)
    (host,) = parse_qs(parts.query)["host"]
    wire, loop, ready = LossyWire(Path(host), folder), asyncio.new_event_loop(), threading.Event()

    async def listen() -> None:
        await wire.listen()
        ready.set()

    def run() -> None:
        loop.create_task(listen())
        loop.run_forever()

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    assert ready.wait(30)
    try:
        yield wire, f"postgresql://{parts.netloc}{parts.path}?host={folder}"
    finally:
        asyncio.run_coroutine_threadsafe(_end_others(), loop).result()
        loop.call_soon_threadsafe(loop.stop)
        thread.join()


async def _end_others() -> None:
    others = asyncio.all_tasks() - {asyncio.current_task()}
    for task in others:
        task.cancel()
    await asyncio.gather(*others, return_exceptions=True)
