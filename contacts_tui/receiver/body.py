"""Reading the bodies of requests, with an end to their size, to their time, and to what all of them take together."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request

BODY_TIME = 10.0
"""Seconds in which a body has to be there as a whole."""
BUDGET = 16 * 1024 * 1024
"""Bytes of all bodies together whose sender isn't known yet: those that are still coming in, and those being verified.
Four of the longest that a provider sends; some hundreds of the usual ones."""
STALLED = 1.0
"""Seconds without a piece after which a body has to make room for any other. Providers send one in one go."""

CLOSE = {"connection": "close"}
"""The rest of the body is not read, so the connection can't be used again."""


@dataclass(eq=False, slots=True)
class _Reading:
    """One body that is on its way."""

    timeout: asyncio.Timeout
    progressed_at: float
    """The loop's time at which a piece of it came last."""
    body: bytearray = field(default_factory=bytearray)
    size: int = 0
    """Bytes that it counts in the budget."""
    is_dropped: bool = False
    """Whether it had to make room."""


class Bodies:
    """Reads the bodies of one receiver's requests within one budget of bytes.

    When the budget is used up, a body gets room from the one that stalled longest, else from the longest of those
    longer than itself. So a form is read whatever strangers send, and nobody gains by coming back with a long one.
    """

    def __init__(self, time: float = BODY_TIME, budget: int = BUDGET, stalled: float = STALLED) -> None:
        """`time`: seconds for a whole body; `budget`: bytes of all together; `stalled`: see STALLED."""
        self._time = time
        self._budget = budget
        self._stalled = stalled
        self._used = 0
        self._coming: set[_Reading] = set()

    @property
    def used(self) -> int:
        """Bytes of all bodies that are coming in or being verified."""
        return self._used

    @asynccontextmanager
    async def read(self, request: Request, limit: int) -> AsyncIterator[bytes]:
        """Yield the body, at most `limit` bytes; it counts into the budget until the block ends.

        Raises HTTPException: 413 for one too long, whatever its Content-Length says, 408 for one too slow, 503 for one
        that had to make room, 400 for one that ended too soon.
        """
        announced = int(request.headers.get("content-length") or 0)
        if announced > limit:
            raise _too_long(limit)
        if not self._can_get_room(announced):
            raise _no_room()
        reading = _Reading(asyncio.timeout(self._time), asyncio.get_running_loop().time())
        try:
            yield await self._whole(request, reading, limit)
        finally:
            self._used -= reading.size

    async def _whole(self, request: Request, reading: _Reading, limit: int) -> bytes:
        self._coming.add(reading)
        try:
            async with reading.timeout:
                async for chunk in request.stream():
                    self._take(reading, chunk, limit)
        except TimeoutError as error:
            if reading.is_dropped:
                raise _no_room() from error
            raise HTTPException(408, "The request took too long.", CLOSE) from error
        except ClientDisconnect as error:
            raise HTTPException(400, "The request ended too soon.", CLOSE) from error
        finally:
            self._coming.discard(reading)
        if reading.is_dropped:
            raise _no_room()
        body, reading.body = bytes(reading.body), bytearray()
        return body

    def _take(self, reading: _Reading, chunk: bytes, limit: int) -> None:
        if reading.is_dropped:
            raise _no_room()
        if reading.size + len(chunk) > limit:
            raise _too_long(limit)
        reading.body += chunk
        reading.size += len(chunk)
        self._used += len(chunk)
        reading.progressed_at = asyncio.get_running_loop().time()
        while self._used > self._budget:
            self._drop(self._victim(reading))
            if reading.is_dropped:
                raise _no_room()

    def _can_get_room(self, size: int) -> bool:
        """Whether a body of this size has a chance; one that has none isn't begun with."""
        if self._used + size <= self._budget:
            return True
        now = asyncio.get_running_loop().time()
        return any(each.size > size or self._has_stalled(each, now) for each in self._coming)

    def _victim(self, newest: _Reading) -> _Reading:
        """Whose bytes go, so that `newest` may go on; itself where nobody has to make room for it."""
        stalest = min(self._coming, key=lambda each: each.progressed_at)
        if stalest is not newest and self._has_stalled(stalest, newest.progressed_at):
            return stalest
        return max(self._coming, key=lambda each: (each.size, each is newest))

    def _has_stalled(self, reading: _Reading, now: float) -> bool:
        return now - reading.progressed_at >= self._stalled

    def _drop(self, reading: _Reading) -> None:
        """Give up a body: its bytes go at once, its request is answered as soon as its task runs."""
        reading.is_dropped = True
        self._coming.discard(reading)
        self._used -= reading.size
        reading.body, reading.size = bytearray(), 0
        reading.timeout.reschedule(asyncio.get_running_loop().time())


def _no_room() -> HTTPException:
    return HTTPException(503, "Too much is coming in at once: try again later.", CLOSE)


def _too_long(limit: int) -> HTTPException:
    return HTTPException(413, f"The request is over {limit} bytes.", CLOSE)
