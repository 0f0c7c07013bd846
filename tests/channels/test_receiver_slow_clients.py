"""The receiver and slow clients: a client that sends slowly is cut off, a client that waits for us is not."""

import asyncio
import contextlib
import os
import socket
from collections.abc import Iterable
from itertools import chain, count, repeat

import pytest
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import Message

from contacts_tui.receiver import HEAD_TIME, serve
from contacts_tui.receiver.body import Bodies
from contacts_tui.receiver.connection_limit import READ_AT_ONCE
from tests.patience import LIMIT


async def _trickle(app: Starlette, pieces: Iterable[bytes], head_time: float = HEAD_TIME) -> bytes:
    """Write piece after piece to a server of the app until it hangs up, and return its answer."""
    ready: asyncio.Future[str] = asyncio.get_running_loop().create_future()
    stop = asyncio.Event()
    serving = asyncio.create_task(serve(app, "127.0.0.1", 0, ready=ready.set_result, stop=stop, head_time=head_time))
    reader, writer = await asyncio.open_connection("127.0.0.1", int((await ready).rpartition(":")[2]))
    said = bytearray()

    async def listen() -> None:
        with contextlib.suppress(ConnectionError):
            while piece := await reader.read(1000):
                said.extend(piece)

    listening = asyncio.create_task(listen())
    with contextlib.suppress(ConnectionError):
        for piece in pieces:
            writer.write(piece)
            await writer.drain()
            if (await asyncio.wait({listening}, timeout=0.02))[0]:
                break
    await listening
    writer.close()
    stop.set()
    await serving
    return bytes(said)


@pytest.mark.parametrize("start", [b"", b"GET /health HTTP/1.1\r\nHost: x\r\n"], ids=["nothing", "headers"])
async def test_headers_that_never_end_are_cut_off(start: bytes) -> None:
    more = b"x: y\r\n" if start else b""
    assert await _trickle(Starlette(), chain([start], repeat(more)), head_time=0.3) == b""


async def test_the_headers_of_a_second_request_have_their_own_time() -> None:
    whole = b"GET / HTTP/1.1\r\nHost: x\r\n\r\n"
    said = await _trickle(Starlette(), chain([whole, b"GET /"], repeat(b"x")), head_time=0.3)
    assert said.startswith(b"HTTP/1.1 404")
    assert said.count(b"HTTP/1.1") == 1


async def test_headers_without_an_end_are_cut_off_by_their_size() -> None:
    lines = (b"x%d: %s\r\n" % (number, b"y" * 4000) for number in count())
    start = b"GET /health HTTP/1.1\r\nHost: x\r\n"
    assert b" 200 " not in await asyncio.wait_for(_trickle(Starlette(), chain([start], lines)), HEAD_TIME / 2)


async def test_a_body_that_trickles_in_is_cut_off() -> None:
    async def taken(request: Request) -> Response:
        async with Bodies(time=0.3).read(request.receive, request.headers, 9999) as body:
            return Response(body)

    app = Starlette(routes=[Route("/", taken, methods=["POST"])])
    head = b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n"
    # An error raised in an endpoint is Starlette's to answer, as in the receiver.
    assert (await _trickle(app, chain([head], repeat(b"x")))).startswith(b"HTTP/1.1 408")


async def test_each_slow_body_is_cut_off_at_its_own_time() -> None:
    bodies = Bodies(time=0.05)

    async def never() -> Message:
        await asyncio.Event().wait()
        return {}

    async def status() -> int:
        with pytest.raises(HTTPException) as caught:
            async with bodies.read(never, {}, 10):
                pass
        return caught.value.status_code

    first = asyncio.create_task(status())
    second = asyncio.create_task(asyncio.wait_for(status(), LIMIT))
    # One timer serves all bodies, also those that come while it runs, and after it has fired for the last one.
    async with asyncio.timeout(LIMIT):
        assert [await first, await second, await status()] == [408] * 3


async def test_a_little_is_read_of_a_long_body_before_others_have_their_turn() -> None:
    pieces: list[int] = []
    go_on = asyncio.Event()

    async def taken(request: Request) -> Response:
        await go_on.wait()
        async for piece in request.stream():
            pieces.append(len(piece))
        return Response(str(sum(pieces)))

    ready: asyncio.Future[str] = asyncio.get_running_loop().create_future()
    stop = asyncio.Event()
    app = Starlette(routes=[Route("/", taken, methods=["POST"])])
    serving = asyncio.create_task(serve(app, "127.0.0.1", 0, ready=ready.set_result, stop=stop))
    reader, writer = await asyncio.open_connection("127.0.0.1", int((await ready).rpartition(":")[2]))
    size = 1024 * 1024
    writer.write(b"POST / HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: %d\r\n\r\n" % size + b"x" * size)
    go_on.set()
    assert (await asyncio.wait_for(reader.read(), LIMIT)).endswith(b"%d" % size)
    # What uvicorn accepts before it waits for the application, and what was read at once.
    assert max(pieces) <= 64 * 1024 + READ_AT_ONCE
    writer.close()
    stop.set()
    await serving


async def test_a_client_that_waits_for_a_slow_answer_gets_it() -> None:
    async def slow(_: Request) -> Response:
        await asyncio.sleep(0.4)
        return Response("done")

    request = b"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
    said = await _trickle(Starlette(routes=[Route("/", slow)]), chain([request], repeat(b"")), head_time=0.1)
    assert said.endswith(b"done")


async def test_an_answer_does_not_wait_for_the_acknowledgement_of_its_first_piece() -> None:
    async def look(request: Request) -> Response:
        assert request.client is not None
        return Response(str(_no_delay(tuple(request.client))))

    request = b"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
    assert (await _trickle(Starlette(routes=[Route("/", look)]), [request])).endswith(b"1")


def _no_delay(peer: tuple[object, ...]) -> int | None:
    """Return TCP_NODELAY of this process's connection with a peer, or None without such a connection."""
    for entry in os.listdir("/proc/self/fd"):
        with contextlib.suppress(OSError):
            file = os.dup(int(entry))
            try:
                connection = socket.socket(fileno=file)
            except OSError:
                os.close(file)  # No socket.
                continue
            with connection:
                if connection.getpeername() == peer:
                    return connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
    return None
