"""Faults between the claim and the first byte of a request: nothing was sent, and the agent is told so."""

import asyncio
import threading
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from contacts_tui.channels import connectors, registry
from contacts_tui.channels.registry import Adapters
from contacts_tui.channels.twilio.connectors import SMS
from contacts_tui.domain.channel import Provider
from contacts_tui.domain.delivery import Delivery
from contacts_tui.domain.message import AttemptOutcome, Message
from contacts_tui.services.workers import outbox, withholding
from contacts_tui.services.workers.dispatch import Gate, Job, dispatch
from contacts_tui.services.workers.outbox import Outbox
from tests.other_program import execute
from tests.sandbox.conftest import empty as empty
from tests.sandbox.driver import Driver
from tests.services.outbox_world import attempts, becomes, record_of
from tests.services.outbox_world import live as live
from tests.services.outbox_world import sandbox as sandbox
from tests.services.world import World

TEXT = "Your parcel left"


@pytest.fixture
async def adapters() -> AsyncIterator[Adapters]:
    """Yield the adapters without changes."""
    made = Adapters()
    yield made
    await made.aclose()


def claimed(world: World) -> tuple[Message, Job]:
    """Return a message that this outbox is about to send, and its job."""
    message = world.send(world.person(), world.shop, TEXT)
    (job,) = world.store.call(outbox.take, "tests", 8)
    return message, job


async def handed_on(world: World, job: Job, adapters: Adapters) -> None:
    """Dispatch the job, and record the outcome."""
    outcome = await dispatch(adapters, job, Gate(world.store, "tests", withholding.held_back))
    world.store.call(outbox.record, [outcome])


async def is_proven(world: World, message: Message, sandbox: Driver, code: str) -> None:
    """Assert that the message was not sent, waits with this code for another try, and is then sent once."""
    stored = world.message(message.id)
    assert (stored.status, stored.error_code) == (Delivery.QUEUED, code)
    assert [a.outcome for a in attempts(world, message)] == [AttemptOutcome.NOT_SENT]
    assert await record_of(sandbox, TEXT) == []
    assert "nothing was sent" in registry.explain(Provider.TWILIO, code).happened
    adapters, stop = Adapters(), asyncio.Event()
    working = asyncio.create_task(Outbox(world.store, adapters).run(stop))
    await becomes(world, message, Delivery.SENT, Delivery.DELIVERED)
    stop.set()
    await working
    await adapters.aclose()
    assert len(await record_of(sandbox, TEXT)) == 1


async def test_a_store_that_can_not_be_asked(live: World, sandbox: Driver, adapters: Adapters) -> None:
    message, job = claimed(live)
    execute(live.location, "ALTER TABLE pace RENAME TO pace_away")
    execute(live.location, "ALTER TABLE identity RENAME TO identity_away")
    outcome = await dispatch(adapters, job, Gate(live.store, "tests", withholding.held_back))
    execute(live.location, "ALTER TABLE identity_away RENAME TO identity")
    execute(live.location, "ALTER TABLE pace_away RENAME TO pace")
    live.store.call(outbox.record, [outcome])
    await is_proven(live, message, sandbox, "store")


async def test_a_credential_whose_keeper_breaks(live: World, sandbox: Driver) -> None:
    message, job = claimed(live)

    def breaks(reference: str) -> str:
        raise RuntimeError("the key ring's daemon is gone")

    broken = Adapters(breaks)
    await handed_on(live, job, broken)
    await broken.aclose()
    await is_proven(live, message, sandbox, "not_begun")


@pytest.mark.parametrize(
    "secret", ["env:NOT_THERE", "file:~nobody-of-that-name/token", "file:/proc/self/mem", "file:/"]
)
async def test_a_credential_that_can_not_be_read_fails_with_a_sentence(
    live: World, sandbox: Driver, adapters: Adapters, secret: str
) -> None:
    execute(live.location, "UPDATE inbox SET secret = ?", secret)
    message, job = claimed(live)
    await handed_on(live, job, adapters)
    stored = live.message(message.id)
    assert (stored.status, stored.error_code) == (Delivery.FAILED, "credentials")
    assert [a.outcome for a in attempts(live, message)] == [AttemptOutcome.REFUSED]
    assert await record_of(sandbox, TEXT) == []


async def test_a_key_ring_that_breaks_fails_with_a_sentence(
    live: World, sandbox: Driver, adapters: Adapters, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "broken_ring.py").write_text(
        "from keyring.backend import KeyringBackend\n"
        "class Ring(KeyringBackend):\n"
        "    priority = 9\n"
        "    def get_password(self, service, username):\n"
        "        raise OSError('no bus')\n"
        "    def set_password(self, service, username, password): pass\n"
        "    def delete_password(self, service, username): pass\n"
    )
    import keyring

    monkeypatch.syspath_prepend(str(tmp_path))
    before = keyring.get_keyring()
    keyring.set_keyring(__import__("broken_ring").Ring())
    try:
        execute(live.location, "UPDATE inbox SET secret = 'keyring:shop'")
        message, job = claimed(live)
        await handed_on(live, job, adapters)
    finally:
        keyring.set_keyring(before)
    assert live.message(message.id).error_code == "credentials"
    assert await record_of(sandbox, TEXT) == []


async def test_an_adapter_that_can_not_be_made(live: World, sandbox: Driver, adapters: Adapters) -> None:
    message, job = claimed(live)
    with connectors.added(replace(SMS, adapter="contacts_tui.channels.not_installed:Adapter")):
        outcome = await dispatch(adapters, job, Gate(live.store, "tests", withholding.held_back))
    live.store.call(outbox.record, [outcome])
    await is_proven(live, message, sandbox, "not_begun")


async def test_a_program_that_ends_before_the_request_leaves(live: World, sandbox: Driver) -> None:
    asked, answer = threading.Event(), threading.Event()

    def slow(reference: str) -> str:
        asked.set()
        answer.wait(30)
        return "too late"

    execute(live.location, "UPDATE inbox SET secret = 'keyring:shop'")
    message = live.send(live.person(), live.shop, TEXT)
    adapters, stop = Adapters(slow), asyncio.Event()
    working = asyncio.create_task(Outbox(live.store, adapters).run(stop))
    await asyncio.to_thread(asked.wait, 30)
    assert live.message(message.id).status is Delivery.SENDING
    stop.set()
    await working
    answer.set()
    await adapters.aclose()
    execute(live.location, "UPDATE inbox SET secret = 'env:TWILIO_TOKEN'")
    await is_proven(live, message, sandbox, "not_begun")


async def test_a_message_that_can_not_be_put_together_holds_up_no_other(live: World, sandbox: Driver) -> None:
    odd = live.send(live.person(), live.shop, "odd")
    good = live.send(live.person("Ben", "+12025550143"), live.shop, TEXT)
    # Its address is on another channel than its inbox, so that it can't be sent.
    execute(
        live.location,
        "UPDATE identity SET channel = 'telegram', scope = 99 WHERE channel = 'sms' AND address LIKE '%142'",
    )
    adapters, stop = Adapters(), asyncio.Event()
    working = asyncio.create_task(Outbox(live.store, adapters).run(stop))
    await becomes(live, good, Delivery.SENT, Delivery.DELIVERED)
    await becomes(live, odd, Delivery.QUEUED)
    stop.set()
    await working
    await adapters.aclose()
    assert live.message(odd.id).error_code == "not_begun"
    assert await record_of(sandbox, "odd") == []


OVERTAKEN = {
    "the lease ran out": "UPDATE outbox SET lease_until = 1",
    "another outbox has it": "UPDATE outbox SET lease_owner = 'another'",
    "nothing is to be done": "DELETE FROM outbox",
    "still checking": "UPDATE outbox SET task = 'settle'",
    "it is unknown": "UPDATE message SET status = 'unknown'",
    "a report came": "UPDATE message SET status = 'delivered'",
    "there is another attempt": (
        "INSERT INTO attempt (message_id, number, started_at, outcome, code, detail, provider_id) "
        "SELECT message_id, 2, started_at, 'sending', '', '', '' FROM attempt"
    ),
}


@pytest.mark.parametrize("statement", OVERTAKEN.values(), ids=OVERTAKEN)
async def test_a_message_that_is_not_ours_any_more(
    live: World, sandbox: Driver, adapters: Adapters, statement: str
) -> None:
    message, job = claimed(live)
    execute(live.location, statement)
    await handed_on(live, job, adapters)
    assert await record_of(sandbox, TEXT) == []
    assert attempts(live, message)[0].outcome is AttemptOutcome.NOT_SENT
    if "delivered" in statement or "INSERT" in statement:
        # Another process has recorded an outcome, or tries again: what it stored stays.
        assert live.message(message.id).status in (Delivery.DELIVERED, Delivery.SENDING)
    else:
        assert live.message(message.id).status is Delivery.QUEUED


async def test_those_that_leave_together_are_asked_about_together(live: World, sandbox: Driver) -> None:
    people = [live.person(f"Person {n}", f"+1202555{n:04}") for n in range(8)]
    for person in people:
        live.send(person, live.shop, TEXT)
    jobs = live.store.call(outbox.take, "tests", 8)
    asked: list[int] = []

    def counting(*args: object) -> dict[int, object]:
        asked.append(len(args[3]))  # type: ignore[arg-type]  # the jobs
        return withholding.held_back(*args)  # type: ignore[arg-type, return-value]  # passed on as they come

    gate = Gate(live.store, "tests", counting)  # type: ignore[arg-type]  # passed on as they come
    adapters = Adapters()
    await asyncio.gather(*(dispatch(adapters, job, gate) for job in jobs))
    await adapters.aclose()
    assert len(await record_of(sandbox, TEXT)) == sum(asked) == 8
    assert len(asked) < 8
