"""TCP proxies between the product and its providers, both ways. They cut connections, and let them stand still.

One stands before the workers, as a load balancer does: one address, behind which workers come and go.
"""

import asyncio
import contextlib
from collections import Counter, deque
from collections.abc import Iterator

from tests.torture.steps import Disturb, Way

PIECE = 1 << 16


class Proxy:
    """Relays connections to the processes behind it, in turn. A process that ends takes its connections with it."""

    def __init__(self) -> None:
        self.met: Counter[str] = Counter()
        """How many pieces of data were cut off or held up, by `request cut`, `answer held up` and the like."""
        self._ports: dict[str, int] = {}
        self._turn = 0
        self._faults: dict[Way, deque[Disturb]] = {way: deque() for way in Way}
        self._server: asyncio.Server | None = None

    async def open(self) -> str:
        """Begin to listen, and return the base URL."""
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        return f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"

    async def close(self) -> None:
        """Stop listening."""
        if self._server is not None:
            self._server.close()

    def add(self, name: str, url: str) -> None:
        """Relay connections to the process of this name, which listens at `url`, too."""
        self._ports[name] = int(url.rpartition(":")[2])

    def remove(self, name: str) -> None:
        """Relay no more connections to the process of this name."""
        self._ports.pop(name, None)

    def disturb(self, fault: Disturb) -> None:
        """Apply a fault to the next piece of data in its direction, on whatever connection."""
        self._faults[fault.way].append(fault)

    def leave_alone(self) -> None:
        """Forget the faults that haven't happened yet."""
        for faults in self._faults.values():
            faults.clear()

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
        ports = list(self._ports.values())
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
            asyncio.ensure_future(self._pump(reader, inner_writer, Way.REQUEST)),
            asyncio.ensure_future(self._pump(inner_reader, writer, Way.ANSWER)),
        ]
        try:
            await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for way in ways:
                way.cancel()
            await asyncio.gather(*ways, return_exceptions=True)
            inner_writer.transport.abort()

    async def _pump(self, source: asyncio.StreamReader, target: asyncio.StreamWriter, way: Way) -> None:
        with contextlib.suppress(OSError):
            while piece := await source.read(PIECE):
                fault = self._faults[way].popleft() if self._faults[way] else None
                if fault is not None and fault.seconds:
                    self.met[f"{way} held up"] += 1
                    await asyncio.sleep(fault.seconds)
                elif fault is not None:
                    self.met[f"{way} cut"] += 1
                    target.write(piece[: int(len(piece) * fault.share)])
                    await target.drain()
                    return
                target.write(piece)
                await target.drain()
