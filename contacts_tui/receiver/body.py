"""Reading a request's body, with an end to its size and to its time."""

import asyncio

from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request

BODY_LIMIT = 1024 * 1024
"""The longest body that is read, in bytes. Twilio's forms are some kilobytes; Meta joins up to 1000 events."""
BODY_TIME = 10.0
"""Seconds in which a body has to be there as a whole."""

CLOSE = {"connection": "close"}
"""The rest of the body is not read, so the connection can't be used again."""


async def read_body(request: Request, time: float = BODY_TIME) -> bytes:
    """The body. Raises HTTPException: 413 for one too long, whatever its Content-Length says, 408 for one too slow."""
    if int(request.headers.get("content-length") or 0) > BODY_LIMIT:
        raise _too_long()
    body = bytearray()
    try:
        async with asyncio.timeout(time):
            async for chunk in request.stream():
                body += chunk
                if len(body) > BODY_LIMIT:
                    raise _too_long()
    except TimeoutError as error:
        raise HTTPException(408, "The request took too long.", CLOSE) from error
    except ClientDisconnect as error:
        raise HTTPException(400, "The request ended too soon.", CLOSE) from error
    return bytes(body)


def _too_long() -> HTTPException:
    return HTTPException(413, f"The request is over {BODY_LIMIT} bytes.", CLOSE)
