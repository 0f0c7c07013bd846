"""The outbox against the sandbox over HTTP: each message once, whatever happens on the way."""

import asyncio
import json
from collections.abc import Callable
from datetime import timedelta

import pytest

from contacts_tui.channels.base import NotSent, Refused
from contacts_tui.domain.channel import Channel
from contacts_tui.domain.clock import utc_now
from contacts_tui.domain.delivery import Delivery
from contacts_tui.domain.message import AttemptOutcome
from contacts_tui.services import delivery, messaging, threads
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
from tests.services.world import World


async def test_a_stored_message_is_sent_once(live: World, sandbox: Driver, start: Callable[[], None]) -> None:
    start()
    message = live.send(live.person(), live.shop, "Your parcel left")
    sent = await becomes(live, message, Delivery.SENT)
    taken = await record_of(sandbox, "Your parcel left")
    assert [entry["sid"] for entry in taken] == [sent.provider_id]
    assert live.store.call_read(lambda session, _: work.task_of(session, message.id)) is None


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
