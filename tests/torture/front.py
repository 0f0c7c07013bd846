"""What stands before the workers, as a load balancer does: one address, behind which workers come and go."""

import asyncio
import contextlib
from collections.abc import Iterator

PIECE = 1 << 16


class Front:
    """Hands connections to the workers in turn. One that ends takes its connections with it."""

    def __init__(self) -> None:
        self.cuts = 0
        """How many answers shall be lost on their way back, from now on."""
        self.lost = 0
        """How many were."""
        self._workers: dict[str, int] = {}
        self._turn = 0
        self._server: asyncio.Server | None = None

    async def open(self) -> str:
        """Begins to listen; the base URL."""
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        return f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"

    async def close(self) -> None:
        """Stops to listen."""
        assert self._server is not None
        self._server.close()

    def add(self, worker: str, port: int) -> None:
        """A worker listens there."""
        self._workers[worker] = port

    def remove(self, worker: str) -> None:
        """A worker is no more."""
        self._workers.pop(worker, None)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            for port in self._in_turn():
                with contextlib.suppress(OSError):
                    inner_reader, inner_writer = await asyncio.open_connection("127.0.0.1", port)
                    await self._relay(reader, writer, inner_reader, inner_writer)
                    break
        finally:
            writer.transport.abort()

    def _in_turn(self) -> Iterator[int]:
        ports = list(self._workers.values())
        self._turn += 1
        for place in range(len(ports)):
            yield ports[(self._turn + place) % len(ports)]

    async def _relay(
        self,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        inner_reader: asyncio.StreamReader,
        inner_writer: asyncio.StreamWriter,
    ) -> None:
        ways = [
            asyncio.ensure_future(self._pump(reader, inner_writer, answers=False)),
            asyncio.ensure_future(self._pump(inner_reader, writer, answers=True)),
        ]
        try:
            await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for way in ways:
                way.cancel()
            await asyncio.gather(*ways, return_exceptions=True)
            inner_writer.transport.abort()

    async def _pump(self, source: asyncio.StreamReader, target: asyncio.StreamWriter, *, answers: bool) -> None:
        with contextlib.suppress(OSError):
            while piece := await source.read(PIECE):
                if answers and self.cuts:
                    self.cuts -= 1
                    self.lost += 1
                    return
                target.write(piece)
                await target.drain()
