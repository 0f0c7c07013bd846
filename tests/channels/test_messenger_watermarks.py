"""Reports on Messenger's messages: watermarks and deliveries, before the first echo, and after a retry."""

import pytest

from contacts_tui.channels.base import Accepted
from contacts_tui.domain.delivery import Delivery
from contacts_tui.domain.message import Direction
from contacts_tui.services import messaging
from contacts_tui.services.workers import outbox
from tests.channels.messenger_world import SENT_AT, echoed, item, said, taken_at
from tests.channels.test_messenger_receiver import Counter
from tests.channels.test_messenger_receiver import counter as counter


@pytest.mark.parametrize("skew", [-600, 0, 600])
async def test_a_watermark_is_compared_with_metas_time_and_not_with_our_clock(counter: Counter, skew: int) -> None:
    await counter.hears(said("hello"))
    counter.world.clock.forward(seconds=skew)
    messages = []
    for number, at in enumerate((SENT_AT, SENT_AT + 60_000)):
        message, attempt = counter.begin(f"answer {number}")
        counter.answer(message, attempt, Accepted(f"m_{number + 2}", Delivery.SENT))
        await counter.hears(taken_at(f"m_{number + 2}", message.body, f"{message.uid}.1", at))
        messages.append(message)
    await counter.hears(item(read={"watermark": SENT_AT + 59_999}))
    early, late = messages
    assert counter.world.message(early.id).status is Delivery.READ
    assert counter.world.message(late.id).status is Delivery.SENT
    await counter.hears(item(read={"watermark": SENT_AT + 60_000}))
    assert counter.world.message(late.id).status is Delivery.READ


async def test_a_watermark_before_the_echo_counts_once_metas_time_is_known(counter: Counter) -> None:
    await counter.hears(said("hello"))
    message, attempt = counter.begin("hi")
    counter.answer(message, attempt, Accepted("m_2", Delivery.SENT))
    await counter.hears(item(read={"watermark": SENT_AT + 5_000}))
    assert counter.world.message(message.id).status is Delivery.SENT
    await counter.hears(taken_at("m_2", "hi", f"{message.uid}.1", SENT_AT + 4_000))
    assert counter.world.message(message.id).status is Delivery.READ


async def test_a_delivery_that_names_the_message_tells_when_meta_had_it(counter: Counter) -> None:
    await counter.hears(said("hello"))
    message, attempt = counter.begin("hi")
    await counter.hears(item(delivery={"mids": ["m_2"], "watermark": SENT_AT + 4_000}))
    counter.answer(message, attempt, Accepted("m_2", Delivery.SENT))
    assert counter.world.message(message.id).status is Delivery.DELIVERED
    await counter.hears(item(read={"watermark": SENT_AT + 4_000}))
    assert counter.world.message(message.id).status is Delivery.READ


async def test_what_others_sent_is_read_by_the_watermark_as_well(counter: Counter) -> None:
    await counter.hears(said("hello"), echoed("answered at the page", "m_5"))
    await counter.hears(item(read={"watermark": SENT_AT}))
    await counter.hears(item(delivery={"watermark": SENT_AT}))
    answer = counter.world.thread(counter.ann())[1]
    assert answer.status is Delivery.READ


@pytest.mark.parametrize("wrote", [False, True])
async def test_reports_before_the_first_echo_to_a_stranger_count(counter: Counter, *, wrote: bool) -> None:
    await counter.hears(item(delivery={"mids": ["m_5"], "watermark": SENT_AT}))
    await counter.hears(item(read={"watermark": SENT_AT + 1_000}))
    await counter.hears(*[said("who is this?", "m_4")] * wrote)
    await counter.hears(echoed("from the page's inbox", "m_5"))
    await counter.hears(echoed("and later", "m_6") | {"timestamp": SENT_AT + 2_000})
    sent = [message.status for message in counter.world.thread(counter.ann()) if message.direction is Direction.OUT]
    assert sent == [Delivery.READ, Delivery.SENT]


async def test_a_retry_is_not_read_by_what_was_said_of_the_first_attempt(counter: Counter) -> None:
    await counter.hears(said("hello"))
    message, attempt = counter.begin("hi")
    await counter.hears(taken_at("m_2", "hi", f"{message.uid}.1", SENT_AT))
    counter.answer(message, attempt, Accepted("m_2", Delivery.FAILED, "551"))
    counter.world.store.call(messaging.retry, message.id)
    (job,) = counter.world.store.call(outbox.take, "tests", 8)
    counter.answer(message, job.attempt, Accepted("m_3", Delivery.SENT))
    await counter.hears(item(read={"watermark": SENT_AT + 1_000}))
    assert counter.world.message(message.id).status is Delivery.SENT
