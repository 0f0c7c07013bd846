"""A message can be taken back as long as it is held; then nothing of it was sent, and its text is a draft again."""

from datetime import timedelta

import pytest

from contacts_tui.domain.channel import Channel
from contacts_tui.domain.message import Direction, Message, NewMessage
from contacts_tui.services import messaging, people, queue, store_care
from contacts_tui.services.errors import BadInput, NotFound
from contacts_tui.store import attempts, outbox
from tests.services.world import World

HOLD = timedelta(seconds=5)


def send(world: World, contact_id: int, text: str, hold: timedelta = HOLD) -> Message:
    identity = world.identity(contact_id, Channel.WHATSAPP)
    new = NewMessage(messaging.new_uid(), text, author="Kim", hold=hold)
    return world.store.call(messaging.send, identity.id, world.whatsapp.id, new)


def draft(world: World, contact_id: int) -> str:
    identity = world.identity(contact_id, Channel.WHATSAPP)
    return world.store.call_read(messaging.draft, identity.id, world.whatsapp.id)


def is_due(world: World, message: Message) -> bool:
    due = world.store.call_read(outbox.due_at, message.id)
    return due is not None and due <= world.clock()


def test_a_message_is_not_due_before_its_hold_is_over(world: World) -> None:
    ann = world.person()
    world.hears(world.whatsapp, "Hello")
    message = send(world, ann, "Hi")
    assert not is_due(world, message)
    world.clock.forward(seconds=4.9)
    assert not is_due(world, message)
    world.clock.forward(seconds=0.1)
    assert is_due(world, message)


def test_a_clock_that_was_set_back_holds_nothing_for_long(world: World) -> None:
    ann = world.person()
    world.hears(world.whatsapp, "Hello")
    message = send(world, ann, "Hi")
    world.clock.forward(hours=-3)
    assert is_due(world, message)


def test_what_is_taken_back_was_never_there_and_the_person_waits_again(world: World) -> None:
    ann = world.person()
    world.hears(world.whatsapp, "Hello")
    (before,) = world.store.call_read(people.rows, [ann])
    waited = world.store.call_read(queue.entry, ann)
    message = send(world, ann, "A word that nobody else wrote")
    world.store.call(messaging.take_back, message.id)
    assert [each.body for each in world.thread(ann)] == ["Hello"]
    assert draft(world, ann) == "A word that nobody else wrote"
    (now,) = world.store.call_read(people.rows, [ann])
    assert (now.last_text, now.last_at, now.last_direction) == (before.last_text, before.last_at, Direction.IN)
    assert world.store.call_read(queue.entry, ann) == waited
    assert world.store.call_read(people.search, "nobody else wrote", 10).ids == ()
    assert store_care.check(world.location) == ()
    with pytest.raises(NotFound, match="no such message"):
        world.store.call(messaging.take_back, message.id)


def test_what_was_typed_since_stands_below_the_text(world: World) -> None:
    ann = world.person()
    world.hears(world.whatsapp, "Hello")
    message = send(world, ann, "First")
    identity = world.identity(ann, Channel.WHATSAPP)
    world.store.call(messaging.save_draft, identity.id, world.whatsapp.id, "Second")
    world.store.call(messaging.take_back, message.id)
    assert draft(world, ann) == "First\n\nSecond"


def test_what_an_outbox_works_on_has_left(world: World) -> None:
    ann = world.person()
    world.hears(world.whatsapp, "Hello")
    message = send(world, ann, "Hi", timedelta())
    world.store.call(attempts.begin, message.id)
    with pytest.raises(BadInput, match="it has left already"):
        world.store.call(messaging.take_back, message.id)
    assert [each.body for each in world.thread(ann)] == ["Hello", "Hi"]
