"""Reading the bodies of requests, with limits on their size, their time, and the memory of all of them together."""

import asyncio
from collections.abc import Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from functools import partial

from starlette.exceptions import HTTPException
from starlette.types import Receive

BODY_TIME = 10.0
"""Seconds within which a whole body has to arrive."""
BUDGET = 16 * 1024 * 1024
"""Bytes of all bodies together that are arriving, or being verified and stored. Enough for four of the longest that a
provider sends, or some hundreds of the usual ones."""
BLOCK = 64 * 1024
"""Bytes of a body that are kept in one piece while it arrives. A single growing piece would be moved again and again,
and fragment the memory by as much as the budget."""
STALLED = 1.0
"""Seconds without any new bytes after which a body has to make room for any other. Providers send theirs in one go."""

CLOSE = {"connection": "close"}
"""The rest of the body is not read, so the connection can't be used again."""


@dataclass(eq=False, slots=True)
class _Reading:
    """One body that is arriving, then being verified and stored. A context manager for one use that gives the body."""

    bodies: "Bodies"
    receive: Receive
    limit: int
    began_at: float
    """The loop's time."""
    progressed_at: float
    """The loop's time at which bytes of it last arrived."""
    timeout: asyncio.Timeout = field(default_factory=partial(asyncio.timeout, None))
    """Interrupts the reading once it is given a time."""
    blocks: list[bytearray] = field(default_factory=list)
    """The bytes that have arrived."""
    size: int = 0
    """Its bytes that count in the budget."""
    is_dropped: bool = False
    """Whether it had to make room for another body."""
    is_ended: bool = False
    """Whether `timeout` was given a time."""

    async def __aenter__(self) -> bytes:
        try:
            return await self.bodies.whole(self)
        except BaseException:
            self.bodies.release(self)
            raise

    async def __aexit__(self, *_: object) -> None:
        self.bodies.release(self)

    def keep(self, piece: bytes) -> None:
        """Append bytes to those that have arrived."""
        if self.blocks and len(self.blocks[-1]) + len(piece) <= BLOCK:
            self.blocks[-1] += piece
        else:
            self.blocks.append(bytearray(piece))

    def end(self) -> None:
        """Interrupt the reading task with a TimeoutError."""
        if not self.is_ended:
            self.is_ended = True
            self.timeout.reschedule(asyncio.get_running_loop().time())


class Bodies:
    """Reads the bodies of one receiver's requests within one budget of bytes.

    When the budget is used up, a body gets room from the one that stalled longest, else from the longest of those
    longer than itself. So a provider's form is read whatever strangers send, and a long body gains nothing by a retry.
    """

    def __init__(self, time: float = BODY_TIME, budget: int = BUDGET, stalled: float = STALLED) -> None:
        """Set the limits: `time`, seconds for a whole body; `budget`, bytes of all together; `stalled`, see STALLED."""
        self._time = time
        self._budget = budget
        self._stalled = stalled
        self._used = 0
        self._coming: dict[_Reading, None] = {}
        """The arriving bodies, in the order in which they began."""
        self._ending: asyncio.TimerHandle | None = None
        """Fires when the time of the first of them is over. A timer for each body would be waste, as most bodies have
        arrived already when they are read."""

    @property
    def used(self) -> int:
        """Bytes of all bodies that are arriving, or being verified and stored."""
        return self._used

    def read(self, receive: Receive, headers: Mapping[str, str], limit: int) -> AbstractAsyncContextManager[bytes]:
        """Give the body of a request, at most `limit` bytes; it counts in the budget until the block ends.

        Raise HTTPException, here or on entering: 413 when it is too long, whatever its Content-Length says, 408 when it
        is too slow, 503 when it had to make room, 400 when it ended too soon.
        """
        announced = int(headers.get("content-length") or 0)
        if announced > limit:
            raise _too_long(limit)
        if not self._can_get_room(announced):
            raise _no_room()
        now = asyncio.get_running_loop().time()
        return _Reading(self, receive, limit, now, now)

    async def whole(self, reading: _Reading) -> bytes:
        """Return a body as soon as it has arrived. Raise HTTPException as `read` does."""
        self._coming[reading] = None
        if self._ending is None:
            self._end_late()
        try:
            async with reading.timeout:
                while True:
                    message = await reading.receive()
                    if message["type"] != "http.request":
                        raise HTTPException(400, "The request ended too soon.", CLOSE)
                    piece: bytes = message.get("body", b"")
                    self._count(reading, len(piece))
                    if not message.get("more_body", False):
                        break
                    reading.keep(piece)
        except TimeoutError as error:
            if reading.is_dropped:
                raise _no_room() from error
            raise HTTPException(408, "The request took too long.", CLOSE) from error
        finally:
            self._coming.pop(reading, None)
        blocks, reading.blocks = reading.blocks, []
        return b"".join([*blocks, piece]) if blocks else piece

    def release(self, reading: _Reading) -> None:
        """Free the bytes of a body."""
        self._used -= reading.size
        reading.blocks, reading.size = [], 0

    def _count(self, reading: _Reading, more: int) -> None:
        if reading.is_dropped:
            raise _no_room()
        if reading.size + more > reading.limit:
            raise _too_long(reading.limit)
        reading.size += more
        self._used += more
        reading.progressed_at = asyncio.get_running_loop().time()
        while self._used > self._budget:
            self._drop(self._victim(reading))
            if reading.is_dropped:
                raise _no_room()

    def _end_late(self) -> None:
        """End the bodies whose time is over, and set the timer for the next one."""
        loop = asyncio.get_running_loop()
        self._ending = None
        for reading in self._coming:
            if reading.began_at + self._time > loop.time():
                self._ending = loop.call_at(reading.began_at + self._time, self._end_late)
                return
            reading.end()

    def _can_get_room(self, size: int) -> bool:
        """Return whether a body of this size can get room; one that can't isn't read at all."""
        if self._used + size <= self._budget:
            return True
        now = asyncio.get_running_loop().time()
        return any(each.size > size or self._has_stalled(each, now) for each in self._coming)

    def _victim(self, newest: _Reading) -> _Reading:
        """Return the body that has to make room so that `newest` can continue; `newest` itself when no other has to."""
        stalest = min(self._coming, key=lambda each: each.progressed_at)
        if stalest is not newest and self._has_stalled(stalest, newest.progressed_at):
            return stalest
        return max(self._coming, key=lambda each: (each.size, each is newest))

    def _has_stalled(self, reading: _Reading, now: float) -> bool:
        return now - reading.progressed_at >= self._stalled

    def _drop(self, reading: _Reading) -> None:
        """Drop a body: its bytes are freed at once, its request is answered as soon as its task runs."""
        reading.is_dropped = True
        self._coming.pop(reading, None)
        self.release(reading)
        reading.end()


def _no_room() -> HTTPException:
    return HTTPException(503, "Too much is coming in at once: try again later.", CLOSE)


def _too_long(limit: int) -> HTTPException:
    return HTTPException(413, f"The request is over {limit} bytes.", CLOSE)
