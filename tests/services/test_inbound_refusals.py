"""What closes a channel and what opens it again: a provider's refusal, an opt-out, a block."""

from dataclasses import replace
from datetime import timedelta

import pytest

from contacts_tui.channels.base import (
    PermissionChanged,
    Refused,
)
from contacts_tui.domain.channel import Channel
from contacts_tui.domain.delivery import Delivery
from contacts_tui.domain.opt_out import OptWord, opt_word
from contacts_tui.domain.reachability import Reach
from contacts_tui.services import delivery, inbound, messaging, reachability
from contacts_tui.services.workers import outbox
from tests.services.test_inbound import on_its_way
from tests.services.world import ANN, World


def test_a_window_that_the_provider_calls_closed_is_closed(world: World) -> None:
    ann = world.person()
    world.template()
    world.hears(world.whatsapp, "hello")
    world.clock.forward(hours=1)
    message = world.send(ann, world.whatsapp, "still open, or is it")
    world.store.call(outbox.take, "test", 8)
    world.reported(world.whatsapp, Delivery.FAILED, sid="SM9", reference=f"{message.uid}.1", code="63016")
    identity = world.identity(ann, Channel.WHATSAPP)
    assert world.store.call_read(reachability.state, identity.id, world.whatsapp.id).reach is Reach.TEMPLATE
    world.clock.forward(seconds=1)
    world.hears(world.whatsapp, "I am here")
    assert world.store.call_read(reachability.state, identity.id, world.whatsapp.id).reach is Reach.OPEN


def test_a_refused_number_is_closed_until_it_writes(world: World) -> None:
    ann = world.person()
    message = on_its_way(world, ann)
    world.reported(world.shop, Delivery.FAILED, sid="SM9", reference=f"{message.uid}.1", code="30006")
    identity = world.identity(ann, Channel.SMS)
    assert world.store.call_read(reachability.state, identity.id, world.shop.id).words == "number can't be reached"
    world.hears(world.shop, "it is me")
    assert world.store.call_read(reachability.state, identity.id, world.shop.id).reach is Reach.OPEN


def test_a_refused_number_that_wrote_meanwhile_is_open(world: World) -> None:
    ann = world.person()
    message = on_its_way(world, ann)
    world.clock.forward(seconds=1)
    world.hears(world.shop, "it is me")
    world.reported(world.shop, Delivery.FAILED, sid="SM9", reference=f"{message.uid}.1", code="30006")
    identity = world.identity(ann, Channel.SMS)
    assert world.store.call_read(reachability.state, identity.id, world.shop.id).reach is Reach.OPEN


def test_twilio_s_opt_out_is_ours_too(world: World) -> None:
    ann = world.person()
    message = on_its_way(world, ann)
    world.reported(world.shop, Delivery.FAILED, sid="SM9", reference=f"{message.uid}.1", code="21610")
    assert world.identity(ann, Channel.SMS).opted_out_at is not None
    assert world.identity(ann, Channel.WHATSAPP).opted_out_at is None


def test_a_refusal_from_before_a_start_closes_nothing(world: World) -> None:
    ann = world.person()
    for words, is_closed in ((["STOP", "hello?"], True), (["START"], False), (["JOIN"], False)):
        world.hears(world.shop, "START")
        world.clock.forward(seconds=1)
        message = world.send(ann, world.shop, "hello")
        (job,) = world.store.call(outbox.take, "test", 8)
        for word in words:
            world.hears(world.shop, word, opts=OptWord.START if word == "JOIN" else opt_word(word))
        world.store.call(delivery.record, message.id, job.attempt, Refused("21610", "opted out"))
        assert (world.identity(ann, Channel.SMS).opted_out_at is not None) == is_closed


def test_a_start_that_was_said_while_the_refusal_was_on_its_way_opens(world: World) -> None:
    ann = world.person()
    message = world.send(ann, world.shop, "hello")
    (job,) = world.store.call(outbox.take, "test", 8)
    world.clock.forward(seconds=1)
    said = world.clock()
    world.clock.forward(seconds=1)
    world.store.call(delivery.record, message.id, job.attempt, Refused("21610", "opted out"))
    assert world.identity(ann, Channel.SMS).opted_out_at == job.attempt.started_at
    world.hears(world.shop, "START", opts=OptWord.START, at=said)
    assert world.identity(ann, Channel.SMS).opted_out_at is None


def test_a_start_that_was_said_before_the_try_and_heard_later_doesn_t_outlast_its_refusal(world: World) -> None:
    ann = world.person()
    said = world.clock()
    world.clock.forward(seconds=1)
    message = world.send(ann, world.shop, "hello")
    (job,) = world.store.call(outbox.take, "test", 8)
    world.hears(world.shop, "START", opts=OptWord.START, at=said)
    world.store.call(delivery.record, message.id, job.attempt, Refused("21610", "opted out"))
    assert world.identity(ann, Channel.SMS).opted_out_at == job.attempt.started_at


def test_a_start_from_before_the_clock_was_set_back_doesn_t_outlast_a_refusal(world: World) -> None:
    ann = world.person()
    world.hears(world.shop, "START", opts=OptWord.START)
    world.clock.forward(hours=-1)
    message = world.send(ann, world.shop, "hello")
    (job,) = world.store.call(outbox.take, "test", 8)
    world.store.call(delivery.record, message.id, job.attempt, Refused("21610", "opted out"))
    assert world.identity(ann, Channel.SMS).opted_out_at is not None


def test_a_refusal_leaves_a_later_stop_as_it_was_said(world: World) -> None:
    ann = world.person()
    message = world.send(ann, world.shop, "hello")
    (job,) = world.store.call(outbox.take, "test", 8)
    world.clock.forward(seconds=1)
    said = world.clock()
    world.hears(world.shop, "STOP", opts=OptWord.STOP)
    world.clock.forward(seconds=1)
    world.store.call(delivery.record, message.id, job.attempt, Refused("21610", "opted out"))
    assert world.identity(ann, Channel.SMS).opted_out_at == said


def test_a_refusal_from_before_they_unblocked_the_bot_closes_nothing(world: World) -> None:
    bot = world.inbox("Bot", Channel.TELEGRAM, "shop_bot")
    world.hears(bot, "hello", "42")
    contact = world.owner(bot, "42")
    for number, allowed in enumerate((False, True)):
        world.clock.forward(seconds=2.5)
        message = world.send(contact, bot, "hello")
        (job,) = world.store.call(outbox.take, "test", 8)
        world.clock.forward(seconds=0.4)
        second = world.clock().replace(microsecond=0)
        event = PermissionChanged(f"42:member:{number}", "42", allowed, second, {})
        world.store.call(inbound.apply, bot.id, [event])
        world.store.call(delivery.record, message.id, job.attempt, Refused("403", "blocked"))
        assert (world.identity(contact, Channel.TELEGRAM).blocked_at is None) == allowed
        world.store.call(inbound.apply, bot.id, [replace(event, event_key=f"{number} again", allowed=True)])
        world.clock.forward(minutes=1)


@pytest.mark.parametrize("last", [True, False])
def test_the_last_that_a_person_said_of_our_messages_counts_in_whatever_order_it_comes(
    world: World, last: bool
) -> None:
    bot = world.inbox("Bot", Channel.TELEGRAM, "shop_bot")
    world.hears(bot, "hello", "42")
    first_at = world.clock().replace(microsecond=0) + timedelta(seconds=1)
    said = [
        PermissionChanged("42:member:1", "42", not last, first_at, {}),
        PermissionChanged("42:member:2", "42", last, first_at + timedelta(seconds=1), {}),
    ]
    world.clock.forward(seconds=10)
    for event in reversed(said):
        world.store.call(inbound.apply, bot.id, [event])
    contact = world.owner(bot, "42")
    assert (world.identity(contact, Channel.TELEGRAM).blocked_at is None) == last


def test_who_wrote_after_they_blocked_us_is_no_blocker_though_the_block_comes_late(world: World) -> None:
    bot = world.inbox("Bot", Channel.TELEGRAM, "shop_bot")
    blocked_at = world.clock().replace(microsecond=0)
    world.clock.forward(seconds=5)
    world.hears(bot, "I am back", "42")
    world.store.call(inbound.apply, bot.id, [PermissionChanged("42:member:1", "42", False, blocked_at, {})])
    assert world.identity(world.owner(bot, "42"), Channel.TELEGRAM).blocked_at is None


@pytest.mark.parametrize("word", ["STOP", "cancel", "Unsubscribe", "END", "quit"])
@pytest.mark.parametrize(
    ("channel", "address", "options"),
    [
        (Channel.TELEGRAM, "shop_bot", {}),
        (Channel.MESSENGER, "104200300400500", {"app_secret": "env:APP_SECRET"}),
        (Channel.WHATSAPP, "+12025550109", {}),
    ],
)
def test_no_word_is_an_opt_out_where_the_provider_has_none(
    world: World, channel: Channel, address: str, options: dict[str, str], word: str
) -> None:
    inbox = world.inbox("Chat", channel, address, options=options)
    sender = ANN if channel is Channel.WHATSAPP else "42"
    world.hears(inbox, "hello", sender)
    contact = world.owner(inbox, sender)
    message = world.send(contact, inbox, "hello")
    world.hears(inbox, word, sender)
    assert world.identity(contact, channel).opted_out_at is None
    # A text that reads like a wish to stop holds a message back only until an agent has seen it.
    world.store.call(messaging.acknowledge_stop, world.identity(contact, channel).id)
    assert [job.message_id for job in world.store.call(outbox.take, "test", 8)] == [message.id]


def test_the_provider_s_word_opts_out_and_in(world: World) -> None:
    world.hears(world.whatsapp, "ARRET", opts=OptWord.STOP)
    ann = world.owner(world.whatsapp)
    assert world.identity(ann, Channel.WHATSAPP).opted_out_at == world.clock()
    world.hears(world.whatsapp, "hello?")
    assert world.identity(ann, Channel.WHATSAPP).opted_out_at is not None
    world.hears(world.whatsapp, "JOIN", opts=OptWord.START)
    assert world.identity(ann, Channel.WHATSAPP).opted_out_at is None


def test_a_message_queued_before_a_stop_is_not_sent_after_it(world: World) -> None:
    ann = world.person()
    message = world.send(ann, world.shop, "hello")
    world.hears(world.shop, "STOP")
    assert world.store.call(outbox.take, "test", 8) == ()
    stored = world.message(message.id)
    assert (stored.status, stored.error_code) == (Delivery.FAILED, "opted_out")


def test_free_text_queued_before_the_window_closed_is_not_sent_after_it(world: World) -> None:
    ann = world.person()
    world.template()
    world.hears(world.whatsapp, "hello")
    message = world.send(ann, world.whatsapp, "hello")
    world.clock.forward(days=1)
    assert world.store.call(outbox.take, "test", 8) == ()
    stored = world.message(message.id)
    assert (stored.status, stored.error_code) == (Delivery.FAILED, "window")
