"""kill -9 at each step of a message's way: nothing is lost, nothing is sent twice, and what is unknown is called so."""

import asyncio
import socket
import sys
from collections.abc import AsyncIterator
from signal import SIGKILL

import httpx
import pytest
from twilio.request_validator import RequestValidator

from contacts_tui import receiver
from contacts_tui.channels.registry import Adapters
from contacts_tui.domain.channel import Channel
from contacts_tui.domain.clock import utc_now
from contacts_tui.domain.delivery import Delivery
from contacts_tui.domain.message import Direction
from contacts_tui.services import inboxes, messaging
from contacts_tui.services.workers.outbox import Outbox
from contacts_tui.store.store import Store
from tests.sandbox.conftest import empty as empty
from tests.sandbox.driver import ACCOUNT, TOKEN, Driver
from tests.services.world import ANN, World

SHOP = "+12025550101"
TEXT = "Your parcel left this morning"
DEADLINE = 60
"""Seconds for a whole recovery: a lease runs out, and the outcome is reconciled."""


pytestmark = pytest.mark.engine("sqlite")


class Stage:
    """A store and a sandbox that calls back to a port where a receiver may or may not be."""

    def __init__(self, world: World, sandbox: Driver, port: int) -> None:
        self.world, self.sandbox, self.port = world, sandbox, port
        self.ann = world.person()

    async def dies(self, role: str, step: str, *rest: str) -> None:
        """Run a `crash_worker` until it has killed itself."""
        process = await self.starts(role, step, *rest)
        async with asyncio.timeout(DEADLINE):
            assert await process.wait() == -SIGKILL

    async def starts(self, role: str, step: str, *rest: str) -> asyncio.subprocess.Process:
        """Start a `crash_worker`, which kills itself at the step; for `never` the caller ends it."""
        command = (sys.executable, "-m", "tests.e2e.crash_worker", role, step, self.world.location, *rest)
        return await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.PIPE)

    async def taken(self) -> list[str]:
        """Return the texts that the provider has."""
        return [entry["body"] for entry in (await self.sandbox.look("messages"))["messages"]]

    def status(self) -> Delivery | None:
        """Return the status of the last message to Ann."""
        return self.world.thread(self.ann)[-1].status

    async def goes_on(self, *until: Delivery) -> None:
        """Run a receiver and an outbox on the same store, until the last message has one of these statuses."""
        store, adapters, stop = Store.open(self.world.location), Adapters(), asyncio.Event()
        url = f"http://127.0.0.1:{self.port}"
        app = receiver.create_app(store, adapters, public_url=url, clock=utc_now)
        running = [
            asyncio.create_task(receiver.serve(app, "127.0.0.1", self.port, ready=None, stop=stop)),
            asyncio.create_task(Outbox(store, adapters).run(stop)),
        ]
        try:
            async with asyncio.timeout(DEADLINE):
                while self.status() not in until:
                    await asyncio.sleep(0.05)
        finally:
            stop.set()
            await asyncio.gather(*running)
            await adapters.aclose()
            store.close()


@pytest.fixture
async def stage(location: str, empty: Driver, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Stage]:
    """Yield a shop with an SMS number, and with Ann, to whom messages may be sent."""
    monkeypatch.setenv("TWILIO_TOKEN", TOKEN)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    world = World(location, utc_now, empty.base_url)
    sender = {"account_sid": ACCOUNT, "address": SHOP}
    seed = {
        "accounts": [{"sid": ACCOUNT, "auth_token": TOKEN}],
        "senders": [sender | {"inbound_url": f"http://127.0.0.1:{port}/webhooks/{world.shop.id}/inbound"}],
        "settings": {"delays": {"sent": 0.05, "delivered": 0.05, "read": 0.05}, "small_talk": False},
    }
    await empty.control("seed", seed)
    world.store.call(inboxes.set_public_url, f"http://127.0.0.1:{port}")
    yield Stage(world, empty, port)
    world.store.close()


def queue(stage: Stage) -> None:
    """Store a message to Ann while no outbox runs yet."""
    stage.world.send(stage.ann, stage.world.shop, TEXT)


@pytest.mark.parametrize("when", ["before", "during"])
async def test_killed_before_the_send_is_committed_the_draft_is_still_there(stage: Stage, when: str) -> None:
    world, identity = stage.world, stage.world.identity(stage.ann, Channel.SMS)
    world.store.call(messaging.save_draft, identity.id, world.shop.id, TEXT)
    await stage.dies("sender", f"{when} send", str(identity.id), str(world.shop.id), TEXT)
    assert world.thread(stage.ann) == ()
    assert world.store.call_read(messaging.draft, identity.id, world.shop.id) == TEXT


async def test_killed_after_the_send_is_committed_it_is_delivered_once(stage: Stage) -> None:
    identity = stage.world.identity(stage.ann, Channel.SMS)
    await stage.dies("sender", "after send", str(identity.id), str(stage.world.shop.id), TEXT)
    assert stage.status() is Delivery.QUEUED
    await stage.goes_on(Delivery.DELIVERED)
    assert await stage.taken() == [TEXT]


@pytest.mark.engine("postgresql")
async def test_killed_in_the_middle_of_each_transaction_a_server_keeps_nothing_of_it(stage: Stage) -> None:
    world, identity = stage.world, stage.world.identity(stage.ann, Channel.SMS)
    world.store.call(messaging.save_draft, identity.id, world.shop.id, TEXT)
    await stage.dies("sender", "during send", str(identity.id), str(world.shop.id), TEXT)
    assert world.thread(stage.ann) == ()
    assert world.store.call_read(messaging.draft, identity.id, world.shop.id) == TEXT
    queue(stage)
    await stage.dies("outbox", "during take")
    assert stage.status() is Delivery.QUEUED
    await stage.dies("outbox", "during record_and_take")
    assert stage.status() is Delivery.SENDING
    await stage.goes_on(Delivery.SENT, Delivery.DELIVERED)
    assert await stage.taken() == [TEXT]
    await a_receiver_dies(stage, "during", [])


@pytest.mark.parametrize("when", ["before", "during"])
async def test_killed_before_the_claim_is_committed_it_is_delivered_once(stage: Stage, when: str) -> None:
    queue(stage)
    await stage.dies("outbox", f"{when} take")
    assert stage.status() is Delivery.QUEUED
    await stage.goes_on(Delivery.DELIVERED)
    assert await stage.taken() == [TEXT]


async def test_killed_between_claim_and_request_it_is_unknown_and_not_sent_on_a_guess(stage: Stage) -> None:
    queue(stage)
    await stage.dies("outbox", "after take")
    assert stage.status() is Delivery.SENDING
    await stage.goes_on(Delivery.UNKNOWN)
    assert await stage.taken() == []
    stage.world.store.call(messaging.retry, stage.world.thread(stage.ann)[-1].id, may_double=True)
    await stage.goes_on(Delivery.DELIVERED)
    assert await stage.taken() == [TEXT]


async def test_killed_while_the_provider_takes_it_it_is_found_there_and_not_sent_again(stage: Stage) -> None:
    await stage.sandbox.control("faults", {"when": "send", "kind": "hang"})
    queue(stage)
    process = await stage.starts("outbox", "never")
    async with asyncio.timeout(DEADLINE):
        while not await stage.taken():
            await asyncio.sleep(0.02)
    process.kill()
    await process.wait()
    await stage.goes_on(Delivery.SENT, Delivery.DELIVERED)
    assert await stage.taken() == [TEXT]


@pytest.mark.parametrize("when", ["before", "during"])
async def test_killed_before_the_answer_is_committed_it_is_found_there_and_not_sent_again(
    stage: Stage, when: str
) -> None:
    queue(stage)
    await stage.dies("outbox", f"{when} record_and_take")
    assert stage.status() is Delivery.SENDING
    await stage.goes_on(Delivery.SENT, Delivery.DELIVERED)
    assert await stage.taken() == [TEXT]


async def test_killed_after_the_answer_is_committed_it_stays_sent(stage: Stage) -> None:
    queue(stage)
    await stage.dies("outbox", "after record_and_take")
    await stage.goes_on(Delivery.SENT, Delivery.DELIVERED)
    assert await stage.taken() == [TEXT]


@pytest.mark.parametrize(("when", "stored"), [("before", []), ("during", []), ("after", ["Is it there?"])])
async def test_a_receiver_killed_at_a_webhook_stores_it_whole_or_not_and_a_repeat_stores_it_once(
    stage: Stage, when: str, stored: list[str]
) -> None:
    await a_receiver_dies(stage, when, stored)


async def a_receiver_dies(stage: Stage, when: str, stored: list[str]) -> None:
    """Crash a receiver around its commit of Ann's message; assert what is `stored` then, and after a repeat."""
    process = await stage.starts("receiver", f"{when} apply", str(stage.port))
    assert process.stdout is not None
    await process.stdout.readline()
    with pytest.raises(httpx.TransportError):
        await ann_writes(stage, "Is it there?")
    assert await process.wait() == -SIGKILL
    assert heard(stage) == stored
    again = await stage.starts("receiver", "never", str(stage.port))
    assert again.stdout is not None
    await again.stdout.readline()
    await ann_writes(stage, "Is it there?")
    again.kill()
    await again.wait()
    assert heard(stage) == ["Is it there?"]


def heard(stage: Stage) -> list[str]:
    """Return the stored texts that Ann wrote."""
    return [message.body for message in stage.world.thread(stage.ann) if message.direction is Direction.IN]


async def ann_writes(stage: Stage, body: str) -> None:
    """Post Ann's message as Twilio would, the same one each time."""
    url = f"http://127.0.0.1:{stage.port}/webhooks/{stage.world.shop.id}/inbound"
    form = {"MessageSid": "SM" + "7" * 32, "From": ANN, "To": SHOP, "Body": body, "NumMedia": "0"}
    signature = RequestValidator(TOKEN).compute_signature(url, form)
    async with httpx.AsyncClient(trust_env=False) as client:
        answer = await client.post(url, data=form, headers={"X-Twilio-Signature": signature})
    assert answer.status_code == 200
