"""The receiver over real HTTP, with a real store: nothing is answered 200 that isn't stored."""

import asyncio
import contextlib
import socket
import sqlite3
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.types import Message

from contacts_tui.channels.base import (
    MESSAGE_PARAMETER,
    Accepted,
    SecretError,
    WebhookKind,
    WebhookRequest,
    webhook_url,
)
from contacts_tui.channels.registry import Adapters
from contacts_tui.channels.twilio.connectors import SIGNATURE
from contacts_tui.channels.twilio.webhook import LARGEST
from contacts_tui.domain.channel import Channel
from contacts_tui.domain.delivery import Delivery
from contacts_tui.receiver import ANSWER_TIME, CantListen, create_app, serve
from contacts_tui.receiver.body import Bodies
from contacts_tui.store import attempts
from tests.channels import twilio_world
from tests.channels.twilio_world import PUBLIC_URL, status
from tests.channels.wire import outgoing, resolve
from tests.sandbox.driver import ACCOUNT, ANN, SHOP, Driver, until
from tests.services.world import World

FORM = "application/x-www-form-urlencoded"
FORGED = "A" * 27 + "="
"""A signature of the right form."""


@dataclass
class Desk:
    """A running receiver."""

    world: World
    client: httpx.AsyncClient
    port: int

    async def post(self, request: WebhookRequest) -> httpx.Response:
        """Post a webhook as a proxy in front would: to the path behind the public URL."""
        path = request.url.removeprefix(PUBLIC_URL)
        return await self.client.post(path, content=request.body, headers=dict(request.headers))

    async def raw(self, data: bytes) -> bytes:
        """Write these bytes, and return what the receiver answers until it closes."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        writer.write(data)
        with contextlib.suppress(ConnectionError):
            await writer.drain()
        answer = b""
        with contextlib.suppress(ConnectionError):
            answer = await reader.read()
        writer.close()
        return answer


@contextlib.asynccontextmanager
async def desk_of(
    world: World,
    adapters: Adapters,
    *,
    public_url: str = PUBLIC_URL,
    port: int = 0,
    answer_time: float = ANSWER_TIME,
) -> AsyncIterator[Desk]:
    """Yield a running receiver for this world, on a free port unless one is given."""
    app = create_app(world.store, adapters, public_url=public_url, clock=world.clock, answer_time=answer_time)
    ready: asyncio.Future[str] = asyncio.get_running_loop().create_future()
    stop = asyncio.Event()
    serving = asyncio.create_task(serve(app, "127.0.0.1", port, ready=ready.set_result, stop=stop))
    try:
        base_url = await ready
        async with httpx.AsyncClient(base_url=base_url, trust_env=False, timeout=20.0) as client:
            yield Desk(world, client, int(base_url.rpartition(":")[2]))
    finally:
        stop.set()
        await serving
        await adapters.aclose()


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    """Yield a receiver with two inboxes: 1 is SMS, 2 is WhatsApp."""
    world = World(tmp_path)
    async with desk_of(world, Adapters(resolve)) as made:
        yield made
    world.store.close()


def bodies(desk: Desk) -> list[str]:
    """Return every stored text of the first person."""
    return [message.body for message in desk.world.thread(1)]


def inbound(inbox_id: int, **fields: str) -> WebhookRequest:
    """Return an SMS from Ann to the number of inbox 1."""
    return twilio_world.inbound(inbox_id, **{"To": "+12025550101"} | fields)


async def test_a_message_is_stored_before_it_is_answered(desk: Desk) -> None:
    answer = await desk.post(inbound(1, Body="Is the blue one back?"))
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/xml")
    assert answer.text.endswith("<Response/>")
    assert bodies(desk) == ["Is the blue one back?"]


async def test_the_same_webhook_many_times_at_once_makes_one_message(desk: Desk) -> None:
    answers = await asyncio.gather(*(desk.post(inbound(1, Body="once")) for _ in range(8)))
    assert {answer.status_code for answer in answers} == {200}
    assert bodies(desk) == ["once"]


async def test_a_status_moves_our_message(desk: Desk) -> None:
    world = desk.world
    sent = world.send(world.person("Ann", ANN), world.shop, "hello")
    world.store.call(attempts.begin, sent.id)
    answer = await desk.post(status(1, uid=f"{sent.uid}.1", MessageStatus="delivered"))
    assert (answer.status_code, answer.text) == (204, "")
    assert world.message(sent.id).status is Delivery.DELIVERED


async def test_an_unsigned_message_is_not_stored(desk: Desk) -> None:
    request = inbound(1, Body="forged")
    answer = await desk.client.post("/webhooks/1/inbound", content=request.body, headers={"content-type": FORM})
    assert answer.status_code == 403
    assert bodies(desk) == []


async def test_the_host_header_has_no_part_in_the_signature(desk: Desk) -> None:
    request = inbound(1, Body="hi")
    headers = {**request.headers, "host": "evil.example", "x-forwarded-host": "evil.example"}
    answer = await desk.client.post("/webhooks/1/inbound", content=request.body, headers=headers)
    assert answer.status_code == 200


async def test_a_signature_for_one_inbox_opens_no_other(desk: Desk) -> None:
    request = inbound(1, Body="hi")
    answer = await desk.client.post("/webhooks/2/inbound", content=request.body, headers=dict(request.headers))
    assert answer.status_code == 403


@pytest.mark.parametrize(
    ("method", "path", "headers", "code"),
    [
        ("POST", "/webhooks/99/inbound", {"content-type": FORM}, 404),
        ("POST", "/webhooks/" + "9" * 5000 + "/inbound", {"content-type": FORM}, 404),
        ("POST", "/webhooks/-1/inbound", {"content-type": FORM}, 404),
        ("POST", "/webhooks/²/inbound", {"content-type": FORM}, 404),
        ("POST", "/webhooks/1/other", {"content-type": FORM}, 404),
        ("POST", "/webhooks/1/inbound/", {"content-type": FORM}, 404),
        ("POST", "/", {}, 404),
        ("GET", "/webhooks/1/inbound", {}, 405),
        ("PUT", "/webhooks/1/status", {}, 405),
        ("POST", "/health", {}, 405),
        ("POST", "/webhooks/1/inbound", {"content-type": "application/json"}, 415),
        ("POST", "/webhooks/1/inbound", {}, 415),
        ("POST", "/webhooks/1/inbound", {"content-type": FORM, "x-twilio-signature": "x"}, 403),
    ],
)
async def test_what_is_no_webhook(desk: Desk, method: str, path: str, headers: dict[str, str], code: int) -> None:
    answer = await desk.client.request(method, path, content=b"a=1" if method != "GET" else None, headers=headers)
    assert answer.status_code == code
    assert "Traceback" not in answer.text


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE", "PATCH"])
async def test_a_method_that_no_webhook_has_is_answered_with_those_it_has(desk: Desk, method: str) -> None:
    answer = await desk.client.request(method, "/webhooks/1/inbound")
    assert answer.status_code == 405 and "POST" in answer.headers["allow"]


async def test_a_form_that_lacks_what_it_needs(desk: Desk) -> None:
    assert (await desk.post(inbound(1, MessageSid=""))).status_code == 400
    request = inbound(1)
    broken = await desk.client.post("/webhooks/1/inbound", content=b"Body=%ff", headers=dict(request.headers))
    assert broken.status_code == 400


async def test_a_body_over_the_limit_is_not_read(desk: Desk) -> None:
    head = f"POST /webhooks/1/inbound HTTP/1.1\r\nHost: x\r\nContent-Type: {FORM}\r\n{SIGNATURE}: {FORGED}\r\n"
    answer = await desk.raw(f"{head}Content-Length: {LARGEST + 1}\r\n\r\n".encode())
    assert answer.startswith(b"HTTP/1.1 413")
    chunks = b"10000\r\n" + b"a" * 0x10000 + b"\r\n"
    answer = await desk.raw(f"{head}Transfer-Encoding: chunked\r\n\r\n".encode() + chunks * (LARGEST // 0x10000 + 2))
    assert answer == b"" or answer.startswith(b"HTTP/1.1 413")
    assert (await desk.post(inbound(1, Body="a" * 1600))).status_code == 200


async def test_garbage_and_half_requests_leave_it_alive(desk: Desk) -> None:
    assert b"400" in await desk.raw(b"\x00\xff garbage\r\n\r\n")
    head = f"POST /webhooks/1/inbound HTTP/1.1\r\nHost: x\r\nContent-Type: {FORM}\r\nContent-Length: 50\r\n\r\nBody="
    _, writer = await asyncio.open_connection("127.0.0.1", desk.port)
    writer.write(head.encode())
    await writer.drain()
    writer.close()
    assert (await desk.post(inbound(1, Body="alive"))).status_code == 200


async def test_a_locked_store_is_not_pretended_away(desk: Desk, tmp_path: Path) -> None:
    with contextlib.closing(sqlite3.connect(tmp_path / "store.db", isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        answer = await desk.post(inbound(1, Body="later"))
        other.execute("ROLLBACK")
    assert answer.status_code == 503
    assert str(tmp_path) not in answer.text
    assert bodies(desk) == []
    assert (await desk.post(inbound(1, Body="later"))).status_code == 200


async def test_a_missing_credential_is_our_fault_and_not_the_callers(tmp_path: Path) -> None:
    def nothing(reference: str) -> str:
        raise SecretError("The environment variable TWILIO_TOKEN is not set.", "credentials")

    world = World(tmp_path)
    async with desk_of(world, Adapters(nothing)) as desk:
        assert (await desk.post(inbound(1))).status_code == 503
    world.store.close()


async def test_a_conversation_with_the_sandbox_over_the_wire(tmp_path: Path, sandbox: Driver) -> None:
    """Out through the adapter, its statuses and the answer back through signed webhooks."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    public_url = f"http://127.0.0.1:{port}"
    world, adapters = World(tmp_path, base_url=sandbox.base_url), Adapters(resolve)
    shop = world.inbox("Sandbox shop", Channel.SMS, SHOP)
    hook = webhook_url(public_url, shop.id, WebhookKind.INBOUND)
    await sandbox.control("senders", {"account_sid": ACCOUNT, "address": SHOP, "inbound_url": hook})
    async with desk_of(world, adapters, public_url=public_url, port=port):
        queued = world.send(world.person("Ann", ANN), shop, "hello")
        world.store.call(attempts.begin, queued.id)
        callback = f"{webhook_url(public_url, shop.id, WebhookKind.STATUS)}?{MESSAGE_PARAMETER}={queued.uid}.1"
        sent = await adapters.get(shop.provider).send(shop, outgoing("hello", status_callback=callback))
        assert isinstance(sent, Accepted)
        await until(lambda: world.message(queued.id).status is Delivery.DELIVERED)
        letter = {
            "from": ANN,
            "to": SHOP,
            "body": "Grüße & thanks",
            "media": [{"content_type": "text/plain", "text": "x"}],
        }
        came = await sandbox.control("inbound", letter)
    assert came["receiver_status"] == 200
    assert [message.body for message in world.thread(1)] == ["hello", "Grüße & thanks"]
    assert len(world.thread(1)[1].media) == 1
    world.store.close()


async def test_nothing_secret_is_logged(desk: Desk, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG")
    request = inbound(1, Body="private words")
    await desk.post(request)
    await desk.client.post("/webhooks/2/inbound", content=request.body, headers=dict(request.headers))
    ours = [record.getMessage() for record in caplog.records if not record.name.startswith(("httpx", "httpcore"))]
    assert any("refused" in line for line in ours)
    for line in ours:
        assert "private" not in line
        assert resolve("") not in line
        assert request.headers["x-twilio-signature"] not in line


async def test_a_request_under_way_does_not_hold_up_the_end(tmp_path: Path) -> None:
    world = World(tmp_path)
    async with desk_of(world, Adapters(resolve)) as desk:
        _, writer = await asyncio.open_connection("127.0.0.1", desk.port)
        writer.write(f"POST /webhooks/1/inbound HTTP/1.1\r\nHost: x\r\nContent-Type: {FORM}\r\n".encode())
        writer.write(b"Content-Length: 50\r\n\r\nBody=")
        await writer.drain()
    writer.close()
    world.store.close()


async def test_an_address_that_cannot_be_taken_is_said_in_a_sentence(desk: Desk) -> None:
    app = create_app(desk.world.store, Adapters(resolve), public_url=PUBLIC_URL, clock=desk.world.clock)
    for host, port in (("127.0.0.1", desk.port), ("192.0.2.1", 0), ("nobody.invalid", 0), ("127.0.0.1", 70_000)):
        with pytest.raises(CantListen) as caught:
            await serve(app, host, port)
        assert caught.value.sentence.endswith(".")


async def test_an_address_of_the_next_generation(desk: Desk) -> None:
    if not socket.has_ipv6:
        return
    app = create_app(desk.world.store, Adapters(resolve), public_url=PUBLIC_URL, clock=desk.world.clock)
    ready: asyncio.Future[str] = asyncio.get_running_loop().create_future()
    stop = asyncio.Event()
    serving = asyncio.create_task(serve(app, "::1", 0, ready=ready.set_result, stop=stop))
    assert (await ready).startswith("http://[::1]:")
    stop.set()
    await serving


async def test_a_body_is_what_its_pieces_are() -> None:
    pieces = [bytes([65 + place]) * size for place, size in enumerate((1, 40_000, 30_000, 70_000, 5, 0))]
    messages: list[Message] = [{"type": "http.request", "body": piece, "more_body": True} for piece in pieces]
    coming = iter([*messages, {"type": "http.request", "body": b"end"}])

    async def receive() -> Message:
        return next(coming)

    bodies = Bodies()
    async with bodies.read(receive, {}, 200_000) as body:
        assert body == b"".join(pieces) + b"end"
        assert bodies.used == len(body)
    assert bodies.used == 0


async def test_a_slow_body_is_cut_off() -> None:
    async def never() -> Message:
        await asyncio.Event().wait()
        return {}

    request = Request({"type": "http", "method": "POST", "path": "/", "headers": []}, never)
    with pytest.raises(HTTPException) as caught:
        async with Bodies(time=0.05).read(request.receive, request.headers, 10):
            pass
    assert caught.value.status_code == 408


async def test_what_goes_wrong_on_being_ready_is_raised_and_lets_go_of_the_port(desk: Desk) -> None:
    app = create_app(desk.world.store, Adapters(resolve), public_url=PUBLIC_URL, clock=desk.world.clock)
    taken: list[str] = []

    def fails(url: str) -> None:
        taken.append(url)
        raise LookupError("no")

    with pytest.raises(LookupError):
        await serve(app, "127.0.0.1", 0, ready=fails)
    port = int(taken[0].rpartition(":")[2])
    with pytest.raises(ConnectionRefusedError):
        await asyncio.open_connection("127.0.0.1", port)
