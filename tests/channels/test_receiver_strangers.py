"""Requests of strangers: they cost little, and providers are answered meanwhile."""

import asyncio
import logging
import sqlite3
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, closing, suppress
from pathlib import Path

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from contacts_tui.channels.registry import Adapters
from contacts_tui.channels.twilio.connectors import SIGNATURE
from contacts_tui.channels.twilio.webhook import LARGEST
from contacts_tui.receiver import serve
from contacts_tui.receiver.body import Bodies
from contacts_tui.receiver.connection_limit import MOST_CONNECTIONS
from contacts_tui.receiver.refusal_log import RefusalLog
from contacts_tui.receiver.slow_clients import MOST_WAITING
from tests.channels.test_receiver import FORGED, FORM, Desk, desk_of, inbound
from tests.channels.test_receiver import desk as desk
from tests.channels.wire import resolve
from tests.patience import LIMIT
from tests.sandbox.driver import until
from tests.services.world import World

KIB = 1024


@asynccontextmanager
async def reading(bodies: Bodies, limit: int) -> AsyncIterator[tuple[int, list[int]]]:
    """Yield the port of a server that reads bodies, and the list of the sizes read."""
    sizes: list[int] = []

    async def taken(request: Request) -> Response:
        async with bodies.read(request.receive, request.headers, limit) as body:
            sizes.append(len(body))
            return Response(str(len(body)))

    ready: asyncio.Future[str] = asyncio.get_running_loop().create_future()
    stop = asyncio.Event()
    app = Starlette(routes=[Route("/", taken, methods=["POST"])])
    serving = asyncio.create_task(serve(app, "127.0.0.1", 0, ready=ready.set_result, stop=stop))
    yield int((await ready).rpartition(":")[2]), sizes
    stop.set()
    await serving


async def begin(port: int, size: int, sent: int, path: str = "/", headers: str = "") -> asyncio.StreamReader:
    """Send a part of a body as a client that stops in the middle; return the reader for the answer."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(f"POST {path} HTTP/1.1\r\nHost: x\r\n{headers}Content-Length: {size}\r\n\r\n".encode())
    writer.write(b"x" * sent)
    await writer.drain()
    reader.writer = writer  # type: ignore[attr-defined]  # Else it would be closed with the last reference.
    return reader


async def test_stalled_bodies_make_room_for_one_that_comes_in_one_go() -> None:
    bodies = Bodies(time=60.0, budget=1024 * KIB, stalled=0.0)
    async with reading(bodies, 600 * KIB) as (port, sizes):
        stalled = [await begin(port, 200 * KIB, 190 * KIB) for _ in range(9)]
        # Five of them fit into the budget: the first four were refused.
        for each in stalled[:4]:
            assert b" 503 " in await asyncio.wait_for(each.read(200), 20)
        async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", trust_env=False) as client:
            assert (await client.post("/", content=b"x" * 600 * KIB)).text == str(600 * KIB)
        assert sizes == [600 * KIB]
        for each in stalled[4:7]:
            assert b" 503 " in await asyncio.wait_for(each.read(200), 20)


async def test_a_long_body_that_finds_no_room_is_not_begun_with_and_a_short_one_is_read() -> None:
    bodies = Bodies(time=60.0, budget=1024 * KIB, stalled=60.0)
    async with reading(bodies, 600 * KIB) as (port, _):
        async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", trust_env=False) as client:
            kept = [await begin(port, 260 * KIB, 250 * KIB) for _ in range(4)]
            await until(lambda: bodies.used == 1000 * KIB)
            late = await begin(port, 300 * KIB, 0)
            assert b" 503 " in await asyncio.wait_for(late.read(200), 20)
            # The longest body makes room for it.
            assert (await client.post("/", content=b"x" * 40 * KIB)).text == str(40 * KIB)
        told = await asyncio.wait(
            [asyncio.ensure_future(each.read(200)) for each in kept], return_when=asyncio.FIRST_COMPLETED
        )
        assert len(told[0]) == 1


async def test_a_body_counts_until_its_sender_is_known() -> None:
    bodies, verifying, go_on = Bodies(budget=100), asyncio.Event(), asyncio.Event()

    async def slow(request: Request) -> Response:
        async with bodies.read(request.receive, request.headers, 90):
            verifying.set()
            await go_on.wait()
        return Response()

    ready: asyncio.Future[str] = asyncio.get_running_loop().create_future()
    stop = asyncio.Event()
    app = Starlette(routes=[Route("/", slow, methods=["POST"])])
    serving = asyncio.create_task(serve(app, "127.0.0.1", 0, ready=ready.set_result, stop=stop))
    async with httpx.AsyncClient(base_url=await ready, trust_env=False) as client:
        first = asyncio.create_task(client.post("/", content=b"x" * 80))
        await verifying.wait()
        assert (await client.post("/", content=b"x" * 80)).status_code == 503
        go_on.set()
        assert (await first).status_code == 200
        assert (await client.post("/", content=b"x" * 80)).status_code == 200
    stop.set()
    await serving


@pytest.mark.parametrize("signature", ["", "x", "é", FORGED[:-1], "A" * 44])
async def test_what_cannot_be_signed_is_refused_before_its_body(desk: Desk, signature: str) -> None:
    header = f"{SIGNATURE}: {signature}\r\n" if signature else ""
    head = f"POST /webhooks/1/inbound HTTP/1.1\r\nHost: x\r\nContent-Type: {FORM}\r\n{header}"
    # The client never sends its body, and is still answered.
    assert (await desk.raw(f"{head}Content-Length: 1000\r\n\r\n".encode())).startswith(b"HTTP/1.1 403")


async def test_a_form_is_read_up_to_what_twilio_sends(desk: Desk) -> None:
    headers = {"content-type": FORM, SIGNATURE: FORGED}
    for size, code in ((LARGEST, 403), (LARGEST + 1, 413)):
        answer = await desk.client.post("/webhooks/1/inbound", content=b"a" * size, headers=headers)
        assert answer.status_code == code


async def test_requests_that_wait_for_no_answer_cost_little(desk: Desk) -> None:
    request = b"GET /health HTTP/1.1\r\nHost: x\r\n\r\n"
    for count, whole in ((MOST_WAITING, True), (5000, False)):
        reader, writer = await asyncio.open_connection("127.0.0.1", desk.port)
        writer.write(request * count)
        async with asyncio.timeout(LIMIT):
            if whole:
                for _ in range(count):
                    assert b"HTTP/1.1 200" in await reader.readuntil(b"\r\n\r\n")
            else:
                told = b""
                with suppress(ConnectionError):
                    while piece := await reader.read(65536):
                        told += piece
                assert told.count(b"HTTP/1.1 ") <= MOST_WAITING + 2
        writer.close()
    assert (await desk.post(inbound(1, Body="let me in"))).status_code == 200


async def test_what_is_no_http_fills_no_log(desk: Desk, caplog: pytest.LogCaptureFixture) -> None:
    for _ in range(100):
        assert (await desk.raw(b"\x16\x03\x01 hello\r\n\r\n")).startswith(b"HTTP/1.1 400")
    assert len(caplog.records) <= 1


async def test_silent_connections_keep_nobody_out(desk: Desk) -> None:
    async with AsyncExitStack() as stack:
        for _ in range(MOST_CONNECTIONS + 20):
            _, writer = await asyncio.open_connection("127.0.0.1", desk.port)
            stack.callback(writer.close)
        assert (await desk.post(inbound(1, Body="let me in"))).status_code == 200


async def test_unfinished_bodies_keep_nobody_out(desk: Desk) -> None:
    headers = f"Content-Type: {FORM}\r\n{SIGNATURE}: {FORGED}\r\n"
    kept = [await begin(desk.port, 1000, 10, "/webhooks/1/inbound", headers) for _ in range(MOST_CONNECTIONS + 20)]
    assert (await desk.post(inbound(1, Body="let me in"))).status_code == 200
    for each in kept:
        each.writer.close()  # type: ignore[attr-defined]


async def test_a_webhook_is_answered_in_time_whatever_it_waits_for(tmp_path: Path) -> None:
    world = World(tmp_path)
    async with desk_of(world, Adapters(resolve), answer_time=0.5) as desk:
        with closing(sqlite3.connect(tmp_path / "store.db", isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            answer = await desk.post(inbound(1, Body="the store is busy"))
            other.execute("ROLLBACK")
        assert (answer.status_code, answer.text) == (503, "The message can't be stored in time.")
        headers = f"Content-Type: {FORM}\r\n{SIGNATURE}: {FORGED}\r\n"
        slow = await begin(desk.port, 1000, 10, "/webhooks/1/inbound", headers)
        # Not the 408 of a body, which has ten seconds from its own beginning.
        assert (await slow.read(200)).startswith(b"HTTP/1.1 503")
    world.store.close()


async def test_refusals_alike_are_one_line(caplog: pytest.LogCaptureFixture) -> None:
    refusals = RefusalLog(quiet=0.3)
    with caplog.at_level(logging.WARNING):
        for _ in range(250):
            refusals.add("/webhooks/1/inbound", "The signature doesn't fit.")
        refusals.add("/webhooks/2/inbound", "The signature doesn't fit.")
        assert len(caplog.records) == 2
        await until(lambda: len(caplog.records) == 3)
    assert "249 more times" in caplog.messages[2]
    refusals.add("/webhooks/2/inbound", "The signature doesn't fit.")
    assert len(caplog.records) == 4
