"""Messages with an unknown outcome: what the provider's list proves, and what waits for an agent."""

import asyncio
from collections.abc import Callable

import pytest

from contacts_tui.channels.base import OutcomeUnknown
from contacts_tui.domain.channel import Channel
from contacts_tui.domain.delivery import Delivery
from contacts_tui.domain.message import AttemptOutcome
from contacts_tui.services import delivery, messaging
from contacts_tui.services.errors import BadInput
from contacts_tui.services.workers import outbox
from contacts_tui.store import outbox as work
from tests.channels.wire import http, wire
from tests.patience import LIMIT
from tests.sandbox.conftest import empty as empty
from tests.sandbox.driver import Driver
from tests.services.outbox_world import BEN, attempts, becomes, record_of
from tests.services.outbox_world import live as live
from tests.services.outbox_world import sandbox as sandbox
from tests.services.outbox_world import start as start
from tests.services.world import START, World


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


async def test_the_same_words_that_are_another_message_in_the_provider_s_list_prove_nothing(
    live: World, sandbox: Driver, start: Callable[[], None]
) -> None:
    start()
    ann = live.person()
    first = await becomes(live, live.send(ann, live.shop, "Thanks!"), Delivery.SENT)
    await sandbox.control("faults", {"when": "send", "kind": "drop_before"})
    second = await becomes(live, live.send(ann, live.shop, "Thanks!"), Delivery.UNKNOWN)
    async with asyncio.timeout(LIMIT):
        while live.store.call_read(lambda session, _: work.tries(session, second.id)) < 1:
            await asyncio.sleep(0.05)
    assert live.message(second.id).status is Delivery.UNKNOWN
    assert [entry["sid"] for entry in await record_of(sandbox, "Thanks!")] == [first.provider_id]


async def test_an_outcome_that_can_not_be_stored_holds_no_other_message(
    live: World, sandbox: Driver, start: Callable[[], None]
) -> None:
    # A provider that gives every message the same id.
    async with wire(http(201, '{"sid": "SM1", "status": "queued"}'), http(201, '{"sid": "SM1"}')) as odd:
        inbox = live.inbox("Odd", Channel.SMS, "+12025550108", base_url=odd.base_url)
        ann = live.person()
        first, second = (live.send(ann, inbox, text) for text in ("one", "two"))
        start()
        await becomes(live, first, Delivery.SENT)
        async with asyncio.timeout(LIMIT):
            while len(odd.seen) < 2:
                await asyncio.sleep(0.05)
        third = live.send(live.person("Ben", BEN), live.shop, "and so on")
        await becomes(live, third, Delivery.SENT)
        assert live.message(second.id).status is Delivery.SENDING


async def test_what_became_of_a_message_whose_outcome_can_not_be_stored_is_unknown_though_others_are_under_way(
    live: World, start: Callable[[], None]
) -> None:
    async with wire(*[http(201, '{"sid": "SM1", "status": "queued"}')] * 2) as odd, wire(b"", hangs=True) as slow:
        odd_inbox = live.inbox("Odd", Channel.SMS, "+12025550108", base_url=odd.base_url)
        ann = live.person()
        first, second = (live.send(ann, odd_inbox, text) for text in ("one", "two"))
        start()
        await becomes(live, first, Delivery.SENT)
        slow_inbox = live.inbox("Slow", Channel.SMS, "+12025550109", base_url=slow.base_url)
        live.send(live.person("Ben", BEN), slow_inbox, "takes its time")
        found = await becomes(live, second, Delivery.UNKNOWN, seconds=25)
        assert found.error_code == "interrupted"


async def test_without_evidence_nothing_is_sent_again_until_the_agent_says_so(
    live: World, sandbox: Driver, start: Callable[[], None]
) -> None:
    await sandbox.control("faults", {"when": "send", "kind": "drop_before"})
    start()
    message = live.send(live.person(), live.shop, "hello?")
    await becomes(live, message, Delivery.UNKNOWN)
    async with asyncio.timeout(LIMIT):
        while (await sandbox.look("requests"))["requests"][-1]["method"] != "GET":
            await asyncio.sleep(0.05)
    assert live.message(message.id).status is Delivery.UNKNOWN
    assert await record_of(sandbox, "hello?") == []
    while live.store.call_read(lambda s, c: work.is_held(s, c, message.id)):
        await asyncio.sleep(0.02)
    live.store.call(messaging.retry, message.id, may_double=True)
    await becomes(live, message, Delivery.SENT)
    assert len(await record_of(sandbox, "hello?")) == 1


async def test_a_dead_outbox_s_message_is_not_sent_again(
    live: World, sandbox: Driver, start: Callable[[], None]
) -> None:
    message = live.send(live.person(), live.shop, "interrupted")
    owner = "an outbox that dies now"
    live.store.call(outbox.take, owner, 8)
    live.store.call(lambda session, _: work.renew(session, lambda: START, owner, [message.id]))
    start()
    found = await becomes(live, message, Delivery.UNKNOWN)
    assert found.error_code == "interrupted"
    assert attempts(live, message)[-1].outcome is AttemptOutcome.UNKNOWN
    assert await record_of(sandbox, "interrupted") == []


def test_the_agent_settles_a_doubt_and_the_ledger_says_who_and_when(world: World) -> None:
    message = world.send(world.person(), world.shop, "did it arrive?")
    (job,) = world.store.call(outbox.take, "tests", 1)
    world.store.call(delivery.record, message.id, job.attempt, OutcomeUnknown("timeout", "no answer"))
    ledger = world.store.call_read(messaging.ledger, message.id)
    assert ledger is not None
    assert ledger.view.unknown_outcome is not None
    assert "(no answer, " in ledger.view.unknown_outcome.sentence
    world.clock.forward(minutes=1)
    assert world.store.call(messaging.arrived, message.id, "Kim").status is Delivery.SENT
    ledger = world.store.call_read(messaging.ledger, message.id)
    assert ledger is not None
    assert [(event.status, event.detail, event.at) for event in ledger.events] == [
        ("arrived", "marked as sent by Kim", world.clock.now)
    ]
    with pytest.raises(BadInput):
        world.store.call(messaging.arrived, message.id, "Kim")
    # A search for evidence that had begun before finds nothing: the status stays.
    world.store.call(delivery.record, message.id, job.attempt, delivery.NothingFound())
    assert world.message(message.id).status is Delivery.SENT
