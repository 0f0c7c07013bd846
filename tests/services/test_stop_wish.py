"""A wish for no more messages that is no opt-out: shown, asked about once, and again only after a new one."""

import pytest

from contacts_tui.domain.channel import Channel
from contacts_tui.domain.delivery import Delivery
from contacts_tui.domain.opt_out import OptWord
from contacts_tui.services import messaging, people
from contacts_tui.services.errors import MayWantToStop
from contacts_tui.store import messages
from tests.services.world import World


def mark(world: World, contact_id: int, channel: Channel) -> bool:
    """Return whether the card marks a channel."""
    card = world.store.call_read(people.card, contact_id)
    assert card is not None
    return any(state.stop_asked_at is not None for state in card.channels if state.channel is channel)


@pytest.mark.parametrize("word", ["STOP.", "Stop please", "ARRET", "unsubscribe me", "remove me from your list"])
def test_it_is_marked_and_asked_about_once(world: World, word: str) -> None:
    world.hears(world.shop, "Hello")
    ann = world.owner(world.shop)
    world.hears(world.shop, word)
    assert world.identity(ann, Channel.SMS).opted_out_at is None
    assert mark(world, ann, Channel.SMS)
    with pytest.raises(MayWantToStop, match=word):
        world.send(ann, world.shop, "hi")
    assert [message.body for message in world.thread(ann)] == ["Hello", word]
    world.store.call(messaging.acknowledge_stop, world.identity(ann, Channel.SMS).id)
    world.send(ann, world.shop, "hi")
    world.hears(world.shop, "the bus stop")
    world.send(ann, world.shop, "hi again")
    assert not mark(world, ann, Channel.SMS)
    world.clock.forward(seconds=5)
    world.hears(world.shop, word)
    with pytest.raises(MayWantToStop):
        world.send(ann, world.shop, "once more")


@pytest.mark.parametrize(
    ("channel", "address", "options"),
    [
        (Channel.TELEGRAM, "shop_bot", {}),
        (Channel.MESSENGER, "104200300400500", {"app_secret": "env:APP_SECRET"}),
        (Channel.WHATSAPP, "+12025550109", {}),
    ],
)
def test_it_is_heard_on_channels_without_such_words(
    world: World, channel: Channel, address: str, options: dict[str, str]
) -> None:
    inbox = world.inbox("Chat", channel, address, options=options)
    sender = "+12025550142" if channel is Channel.WHATSAPP else "42"
    world.hears(inbox, "STOP", sender)
    contact = world.owner(inbox, sender)
    assert mark(world, contact, channel)
    with pytest.raises(MayWantToStop):
        world.send(contact, inbox, "hello")


def test_what_is_pressed_is_none_and_the_provider_s_word_settles_it(world: World) -> None:
    world.hears(world.whatsapp, "Stop", is_chosen=True)
    ann = world.owner(world.whatsapp)
    assert not mark(world, ann, Channel.WHATSAPP)
    world.hears(world.whatsapp, "Please stop")
    assert mark(world, ann, Channel.WHATSAPP)
    world.hears(world.whatsapp, "JOIN", opts=OptWord.START)
    assert not mark(world, ann, Channel.WHATSAPP)


def test_a_message_that_failed_is_not_tried_again_unasked(world: World) -> None:
    ann = world.person()
    message = world.send(ann, world.shop, "hello")
    world.store.call(lambda s, c: messages.set_status(s, c, message.id, Delivery.FAILED, code="30003"))
    world.hears(world.shop, "stop texting me")
    with pytest.raises(MayWantToStop):
        world.store.call(messaging.retry, message.id)
    world.store.call(messaging.acknowledge_stop, world.identity(ann, Channel.SMS).id)
    assert world.store.call(messaging.retry, message.id).status is Delivery.QUEUED
