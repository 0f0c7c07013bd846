"""What happens between a message's claim and its request: an inbox disconnected, an opt-out, a wish to stop."""

from collections.abc import Callable

import pytest

from contacts_tui.channels.registry import Adapters
from contacts_tui.domain.channel import Channel
from contacts_tui.domain.delivery import Delivery
from contacts_tui.domain.message import AttemptOutcome
from contacts_tui.services import inboxes, messaging, threads
from contacts_tui.services.errors import MayWantToStop
from contacts_tui.services.workers import outbox, withholding
from contacts_tui.services.workers.dispatch import Gate, dispatch
from tests.sandbox.conftest import empty as empty
from tests.sandbox.driver import Driver
from tests.services.outbox_world import BEN, attempts, becomes, record_of
from tests.services.outbox_world import live as live
from tests.services.outbox_world import sandbox as sandbox
from tests.services.outbox_world import start as start
from tests.services.test_outbox_claims import claimed
from tests.services.world import World


def test_a_message_queued_before_a_stop_is_not_claimed_after_it(world: World) -> None:
    message = world.send(world.person(), world.shop, "too late")
    world.hears(world.shop, "STOP")
    assert claimed(world) == []
    assert (world.message(message.id).status, world.message(message.id).error_code) == (Delivery.FAILED, "opted_out")


async def test_an_inbox_put_aside_between_claim_and_request_sends_nothing(live: World, sandbox: Driver) -> None:
    message = live.send(live.person(), live.shop, "too late")
    (job,) = live.store.call(outbox.take, "tests", 1)
    live.store.call(inboxes.put_aside, "Kim", live.shop.id)
    adapters = Adapters()
    outcome = await dispatch(adapters, job, Gate(live.store, "tests", withholding.held_back))
    await adapters.aclose()
    live.store.call(outbox.record, [outcome])
    assert live.message(message.id).error_code == "disconnected"
    assert await record_of(sandbox, "too late") == []


async def test_a_stop_between_claim_and_request_is_heard(live: World, sandbox: Driver) -> None:
    message = live.send(live.person(), live.shop, "too late")
    (job,) = live.store.call(outbox.take, "tests", 1)
    live.hears(live.shop, "STOP")
    adapters = Adapters()
    outcome = await dispatch(adapters, job, Gate(live.store, "tests", withholding.held_back))
    await adapters.aclose()
    live.store.call(outbox.record, [outcome])
    assert (live.message(message.id).status, live.message(message.id).error_code) == (Delivery.FAILED, "opted_out")
    assert attempts(live, message)[-1].outcome is AttemptOutcome.WITHHELD
    assert await record_of(sandbox, "too late") == []


@pytest.mark.parametrize("words", ["please stop", "Stop.", "ARRET", "remove me from your list"])
async def test_a_wish_to_stop_between_claim_and_request_holds_the_message_back(
    live: World, sandbox: Driver, words: str
) -> None:
    message = live.send(live.person(), live.shop, "too late")
    (job,) = live.store.call(outbox.take, "tests", 1)
    live.hears(live.shop, words)
    adapters = Adapters()
    outcome = await dispatch(adapters, job, Gate(live.store, "tests", withholding.held_back))
    await adapters.aclose()
    live.store.call(outbox.record, [outcome])
    assert (live.message(message.id).status, live.message(message.id).error_code) == (Delivery.FAILED, "stop_asked")
    assert attempts(live, message)[-1].outcome is AttemptOutcome.WITHHELD
    assert await record_of(sandbox, "too late") == []


async def test_messages_queued_before_a_wish_to_stop_leave_by_an_agent_s_word_alone(
    live: World, sandbox: Driver, start: Callable[[], None]
) -> None:
    ann, bo = live.person(), live.person("Bo", BEN)
    held = [live.send(ann, live.shop, f"news {number}") for number in (1, 2)]
    free = live.send(bo, live.shop, "for Bo")
    live.hears(live.shop, "please stop")
    start()
    await becomes(live, free, Delivery.SENT)
    for message in held:
        assert (await becomes(live, message, Delivery.FAILED)).error_code == "stop_asked"
    (view,) = live.store.call_read(threads.views, [held[0].id])
    assert view.failure is not None
    assert view.failure.sentence == (
        "it was held back, for they may want no more messages: read what they wrote, then try it again or leave it"
    )
    with pytest.raises(MayWantToStop):
        live.store.call(messaging.retry, held[0].id)
    live.store.call(messaging.acknowledge_stop, live.identity(ann, Channel.SMS).id)
    live.store.call(messaging.retry, held[0].id)
    await becomes(live, held[0], Delivery.SENT)
    assert live.message(held[1].id).status is Delivery.FAILED
    assert [entry["body"] for entry in (await sandbox.look("messages"))["messages"]].count("news 1") == 1
    assert await record_of(sandbox, "news 2") == []


async def test_what_one_person_says_between_claim_and_request_holds_nobody_else_s_message(
    live: World, sandbox: Driver
) -> None:
    too_late = live.send(live.person(), live.shop, "too late")
    in_time = live.send(live.person("Bo", "+12025550143"), live.shop, "in time")
    jobs = live.store.call(outbox.take, "tests", 2)
    live.hears(live.shop, "STOP")
    adapters = Adapters()
    asked = live.store.call_read(withholding.held_back, "tests", jobs)
    assert [*asked] == [too_late.id]
    gate = Gate(live.store, "tests", withholding.held_back)
    for job in jobs:
        outcome = await dispatch(adapters, job, gate)
        live.store.call(outbox.record, [outcome])
    await adapters.aclose()
    assert live.message(too_late.id).error_code == "opted_out"
    assert live.message(in_time.id).status is Delivery.SENT
    assert await record_of(sandbox, "too late") == []
    assert len(await record_of(sandbox, "in time")) == 1
