"""Sending after another agent's answer: the question is asked in the transaction that would store the message."""

from dataclasses import replace
from datetime import timedelta

import pytest

from contacts_tui.domain.channel import Channel
from contacts_tui.domain.delivery import Delivery
from contacts_tui.domain.inbox import Inbox
from contacts_tui.domain.message import Begun, Direction, Media, Message, NewMessage
from contacts_tui.domain.template import TemplateChoice
from contacts_tui.services import collision, merging, messaging, notes, scheduled
from contacts_tui.services.errors import AnsweredSince
from contacts_tui.store import messages
from tests.services.world import VALUES, World


@pytest.fixture
def ann(world: World) -> int:
    """Return a person who wrote by SMS and on WhatsApp."""
    contact_id = world.person()
    world.hears(world.shop, "Where is my order?")
    world.hears(world.whatsapp, "Hello?")
    return contact_id


def sends(
    world: World, contact_id: int, text: str, author: str, begun: Begun | None = None, inbox: Inbox | None = None
) -> Message:
    inbox = inbox or world.shop
    identity = world.identity(contact_id, inbox.channel)
    new = NewMessage(messaging.new_uid(), text, author=author, begun=begun)
    return world.store.call(messaging.send, identity.id, inbox.id, new)


def begins(world: World, contact_id: int, text: str = "") -> int:
    """Begin a text by SMS, keep it as a draft unless it is empty, and return the id of the newest message then."""
    identity = world.identity(contact_id, Channel.SMS)
    after = world.store.call_read(collision.begun_after, identity.id, world.shop.id)
    world.store.call(messaging.save_draft, identity.id, world.shop.id, text, after)
    return after


def kept_after(world: World, contact_id: int) -> int:
    """Return the id of the newest message when the stored draft was begun, as the next start reads it."""
    identity = world.identity(contact_id, Channel.SMS)
    return world.store.call_read(collision.begun_after, identity.id, world.shop.id)


def sent(world: World, contact_id: int) -> list[str]:
    return [message.body for message in world.thread(contact_id) if message.direction is Direction.OUT]


@pytest.mark.parametrize("channel", [Channel.SMS, Channel.WHATSAPP])
def test_an_answer_since_on_any_channel_is_shown_and_nothing_is_stored(
    world: World, ann: int, channel: Channel
) -> None:
    sends(world, ann, "An old answer", "Noor")
    after = begins(world, ann, "It is on")
    answer = sends(
        world, ann, "It is on its way", "Noor", inbox=world.shop if channel is Channel.SMS else world.whatsapp
    )
    with pytest.raises(AnsweredSince, match="Noor answered since you began to write") as refused:
        sends(world, ann, "It is on its way!", "Kim", Begun(after))
    assert [shown.id for shown in refused.value.answers] == [answer.id]
    assert sent(world, ann) == ["An old answer", "It is on its way"]
    # An agent who has seen that answer is asked about the next one.
    known = Begun(after, frozenset({answer.id}))
    other = sends(world, ann, "Anything else?", "Lee")
    with pytest.raises(AnsweredSince, match="Lee") as refused:
        sends(world, ann, "It is on its way!", "Kim", known)
    assert [shown.id for shown in refused.value.answers] == [other.id]
    sends(world, ann, "It is on its way!", "Kim", Begun(after, known.known | {other.id}))


def test_what_is_sent_without_a_draft_is_never_asked_about(world: World, ann: int) -> None:
    begins(world, ann, "It is on")
    sends(world, ann, "It is on its way", "Noor")
    sends(world, ann, "A command says so too", "Kim")


def test_ones_own_answer_from_another_terminal_counts(world: World, ann: int) -> None:
    after = begins(world, ann)
    sends(world, ann, "It is on its way", "Kim")
    with pytest.raises(AnsweredSince, match="Kim answered"):
        sends(world, ann, "It is on its way", "Kim", Begun(after))


def test_notes_their_messages_and_what_failed_are_no_answers(world: World, ann: int) -> None:
    after = begins(world, ann)
    world.store.call(notes.add, "Noor", ann, "I call them")
    world.hears(world.shop, "Hello??")
    failed = sends(world, ann, "It is on its way", "Noor")
    world.store.call(messages.set_status, failed.id, Delivery.FAILED)
    taken_back = sends(world, ann, "It is on its", "Noor")
    world.store.call(messaging.take_back, taken_back.id)
    assert sends(world, ann, "Done", "Kim", Begun(after)).body == "Done"


def test_an_answer_to_somebody_else_is_none(world: World, ann: int) -> None:
    ben = world.person("Ben", "+12025550143")
    after = begins(world, ann)
    sends(world, ben, "Hello Ben", "Noor")
    sends(world, ann, "Done", "Kim", Begun(after))


def test_a_draft_keeps_when_it_was_begun(world: World, ann: int) -> None:
    after = begins(world, ann, "It is")
    sends(world, ann, "It is on its way", "Noor", inbox=world.whatsapp)
    identity = world.identity(ann, Channel.SMS)
    world.store.call(messaging.save_draft, identity.id, world.shop.id, "It is on")
    world.store.call(messaging.attach_to_draft, identity.id, world.shop.id, "/tmp/bill.pdf")
    assert kept_after(world, ann) == after
    # Another agent's send removed the draft; the text that goes on was begun before that.
    sends(world, ann, "And here", "Noor")
    world.store.call(messaging.attach_to_draft, identity.id, world.shop.id, "")
    world.store.call(messaging.save_draft, identity.id, world.shop.id, "It is on its", after)
    assert kept_after(world, ann) == after
    world.store.call(messaging.save_draft, identity.id, world.shop.id, "")
    assert kept_after(world, ann) > after


def test_what_is_left_of_a_text_in_parts_begins_after_its_first_part(world: World, ann: int) -> None:
    after = begins(world, ann, "One. Two.")
    identity = world.identity(ann, Channel.SMS)
    new = NewMessage(messaging.new_uid(), "One.", author="Kim", begun=Begun(after))
    first = world.store.call(messaging.send, identity.id, world.shop.id, new, rest="Two.")
    assert kept_after(world, ann) == first.id


def test_a_merge_takes_the_earlier_beginning(world: World, ann: int) -> None:
    after = begins(world, ann, "Hello")
    ben = world.person("Ben", "+12025550143")
    sends(world, ben, "Hello Ben", "Noor")
    begins(world, ben, "And you?")
    world.store.call(merging.merge, ann, ben, author="Kim")
    assert kept_after(world, ann) == after


@pytest.mark.parametrize("kind", ["a template", "a file"])
def test_templates_and_files_are_asked_about_too(world: World, ann: int, kind: str) -> None:
    identity = world.identity(ann, Channel.WHATSAPP)
    after = begins(world, ann)
    template = TemplateChoice(world.template().id, VALUES) if kind == "a template" else None
    sends(world, ann, "It is on its way", "Noor")
    media = (Media("https://files.example/1.png", "image/png", "1.png", 100),) if template is None else ()
    new = NewMessage(messaging.new_uid(), media=media, author="Kim", begun=Begun(after))
    with pytest.raises(AnsweredSince):
        world.store.call(messaging.send, identity.id, world.whatsapp.id, new, template=template)
    assert sent(world, ann) == ["It is on its way"]


def test_scheduling_asks_too_and_what_is_scheduled_is_no_answer_yet(world: World, ann: int) -> None:
    identity = world.identity(ann, Channel.SMS)
    after = begins(world, ann)
    new = NewMessage(
        messaging.new_uid(), "Good morning", author="Kim", begun=Begun(after), due=world.clock() + timedelta(hours=9)
    )
    world.store.call(scheduled.schedule, identity.id, world.shop.id, new)
    answer = sends(world, ann, "It is on its way", "Noor", Begun(after))
    with pytest.raises(AnsweredSince) as refused:
        world.store.call(scheduled.schedule, identity.id, world.shop.id, replace(new, uid=messaging.new_uid()))
    assert [shown.id for shown in refused.value.answers] == [answer.id]
