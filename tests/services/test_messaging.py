"""Writing to a person: what is stored, what is refused, and what is kept."""

from datetime import timedelta

import pytest

from contacts_tui.domain import window
from contacts_tui.domain.channel import Channel
from contacts_tui.domain.delivery import Delivery
from contacts_tui.domain.message import Message, NewMessage
from contacts_tui.domain.reachability import Reach
from contacts_tui.domain.template import TemplateChoice
from contacts_tui.services import messaging, threads
from contacts_tui.services.errors import BadInput, Refused
from contacts_tui.store import conversations, outbox
from tests.services.world import VALUES, World


def send_template(world: World, contact_id: int, template_id: int, values: dict[str, str]) -> Message:
    identity = world.identity(contact_id, Channel.WHATSAPP)
    return world.store.call(
        messaging.send,
        identity.id,
        world.whatsapp.id,
        NewMessage(uid=messaging.new_uid(), author="Kim"),
        template=TemplateChoice(template_id, values),
    )


def test_an_sms_starts_a_conversation_and_waits_in_the_outbox(world: World) -> None:
    ann = world.person()
    message = world.send(ann, world.shop, "Your parcel left")
    assert (message.status, message.body, message.author) == (Delivery.QUEUED, "Your parcel left", "Kim")
    assert world.store.call_read(lambda session, _: outbox.task_of(session, message.id)) is outbox.Task.SEND


def test_complaint_12_one_submission_sent_twice_is_one_message(world: World) -> None:
    ann = world.person()
    uid = messaging.new_uid()
    first = world.send(ann, world.shop, "once", uid)
    second = world.send(ann, world.shop, "once", uid)
    assert first.id == second.id
    assert len(world.thread(ann)) == 1


def test_complaint_4_a_template_continues_the_thread_that_exists(world: World) -> None:
    ann = world.person()
    template = world.template()
    world.hears(world.whatsapp, "hello")
    world.clock.forward(days=3)
    message = send_template(world, ann, template.id, dict(VALUES))
    assert {m.conversation_id for m in world.thread(ann)} == {message.conversation_id}
    assert message.body == "Hi O'Brien <3, order 4711 is ready."


def test_complaint_5_free_text_is_blocked_once_the_window_closed_and_nothing_is_stored(world: World) -> None:
    ann = world.person()
    world.template()
    world.hears(world.whatsapp, "hello")
    world.clock.now += window.LENGTH - window.SAFETY_MARGIN - timedelta(seconds=1)
    world.send(ann, world.whatsapp, "just in time")
    world.clock.forward(seconds=1)
    with pytest.raises(Refused) as refusal:
        world.send(ann, world.whatsapp, "too late")
    assert refusal.value.state.reach is Reach.TEMPLATE
    assert [m.body for m in world.thread(ann)] == ["hello", "just in time"]


@pytest.mark.parametrize("approval", ["paused", "pending", "rejected", "brand-new-state"])
def test_complaint_7_only_approved_templates_can_be_sent(world: World, approval: str) -> None:
    ann = world.person()
    template = world.template(approval=approval)
    world.hears(world.whatsapp, "hello")
    with pytest.raises(BadInput, match="order_ready can't be sent"):
        send_template(world, ann, template.id, dict(VALUES))


def test_every_variable_of_a_template_is_required(world: World) -> None:
    ann = world.person()
    template = world.template()
    with pytest.raises(BadInput, match="2"):
        send_template(world, ann, template.id, {"1": "Ann"})
    assert world.thread(ann) == ()


@pytest.mark.parametrize("text", ["", "  \n\t "])
def test_an_empty_text_is_not_sent(world: World, text: str) -> None:
    with pytest.raises(BadInput, match="nothing to send"):
        world.send(world.person(), world.shop, text)


def test_a_text_over_the_limit_says_by_how_much(world: World) -> None:
    with pytest.raises(BadInput, match="3 characters too long for SMS"):
        world.send(world.person(), world.shop, "x" * 1603)


def test_complaint_6_a_closed_window_without_templates_says_what_to_do(world: World) -> None:
    ann = world.person()
    with pytest.raises(Refused) as refusal:
        world.send(ann, world.whatsapp, "hello")
    assert "sync the templates" in refusal.value.sentence.casefold()


def test_a_choice_of_an_inbox_counts_for_its_person_and_its_agent_until_a_later_message(world: World) -> None:
    returns = world.inbox("Returns", Channel.SMS, "+12025550102")
    ann, ben = world.person(), world.person("Ben", "+12025550143")
    world.send(ann, returns, "hello")

    def offered(contact_id: int, agent: str = "Kim") -> tuple[int, bool]:
        found = world.store.call_read(messaging.routes_to, contact_id, Channel.SMS, agent)
        return found.routes[found.preselected].inbox.id, found.must_ask

    assert offered(ann) == (returns.id, False)
    assert offered(ben) == (world.shop.id, True), "what was chosen for somebody else says nothing"
    world.store.call(messaging.choose_route, world.identity(ben, Channel.SMS).id, returns.id, "Kim")
    assert offered(ben) == (returns.id, False)
    assert offered(ben, "Noor") == (world.shop.id, True)
    world.clock.forward(minutes=1)
    world.hears(world.shop, "Hello, Shop", "+12025550143")
    assert offered(ben) == (world.shop.id, False)


def test_drafts_belong_to_a_conversation_and_go_with_the_send(world: World) -> None:
    ann = world.person()
    identity = world.identity(ann, Channel.SMS)
    world.store.call(messaging.save_draft, identity.id, world.shop.id, "half a tho")
    assert world.store.call_read(messaging.draft, identity.id, world.shop.id) == "half a tho"
    world.send(ann, world.shop, "half a thought, whole")
    assert world.store.call_read(messaging.draft, identity.id, world.shop.id) == ""


def test_a_refused_send_keeps_the_draft(world: World) -> None:
    ann = world.person()
    identity = world.identity(ann, Channel.WHATSAPP)
    world.store.call(messaging.save_draft, identity.id, world.whatsapp.id, "kept")
    with pytest.raises(Refused):
        world.send(ann, world.whatsapp, "kept")
    assert world.store.call_read(messaging.draft, identity.id, world.whatsapp.id) == "kept"


def test_reading_a_thread_marks_what_was_unread(world: World) -> None:
    ann = world.person()
    world.hears(world.shop, "one")
    world.clock.forward(seconds=5)
    conversation_id = world.thread(ann)[0].conversation_id
    world.store.call(messaging.mark_read, conversation_id)
    world.clock.forward(seconds=5)
    world.hears(world.shop, "two")
    world.hears(world.shop, "three")
    page = world.store.call_read(threads.page, conversation_id)
    assert page.first_unread_id == page.messages[1].message.id
    conversation = world.store.call_read(lambda session, _: conversations.get(session, conversation_id))
    assert conversation is not None and conversation.unread == 2


def test_a_thread_is_read_by_pages_without_gap_or_repeat(world: World) -> None:
    ann = world.person()
    for number in range(23):
        world.hears(world.shop, str(number))
    conversation_id = world.thread(ann)[0].conversation_id
    page = world.store.call_read(threads.page, conversation_id, limit=10)
    seen = [v.message.body for v in page.messages]
    while page.has_older:
        page = world.store.call_read(threads.page, conversation_id, before=page.messages[0].message.id, limit=10)
        seen = [v.message.body for v in page.messages] + seen
    assert seen == [str(number) for number in range(23)]
    oldest = page.messages[0].message.id
    newer = world.store.call_read(threads.newer, conversation_id, after=oldest, limit=5)
    assert [v.message.body for v in newer] == ["1", "2", "3", "4", "5"]


def test_an_opt_out_on_sms_leaves_whatsapp_open(world: World) -> None:
    ann = world.person()
    world.hears(world.whatsapp, "hello")
    world.hears(world.shop, " Stop ")
    with pytest.raises(Refused, match="START"):
        world.send(ann, world.shop, "hello?")
    assert world.send(ann, world.whatsapp, "on WhatsApp then").status is Delivery.QUEUED
    world.hears(world.shop, "START")
    assert world.send(ann, world.shop, "hello again").status is Delivery.QUEUED
