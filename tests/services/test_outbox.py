"""The outbox against the sandbox over HTTP: each message once, whatever happens on the way."""

import asyncio
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from contacts_tui.channels.registry import Adapters
from contacts_tui.domain.channel import Channel
from contacts_tui.domain.clock import utc_now
from contacts_tui.domain.delivery import Delivery
from contacts_tui.domain.message import Attempt, AttemptOutcome, Message
from contacts_tui.services import messaging, outbox
from contacts_tui.services.outbox import Outbox
from contacts_tui.store import outbox as work
from tests.sandbox.conftest import empty as empty
from tests.sandbox.driver import ACCOUNT, TOKEN, Driver
from tests.services.world import START, World

SHOP = "+12025550101"
BEN = "+12025550143"


@pytest.fixture
async def sandbox(empty: Driver, monkeypatch: pytest.MonkeyPatch) -> Driver:
    """A sandbox that knows our two senders."""
    monkeypatch.setenv("TWILIO_TOKEN", TOKEN)
    sender = {"account_sid": ACCOUNT, "inbound_url": None}
    seed = {
        "accounts": [{"sid": ACCOUNT, "auth_token": TOKEN}],
        "senders": [sender | {"address": SHOP}, sender | {"address": f"whatsapp:{SHOP}"}],
        "settings": {"delays": {"sent": 0.01, "delivered": 0.02, "read": 0.02}, "small_talk": False},
    }
    await empty.control("seed", seed)
    return empty


@pytest.fixture
async def live(tmp_path: Path, sandbox: Driver) -> AsyncIterator[World]:
    """A store by the true clock whose inboxes point to the sandbox."""
    made = World(tmp_path, utc_now, sandbox.base_url)
    yield made
    made.store.close()


@pytest.fixture
async def start(live: World) -> AsyncIterator[Callable[[], None]]:
    """Starts an outbox; all are stopped at the end."""
    adapters, stop = Adapters(), asyncio.Event()
    started: list[asyncio.Task[None]] = []
    yield lambda: started.append(asyncio.create_task(Outbox(live.store, adapters).run(stop)))
    stop.set()
    await asyncio.gather(*started)
    await adapters.aclose()


async def becomes(world: World, message: Message, *statuses: Delivery, seconds: float = 15) -> Message:
    """Waits until the message has one of these statuses."""
    async with asyncio.timeout(seconds):
        while (found := world.message(message.id)).status not in statuses:
            await asyncio.sleep(0.02)
    return found


async def record_of(sandbox: Driver, body: str) -> list[dict[str, object]]:
    """What the sandbox took with this text."""
    return [entry for entry in (await sandbox.look("messages"))["messages"] if entry["body"] == body]


def attempts(world: World, message: Message) -> tuple[Attempt, ...]:
    return world.store.call_read(lambda session, _: work.attempts(session, message.id))


async def test_a_stored_message_is_sent_once(live: World, sandbox: Driver, start: Callable[[], None]) -> None:
    start()
    message = live.send(live.person(), live.shop, "Your parcel left")
    sent = await becomes(live, message, Delivery.SENT)
    taken = await record_of(sandbox, "Your parcel left")
    assert [entry["sid"] for entry in taken] == [sent.provider_id]
    assert not live.store.call_read(outbox.is_waiting, message.id)


async def test_two_outboxes_never_take_the_same_message(
    live: World, sandbox: Driver, start: Callable[[], None]
) -> None:
    ann = live.person()
    messages = [live.send(ann, live.shop, f"number {n}") for n in range(12)]
    start()
    start()
    for message in messages:
        await becomes(live, message, Delivery.SENT)
    bodies = [entry["body"] for entry in (await sandbox.look("messages"))["messages"]]
    assert bodies == [f"number {n}" for n in range(12)]


async def test_a_refusal_is_told_and_not_repeated(live: World, sandbox: Driver, start: Callable[[], None]) -> None:
    start()
    contact = live.person("Landline", "+15005550009")
    message = live.send(contact, live.shop, "hello")
    failed = await becomes(live, message, Delivery.FAILED)
    assert failed.error_code == "21614"
    assert [a.outcome for a in attempts(live, message)] == [AttemptOutcome.REFUSED]
    assert live.identity(contact, Channel.SMS).refusal_code == "21614"


async def test_a_rate_limit_is_waited_out(live: World, sandbox: Driver, start: Callable[[], None]) -> None:
    await sandbox.control("faults", {"when": "send", "kind": "rate_limit", "seconds": 1})
    start()
    message = live.send(live.person(), live.shop, "patience")
    await becomes(live, message, Delivery.SENT)
    assert [a.outcome for a in attempts(live, message)] == [AttemptOutcome.NOT_SENT, AttemptOutcome.ACCEPTED]
    assert len(await record_of(sandbox, "patience")) == 1


@pytest.mark.parametrize("kind", ["drop_after", "http_500_after"])
async def test_an_answer_that_got_lost_is_settled_by_the_provider_s_list(
    live: World, sandbox: Driver, start: Callable[[], None], kind: str
) -> None:
    await sandbox.control("faults", {"when": "send", "kind": kind})
    start()
    message = live.send(live.person(), live.shop, "did you get this?")
    await becomes(live, message, Delivery.UNKNOWN)
    settled = await becomes(live, message, Delivery.SENT, Delivery.DELIVERED)
    taken = await record_of(sandbox, "did you get this?")
    assert [entry["sid"] for entry in taken] == [settled.provider_id]


async def test_without_evidence_nothing_is_sent_again_until_the_agent_says_so(
    live: World, sandbox: Driver, start: Callable[[], None]
) -> None:
    await sandbox.control("faults", {"when": "send", "kind": "drop_before"})
    start()
    message = live.send(live.person(), live.shop, "hello?")
    await becomes(live, message, Delivery.UNKNOWN)
    async with asyncio.timeout(15):
        while (await sandbox.look("requests"))["requests"][-1]["method"] != "GET":
            await asyncio.sleep(0.05)
    assert live.message(message.id).status is Delivery.UNKNOWN
    assert await record_of(sandbox, "hello?") == []
    while live.store.call_read(lambda s, c: work.is_held(s, c, message.id)):
        await asyncio.sleep(0.02)
    live.store.call(messaging.retry, message.id)
    await becomes(live, message, Delivery.SENT)
    assert len(await record_of(sandbox, "hello?")) == 1


async def test_no_connection_is_tried_again(live: World, start: Callable[[], None], sandbox: Driver) -> None:
    dead = live.inbox("Dead", Channel.SMS, "+12025550109", base_url="http://127.0.0.1:9")
    start()
    message = live.send(live.person(), dead, "anyone there?")
    async with asyncio.timeout(15):
        while len(attempts(live, message)) < 2:
            await asyncio.sleep(0.05)
    assert attempts(live, message)[0].outcome is AttemptOutcome.NOT_SENT
    assert live.message(message.id).status in (Delivery.QUEUED, Delivery.SENDING)


async def test_a_dead_outbox_s_message_is_not_sent_again(
    live: World, sandbox: Driver, start: Callable[[], None]
) -> None:
    message = live.send(live.person(), live.shop, "interrupted")
    owner = "an outbox that dies now"
    live.store.call(outbox.take, owner, 8)
    live.store.call(lambda session, _: work.renew(session, lambda: START, owner, outbox.LEASE))
    start()
    found = await becomes(live, message, Delivery.UNKNOWN)
    assert found.error_code == "interrupted"
    assert attempts(live, message)[-1].outcome is AttemptOutcome.UNKNOWN
    assert await record_of(sandbox, "interrupted") == []


async def test_an_unreadable_credential_is_the_inbox_s_trouble(
    live: World, start: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("TWILIO_TOKEN")
    start()
    message = live.send(live.person(), live.shop, "hello")
    failed = await becomes(live, message, Delivery.FAILED)
    assert failed.error_code == "credentials"
