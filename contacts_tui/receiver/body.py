"""Reading a request's body, with an end to its size and to its time."""

import asyncio
from contextlib import AsyncExitStack

from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request

BODY_LIMIT = 4 * 1024 * 1024
"""The longest body that is read, in bytes. Twilio's forms are some kilobytes. Meta joins up to 1000 events, in which a
letter beyond ASCII takes six bytes; one that is refused comes again as it was, and so all of it would be lost."""
LONG = 1024 * 1024
"""Bytes from which a body is a long one."""
MOST_LONG = 8
"""Long bodies that are read at once: nobody knows yet who sends them, so they must not fill the memory."""
BODY_TIME = 10.0
"""Seconds in which a body has to be there as a whole."""

CLOSE = {"connection": "close"}
"""The rest of the body is not read, so the connection can't be used again."""


class Bodies:
    """Reads the bodies of one receiver's requests."""

    def __init__(self, time: float = BODY_TIME) -> None:
        self._time = time
        self._long = asyncio.Semaphore(MOST_LONG)

    async def read(self, request: Request) -> bytes:
        """The body. Where many are long, the rest of a long one waits for its turn.

        Raises HTTPException: 413 for one too long, whatever its Content-Length says, 408 for one too slow.
        """
        if int(request.headers.get("content-length") or 0) > BODY_LIMIT:
            raise _too_long()
        try:
            async with asyncio.timeout(self._time), AsyncExitStack() as turn:
                return await self._whole(request, turn)
        except TimeoutError as error:
            raise HTTPException(408, "The request took too long.", CLOSE) from error
        except ClientDisconnect as error:
            raise HTTPException(400, "The request ended too soon.", CLOSE) from error

    async def _whole(self, request: Request, turn: AsyncExitStack) -> bytes:
        body = bytearray()
        async for chunk in request.stream():
            if len(body) <= LONG < len(body) + len(chunk):
                await turn.enter_async_context(self._long)
            body += chunk
            if len(body) > BODY_LIMIT:
                raise _too_long()
        return bytes(body)


def _too_long() -> HTTPException:
    return HTTPException(413, f"The request is over {BODY_LIMIT} bytes.", CLOSE)
