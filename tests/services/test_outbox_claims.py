"""What the outbox claims next: the order of each person's messages, pauses, and the rate limit of each sender."""

from datetime import timedelta

from contacts_tui.channels.base import Accepted, NotSent
from contacts_tui.domain import rate_limits
from contacts_tui.domain.channel import Channel
from contacts_tui.domain.delivery import Delivery
from contacts_tui.services import delivery, messaging
from contacts_tui.services.workers import outbox
from tests.sandbox.conftest import empty as empty
from tests.services.outbox_world import BEN
from tests.services.world import World


def claimed(world: World, limit: int = 8, **held: int) -> list[str]:
    """Claim what is due as an outbox does, and return the texts; `held` counts what it holds already, by inbox name."""
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


def test_of_inboxes_that_have_got_as_much_the_oldest_message_goes_first(world: World) -> None:
    world.hears(world.whatsapp, "hello")
    world.send(world.owner(world.whatsapp), world.whatsapp, "older")
    world.send(world.person("Ben", BEN), world.shop, "newer")
    assert claimed(world, 1) == ["older"]


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
