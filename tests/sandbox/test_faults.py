"""Faults happen where control asked for them."""

from __future__ import annotations

import asyncio

import httpx
import pytest

from contacts_sandbox import serve
from tests.patience import LIMIT
from tests.sandbox.driver import ACCOUNT, ANN, SHOP, TOKEN, Driver, eventually, until
from tests.sandbox.receiver import Receiver

GOOD = {"To": ANN, "From": SHOP, "Body": "hello"}


async def recorded(sandbox: Driver) -> int:
    """Return how many messages the sandbox has."""
    return len((await sandbox.look("messages"))["messages"])


async def raw_exchange(sandbox: Driver) -> bytes:
    """Send a message over a bare connection, and return every byte that came back before it was closed."""
    url = httpx.URL(sandbox.messages_url)
    reader, writer = await asyncio.open_connection(url.host, url.port)
    body = str(httpx.QueryParams(GOOD))
    auth = httpx.BasicAuth(ACCOUNT, TOKEN)
    signed = next(auth.auth_flow(httpx.Request("POST", url)))
    head = (
        f"POST {url.path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"
        f"Authorization: {signed.headers['Authorization']}\r\n"
        f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    writer.write((head + body).encode())
    try:
        return await asyncio.wait_for(reader.read(), LIMIT)
    except ConnectionResetError:
        return b""
    finally:
        writer.close()


@pytest.mark.parametrize(("kind", "kept"), [("drop_before", 0), ("drop_after", 1)])
async def test_a_dropped_connection_carries_no_byte(sandbox: Driver, kind: str, kept: int) -> None:
    await sandbox.control("faults", {"when": "send", "kind": kind})
    assert await raw_exchange(sandbox) == b""
    assert await recorded(sandbox) == kept
    assert (await raw_exchange(sandbox)).startswith(b"HTTP/1.1 201")


@pytest.mark.parametrize("kind", ["drop_before", "drop_after"])
async def test_a_client_sees_a_dropped_connection_as_a_transport_error(sandbox: Driver, kind: str) -> None:
    await sandbox.control("faults", {"when": "send", "kind": kind})
    with pytest.raises((httpx.RemoteProtocolError, httpx.ReadError)):
        await sandbox.send(**GOOD)


async def test_a_hanging_request_is_recorded_and_never_answered(sandbox: Driver) -> None:
    await sandbox.control("faults", {"when": "send", "kind": "hang"})
    with pytest.raises(httpx.ReadTimeout):
        await sandbox.client.post(sandbox.messages_url, data=GOOD, auth=(ACCOUNT, TOKEN), timeout=0.3)
    (message,) = (await sandbox.look("messages"))["messages"]
    await sandbox.ends(message["sid"], "delivered")
    last = (await sandbox.look("requests"))["requests"][-1]
    assert (last["method"], last["answer"]) == ("POST", None)


async def test_a_hanging_request_holds_nothing_up_at_the_end(caplog: pytest.LogCaptureFixture) -> None:
    ready: asyncio.Future[str] = asyncio.get_running_loop().create_future()
    stop = asyncio.Event()
    serving = asyncio.ensure_future(serve("127.0.0.1", 0, ready=ready.set_result, stop=stop))
    async with httpx.AsyncClient(timeout=60, trust_env=False) as client:
        driver = Driver(await ready, client)
        await driver.control("accounts", {"sid": ACCOUNT, "auth_token": TOKEN})
        await driver.control("faults", {"when": "content", "kind": "hang"})
        asking = asyncio.ensure_future(driver.get("/v1/Content"))

        async def arrived() -> bool:
            return bool((await driver.look("requests"))["requests"])

        await eventually(arrived)
        stop.set()
        await asyncio.wait_for(serving, LIMIT)
        with pytest.raises(httpx.TransportError):
            await asking
    assert not [record for record in caplog.records if record.levelname == "ERROR"]


@pytest.mark.parametrize(
    ("kind", "status", "code", "kept"),
    [("http_500", 500, 20500, 0), ("http_500_after", 500, 20500, 1), ("rate_limit", 429, 20429, 0)],
)
async def test_faults_that_answer(sandbox: Driver, kind: str, status: int, code: int, kept: int) -> None:
    await sandbox.control("faults", {"when": "send", "kind": kind, "seconds": 7})
    answer = await sandbox.send(**GOOD)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert answer.headers.get("Retry-After") == ("7" if kind == "rate_limit" else None)
    assert await recorded(sandbox) == kept
    assert (await sandbox.send(**GOOD)).status_code == 201


async def test_a_delayed_answer_comes_after_the_record(sandbox: Driver) -> None:
    await sandbox.control("faults", {"when": "send", "kind": "delay", "seconds": 0.3})
    sending = asyncio.ensure_future(sandbox.send(**GOOD))

    async def is_recorded() -> bool:
        return await recorded(sandbox) == 1

    await eventually(is_recorded)
    assert not sending.done()
    assert (await sending).status_code == 201


async def test_content_faults_leave_sending_alone(sandbox: Driver) -> None:
    await sandbox.control("faults", {"when": "content", "kind": "http_500"})
    await sandbox.sent()
    assert (await sandbox.get("/v1/ContentAndApprovals")).status_code == 500
    assert (await sandbox.get("/v1/ContentAndApprovals")).status_code == 200


async def test_a_fault_strikes_who_matches_as_often_as_it_says(sandbox: Driver) -> None:
    fault = {"when": "send", "kind": "http_500", "count": 2, "match": {"to": ANN}}
    await sandbox.control("faults", fault)
    other = GOOD | {"To": "+15552229999"}
    answers = [(await sandbox.send(**form)).status_code for form in (other, GOOD, other, GOOD, GOOD)]
    assert answers == [201, 500, 201, 500, 201]


async def test_an_endless_fault_is_cleared(sandbox: Driver) -> None:
    await sandbox.control("faults", {"when": "send", "kind": "http_500", "count": None})
    assert [(await sandbox.send(**GOOD)).status_code for _ in range(3)] == [500] * 3
    match = {"to": None, "from": None}
    fault = {"id": 1, "when": "send", "kind": "http_500", "count": None, "seconds": 0.0, "skip": 0, "match": match}
    assert (await sandbox.look("faults"))["faults"] == [fault]
    await sandbox.control("faults", method="DELETE")
    assert (await sandbox.send(**GOOD)).status_code == 201


async def test_a_refused_message_does_not_use_up_a_fault_that_needs_a_record(sandbox: Driver) -> None:
    await sandbox.control("faults", {"when": "send", "kind": "http_500_after"})
    assert await sandbox.refused(To=ANN, From=SHOP) == 21602
    assert (await sandbox.send(**GOOD)).status_code == 500


async def test_a_lost_callback_is_recorded_but_never_comes(sandbox: Driver, receiver: Receiver) -> None:
    await sandbox.control("faults", {"when": "callback", "kind": "lose"})
    made = await sandbox.sent(StatusCallback=receiver.base_url)
    await until(lambda: receiver.statuses() == ["delivered"])
    assert (await sandbox.record(made["sid"]))["posts"][0]["error"] == "lost on purpose"


async def test_a_doubled_callback_comes_twice(sandbox: Driver, receiver: Receiver) -> None:
    await sandbox.control("faults", {"when": "callback", "kind": "double"})
    await sandbox.sent(StatusCallback=receiver.base_url)
    await until(lambda: receiver.statuses() == ["sent", "sent", "delivered"])
    assert receiver.hooks[0].form == receiver.hooks[1].form


async def test_shuffled_callbacks_change_places(sandbox: Driver, receiver: Receiver) -> None:
    await sandbox.control("faults", {"when": "callback", "kind": "shuffle", "count": None, "seconds": 30})
    await sandbox.sent(StatusCallback=receiver.base_url)
    await until(lambda: receiver.statuses() == ["delivered", "sent"])


async def test_a_held_callback_goes_on_when_none_follows(sandbox: Driver, receiver: Receiver) -> None:
    await sandbox.control("settings", {"delays": {"delivered": 60}})
    await sandbox.control("faults", {"when": "callback", "kind": "shuffle", "seconds": 0.1})
    await sandbox.sent(StatusCallback=receiver.base_url)
    await until(lambda: receiver.statuses() == ["sent"])


async def test_a_delayed_callback_is_overtaken(sandbox: Driver, receiver: Receiver) -> None:
    await sandbox.control("faults", {"when": "callback", "kind": "delay", "seconds": 0.5})
    await sandbox.sent(StatusCallback=receiver.base_url)
    await until(lambda: receiver.statuses() == ["delivered", "sent"])


async def test_inbound_webhooks_are_doubled_lost_and_shuffled(sandbox: Driver, receiver: Receiver) -> None:
    letter = {"from": ANN, "to": SHOP, "body": "one"}
    await sandbox.control("faults", {"when": "inbound", "kind": "double", "match": {"from": ANN}})
    await sandbox.control("inbound", letter)
    assert [hook.form["Body"] for hook in receiver.hooks] == ["one", "one"]
    await sandbox.control("faults", {"when": "inbound", "kind": "lose"})
    answer = await sandbox.control("inbound", letter)
    assert (answer["receiver_status"], answer["error"]) == (None, "lost on purpose")
    await sandbox.control("faults", {"when": "inbound", "kind": "shuffle", "seconds": 30})
    held = asyncio.ensure_future(sandbox.control("inbound", letter | {"body": "held"}))

    async def struck() -> bool:
        return not (await sandbox.look("faults"))["faults"]

    await eventually(struck)
    await sandbox.control("inbound", letter | {"body": "passes"})
    await held
    assert [hook.form["Body"] for hook in receiver.hooks[2:]] == ["passes", "held"]
