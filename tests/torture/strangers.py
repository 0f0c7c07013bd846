"""Strangers at a receiver: some send nothing, some begin a body and stop, some send forged requests."""

import asyncio
import contextlib
import random
from collections.abc import Iterator, Mapping

import httpx

from tests.torture.books import Answered
from tests.torture.forgeries import Forgery

ADDRESS = "127.0.0.2"
"""The strangers' address; providers come from 127.0.0.1."""
PART = 64 * 1024
"""Bytes of an unfinished body that are sent, of those that were announced."""
ANNOUNCED = 1024 * 1024
PATIENCE = 60.0
"""Seconds to wait for an answer: a process that stands still gives none."""


class Strangers:
    """All strangers of one run, and how they were answered."""

    def __init__(self, chance: random.Random, forgeries: Iterator[Forgery], unfinished: str) -> None:
        """Besiege receivers with these forgeries; `unfinished` is a path that accepts long bodies."""
        self.answered: list[Answered] = []
        self.held = 0
        """How many connections sent nothing or stopped in the middle."""
        self._chance = chance
        self._forgeries = forgeries
        self._unfinished = unfinished

    async def come(self, urls: Mapping[str, str], idle: int, forged: int, seconds: float) -> None:
        """Besiege each of these receivers, and leave after so many seconds. `urls` may change meanwhile."""
        opening = f"POST {self._unfinished} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
        opening += f"X-Hub-Signature-256: sha256={'0' * 64}\r\nContent-Length: {ANNOUNCED}\r\n\r\n"
        words = (b"", opening.encode()[: self._chance.randint(20, 90)], opening.encode() + b"x" * PART)
        staying = [
            asyncio.create_task(self._stay(urls, name, words[place % len(words)]))
            for name in tuple(urls)
            for place in range(idle)
        ]
        trying = []
        try:
            async with httpx.AsyncClient(trust_env=False, timeout=PATIENCE) as client:
                for _ in range(forged):
                    trying += [
                        asyncio.create_task(self._try(client, url, next(self._forgeries)))
                        for url in tuple(urls.values())
                    ]
                    await asyncio.sleep(seconds / forged)
                await asyncio.gather(*trying)
        finally:
            for task in (*staying, *trying):
                task.cancel()
            await asyncio.gather(*staying, *trying, return_exceptions=True)

    async def _try(self, client: httpx.AsyncClient, url: str, forgery: Forgery) -> None:
        method = "POST" if forgery.content else "GET"
        try:
            answer = await client.request(method, url + forgery.path, content=forgery.content, headers=forgery.headers)
        except httpx.TransportError:
            self.answered.append(Answered(forgery.kind, None))
        else:
            self.answered.append(Answered(forgery.kind, answer.status_code))

    async def _stay(self, urls: Mapping[str, str], name: str, words: bytes) -> None:
        """Send these bytes and wait until the receiver hangs up; then connect again, without end."""
        while True:
            with contextlib.suppress(OSError, KeyError):  # The receiver may be gone, and not be back yet.
                port = int(urls[name].rpartition(":")[2])
                reader, writer = await asyncio.open_connection("127.0.0.1", port, local_addr=(ADDRESS, 0))
                try:
                    self.held += 1
                    writer.write(words)
                    await writer.drain()
                    await reader.read()
                finally:
                    writer.transport.abort()
            await asyncio.sleep(1.0)
