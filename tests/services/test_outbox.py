"""The outbox against the sandbox over HTTP: each message once, whatever happens on the way."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from datetime import timedelta
from pathlib import Path

import pytest

from contacts_tui.channels.base import Accepted, NotSent, Refused, Unsettled
from contacts_tui.channels.registry import Adapters
from contacts_tui.domain import rate_limits
from contacts_tui.domain.channel import Channel
from contacts_tui.domain.clock import utc_now
from contacts_tui.domain.delivery import Delivery
from contacts_tui.domain.message import Attempt, AttemptOutcome, Message
from contacts_tui.services import delivery, inboxes, messaging, threads
from contacts_tui.services.errors import BadInput, MayWantToStop
from contacts_tui.services.workers import outbox, withholding
from contacts_tui.services.workers.dispatch import Gate, dispatch
from contacts_tui.services.workers.outbox import Outbox
from contacts_tui.store import attempts as attempt_log
from contacts_tui.store import outbox as work
from tests.channels.wire import http, wire
from tests.patience import LIMIT
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
    return world.store.call_read(lambda session, _: attempt_log.of_message(session, message.id))


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


@pytest.mark.parametrize("status", [400, 500])
async def test_half_a_character_in_a_provider_s_words_stops_nothing(
    live: World, sandbox: Driver, start: Callable[[], None], status: int
) -> None:
    async with wire(http(status, json.dumps({"code": 21211, "message": "To is \ud83d"}))) as odd:
        inbox = live.inbox("Odd", Channel.SMS, "+12025550108", base_url=odd.base_url)
        first = live.send(live.person(), inbox, "one")
        start()
        await becomes(live, first, Delivery.FAILED, Delivery.UNKNOWN)
        assert attempts(live, first)[0].detail.endswith("To is ?")
        await becomes(live, live.send(live.person("Ben", BEN), live.shop, "and so on"), Delivery.SENT)


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


async def test_no_connection_is_tried_again(live: World, start: Callable[[], None], sandbox: Driver) -> None:
    dead = live.inbox("Dead", Channel.SMS, "+12025550109", base_url="http://127.0.0.1:9")
    start()
    message = live.send(live.person(), dead, "anyone there?")
    async with asyncio.timeout(LIMIT):
        while len(attempts(live, message)) < 2:
            await asyncio.sleep(0.05)
    assert attempts(live, message)[0].outcome is AttemptOutcome.NOT_SENT
    assert live.message(message.id).status in (Delivery.QUEUED, Delivery.SENDING)


async def test_a_pause_of_no_length_is_a_pause(live: World) -> None:
    message = live.send(live.person(), live.shop, "hello")
    (job,) = live.store.call(outbox.take, "test", 8)
    result = NotSent("429", "later", timedelta(0), rate_limited=True)
    live.store.call(delivery.record, message.id, job.attempt, result)
    due_at = live.store.call_read(lambda session, _: work.due_at(session, utc_now, message.id))
    assert due_at is not None
    assert due_at > utc_now() + delivery.FIRST_WAIT / 2


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


async def test_an_unreadable_credential_is_the_inbox_s_trouble(
    live: World, start: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("TWILIO_TOKEN")
    start()
    message = live.send(live.person(), live.shop, "hello")
    failed = await becomes(live, message, Delivery.FAILED)
    assert failed.error_code == "credentials"


async def test_complaint_1_a_retry_really_sends_again_and_says_how_it_went(
    live: World, sandbox: Driver, start: Callable[[], None]
) -> None:
    await sandbox.control("faults", {"when": "send", "kind": "drop_before"})
    start()
    message = live.send(live.person(), live.shop, "again, please")
    await becomes(live, message, Delivery.UNKNOWN)
    with pytest.raises(BadInput, match="may or may not have been sent"):
        live.store.call(messaging.retry, message.id)
    async with asyncio.timeout(LIMIT):
        while live.store.call_read(lambda s, c: work.is_held(s, c, message.id)):
            await asyncio.sleep(0.02)
    live.store.call(messaging.retry, message.id, may_double=True)
    sent = await becomes(live, message, Delivery.SENT)
    assert [entry["sid"] for entry in await record_of(sandbox, "again, please")] == [sent.provider_id]
    assert [a.outcome for a in attempts(live, message)] == [AttemptOutcome.UNKNOWN, AttemptOutcome.ACCEPTED]


async def test_complaint_2_statuses_that_overtake_each_other_never_go_backwards(
    live: World, sandbox: Driver, start: Callable[[], None]
) -> None:
    start()
    message = live.send(live.person(), live.shop, "in any order")
    sent = await becomes(live, message, Delivery.SENT)
    for status in (Delivery.READ, Delivery.SENT, Delivery.DELIVERED):
        live.reported(live.shop, status, sid=sent.provider_id)
        assert live.message(message.id).status is Delivery.READ


async def test_complaint_12_one_submission_over_a_weak_line_is_one_message(
    live: World, sandbox: Driver, start: Callable[[], None]
) -> None:
    await sandbox.control("faults", {"when": "send", "kind": "drop_after"})
    start()
    ann = live.person()
    message = live.send(ann, live.shop, "only once", uid="0" * 32)
    assert live.send(ann, live.shop, "only once", uid="0" * 32).id == message.id
    await becomes(live, message, Delivery.SENT, Delivery.DELIVERED)
    assert len(await record_of(sandbox, "only once")) == 1
    assert len(live.thread(ann)) == 1


def claimed(world: World, limit: int = 8, **held: int) -> list[str]:
    """The texts of what an outbox claims now."""
    names = {inbox.name: inbox.id for inbox in (world.shop, world.whatsapp)}
    jobs = world.store.call(outbox.take, "tests", limit, {names[name]: count for name, count in held.items()})
    return [job.outgoing.body for job in jobs]


def test_an_inbox_s_messages_leave_in_the_order_they_were_written(world: World) -> None:
    people = [world.person(f"Person {n}", f"+1202555{n:04}") for n in range(3)]
    for text, person in (("one", 0), ("two", 1), ("three", 0), ("four", 2)):
        world.send(people[person], world.shop, text)
    assert claimed(world) == ["one", "two", "four"], "three waits for one, which goes to the same person"


def test_one_that_waits_for_its_own_retry_holds_its_conversation_and_no_other(world: World) -> None:
    ann, ben = world.person(), world.person("Ben", BEN)
    world.send(ann, world.shop, "first to Ann")
    (job,) = world.store.call(outbox.take, "tests", 1)
    world.store.call(delivery.record, job.message_id, job.attempt, NotSent("no_connection", "down"))
    world.send(ann, world.shop, "second to Ann")
    world.send(ben, world.shop, "to Ben")
    assert claimed(world) == ["to Ben"]
    world.clock.forward(seconds=5)
    assert claimed(world) == ["first to Ann"]


def test_a_provider_s_pause_holds_the_whole_sender_in_every_process_and_no_other_sender(world: World) -> None:
    ann, ben = world.person(), world.person("Ben", BEN)
    world.hears(world.whatsapp, "hello")
    world.send(ann, world.shop, "too fast")
    (job,) = world.store.call(outbox.take, "one", 1)
    slow = NotSent("20429", "slow", timedelta(seconds=30), rate_limited=True)
    world.store.call(delivery.record, job.message_id, job.attempt, slow)
    world.send(ben, world.shop, "to Ben")
    world.send(ann, world.whatsapp, "on WhatsApp")
    assert claimed(world) == ["on WhatsApp"]
    world.clock.forward(seconds=29)
    assert claimed(world) == []
    world.clock.forward(seconds=1)
    assert claimed(world) == ["too fast"], "one at first, in the order of age"
    world.clock.forward(seconds=1)
    assert claimed(world) == ["to Ben"]


def test_a_sender_begins_no_more_than_its_rate_whoever_asks(world: World) -> None:
    for n in range(rate_limits.BURST + 3):
        world.send(world.person(f"Person {n}", f"+1202555{n:04}"), world.shop, f"number {n}")
    assert len(world.store.call(outbox.take, "one", 100)) == rate_limits.BURST
    assert len(world.store.call(outbox.take, "two", 100)) == 0
    world.clock.forward(seconds=1)
    assert len(world.store.call(outbox.take, "two", 100)) == 3


def test_a_long_queue_of_one_inbox_leaves_places_for_another(world: World) -> None:
    world.hears(world.whatsapp, "hello")
    for n in range(6):
        world.send(world.person(f"Person {n}", f"+1202555{n:04}"), world.shop, f"number {n}")
    world.send(world.owner(world.whatsapp), world.whatsapp, "the latest")
    assert claimed(world, 1, Shop=4) == ["the latest"]
    assert claimed(world, 2) == ["number 0", "number 1"]


def test_a_person_on_telegram_gets_a_message_a_second(world: World) -> None:
    bot = world.inbox("Bot", Channel.TELEGRAM, "shop_support_bot")
    for sender in ("42", "43"):
        world.hears(bot, "hello", sender)
    sam, jo = world.owner(bot, "42"), world.owner(bot, "43")
    for person, text in ((sam, "one"), (sam, "two"), (jo, "three")):
        world.send(person, bot, text)
    jobs = world.store.call(outbox.take, "tests", 8)
    assert [job.outgoing.body for job in jobs] == ["one", "three"]
    for job in jobs:
        world.store.call(delivery.record, job.message_id, job.attempt, Accepted(f"x{job.message_id}", Delivery.SENT))
    assert claimed(world) == []
    world.clock.forward(seconds=1)
    assert claimed(world) == ["two"]


def test_tries_are_counted_anew_after_the_agent_s_retry(world: World) -> None:
    message = world.send(world.person(), world.shop, "hello?")
    for _ in range(delivery.MOST_TRIES):
        world.clock.forward(minutes=10)
        (job,) = world.store.call(outbox.take, "tests", 1)
        world.store.call(delivery.record, message.id, job.attempt, NotSent("no_connection", "down"))
    assert world.message(message.id).status is Delivery.FAILED
    world.store.call(messaging.retry, message.id)
    (job,) = world.store.call(outbox.take, "tests", 1)
    world.store.call(delivery.record, message.id, job.attempt, NotSent("no_connection", "down"))
    assert world.message(message.id).status is Delivery.QUEUED


def test_a_message_queued_before_a_stop_is_not_claimed_after_it(world: World) -> None:
    message = world.send(world.person(), world.shop, "too late")
    world.hears(world.shop, "STOP")
    assert claimed(world) == []
    assert (world.message(message.id).status, world.message(message.id).error_code) == (Delivery.FAILED, "opted_out")


async def test_an_inbox_put_aside_between_claim_and_request_sends_nothing(live: World, sandbox: Driver) -> None:
    message = live.send(live.person(), live.shop, "too late")
    (job,) = live.store.call(outbox.take, "tests", 1)
    live.store.call(inboxes.put_aside, live.shop.id)
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


def test_the_agent_settles_a_doubt_and_the_ledger_says_who_and_when(world: World) -> None:
    message = world.send(world.person(), world.shop, "did it arrive?")
    (job,) = world.store.call(outbox.take, "tests", 1)
    world.store.call(delivery.record, message.id, job.attempt, Unsettled("timeout", "no answer"))
    ledger = world.store.call_read(messaging.ledger, message.id)
    assert ledger is not None
    assert ledger.view.doubt is not None
    assert "(no answer, " in ledger.view.doubt.sentence
    world.clock.forward(minutes=1)
    assert world.store.call(messaging.arrived, message.id, "Kim").status is Delivery.SENT
    ledger = world.store.call_read(messaging.ledger, message.id)
    assert ledger is not None
    assert [(event.status, event.detail, event.at) for event in ledger.events] == [
        ("arrived", "marked as sent by Kim", world.clock.now)
    ]
    with pytest.raises(BadInput):
        world.store.call(messaging.arrived, message.id, "Kim")
    # A look for evidence that was under way finds nothing: that changes nothing any more.
    world.store.call(delivery.record, message.id, job.attempt, delivery.NothingFound())
    assert world.message(message.id).status is Delivery.SENT


def test_an_offer_stands_only_while_nothing_else_was_written(world: World) -> None:
    ann = world.person()
    world.hears(world.whatsapp, "hello")
    message = world.send(ann, world.shop, "your order is here")
    (job,) = world.store.call(outbox.take, "tests", 1)
    world.store.call(delivery.record, message.id, job.attempt, Refused("30003", "off"))
    (view,) = world.store.call_read(threads.views, [message.id])
    assert view.instead is not None
    assert [offer.channel for offer in view.instead.offers] == [Channel.WHATSAPP]
    world.clock.forward(seconds=1)
    world.send(ann, world.whatsapp, "your order is here")
    (view,) = world.store.call_read(threads.views, [message.id])
    assert view.instead is None
