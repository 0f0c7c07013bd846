"""What comes in: each event once, to the right person, in any order."""

import threading
from datetime import timedelta

import pytest

from contacts_tui.channels.base import (
    Accepted,
    Event,
    InboundMessage,
    MessageEdited,
    PassedOver,
)
from contacts_tui.domain.change import ChangeKind
from contacts_tui.domain.channel import Channel
from contacts_tui.domain.delivery import Delivery
from contacts_tui.domain.message import AttemptOutcome, Media, Message
from contacts_tui.domain.opt_out import opt_word
from contacts_tui.domain.reachability import Reach
from contacts_tui.screens.inboxes import inbox_words
from contacts_tui.services import delivery, health, inbound, messaging, people, reachability
from contacts_tui.services.errors import NotFound
from contacts_tui.services.workers import outbox
from contacts_tui.store import attempts as attempt_log
from contacts_tui.store import change_feed, contacts, conversations, inboxes
from tests.services.world import ANN, START, World, people_in


def on_its_way(world: World, contact_id: int, text: str = "hello") -> Message:
    """Return a message that an outbox has just claimed."""
    message = world.send(contact_id, world.shop, text)
    world.store.call(outbox.take, "test", 8)
    return world.message(message.id)


def test_an_unknown_sender_becomes_a_new_contact(world: World) -> None:
    world.hears(world.whatsapp, "hi", "+12025550177", profile="Zoë")
    found = world.store.call_read(lambda session, _: contacts.by_key(session, "+12025550177"))
    assert [contact.name for contact in found] == ["Zoë"]


@pytest.mark.parametrize(
    ("stored", "writes_as"),
    [("+5511987654321", "+551187654321"), ("+525512345678", "+5215512345678")],
)
def test_complaint_11_a_number_in_another_spelling_is_the_same_person(
    world: World, stored: str, writes_as: str
) -> None:
    ana = world.person("Ana", stored)
    world.hears(world.whatsapp, "oi", writes_as)
    assert [m.body for m in world.thread(ana)] == ["oi"]
    assert world.identity(ana, Channel.WHATSAPP).address == writes_as


def test_a_number_known_from_sms_is_the_same_person_on_whatsapp(world: World) -> None:
    world.hears(world.shop, "by sms")
    world.hears(world.whatsapp, "by whatsapp")
    assert [m.channel for m in world.thread(1)] == [Channel.SMS, Channel.WHATSAPP]


def test_complaint_15_3079_who_has_several_phones_is_one_person_and_answered_where_they_wrote(world: World) -> None:
    other = "+12025550177"
    ann = world.person("Ann Lee", ANN, other)
    for number in (other, ANN, other):
        world.clock.forward(minutes=1)
        world.hears(world.shop, f"from {number}", number)
        (state,) = [s for s in world.store.call_read(reachability.channels, ann) if s.channel is Channel.SMS]
        identities = world.store.call_read(lambda session, _: contacts.identities(session, ann))
        assert next(i.address for i in identities if i.id == state.identity_id) == number
        assert not state.must_choose
    assert [m.body for m in world.thread(ann)] == [f"from {number}" for number in (other, ANN, other)]
    assert people_in(world.store) == [ann]


def test_an_odd_address_is_never_refused(world: World) -> None:
    world.hears(world.shop, "your code is 1234", "BANK-INFO")
    assert world.thread(1)[0].body == "your code is 1234"


def test_the_same_webhook_twice_at_once_is_one_message(world: World) -> None:
    event = InboundMessage("SM1", "SM1", ANN, "hello", (), "", world.clock(), {})
    threads = [
        threading.Thread(target=world.store.call, args=(inbound.apply, world.shop.id, [event])) for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [m.body for m in world.thread(1)] == ["hello"]


def test_an_inbox_that_is_not_ours_is_refused(world: World) -> None:
    with pytest.raises(NotFound):
        world.store.call(inbound.apply, 99, [])


def test_a_request_that_tells_nothing_was_heard_all_the_same(world: World) -> None:
    world.store.call(inbound.apply, world.shop.id, [])
    shop = world.store.call_read(lambda session, _: inboxes.get(session, world.shop.id))
    assert shop is not None
    assert shop.last_received_at == world.clock()


def test_complaint_3_the_window_counts_from_the_provider_s_time(world: World) -> None:
    ann = world.person()
    world.template()
    world.clock.forward(hours=20)
    world.hears(world.whatsapp, "sent long ago", at=START)
    assert world.thread(ann)[0].at == START
    world.clock.forward(hours=4)
    identity = world.identity(ann, Channel.WHATSAPP)
    assert world.store.call_read(reachability.state, identity.id, world.whatsapp.id).reach is Reach.TEMPLATE


def test_a_time_ahead_of_ours_opens_no_longer_window(world: World) -> None:
    ann = world.person()
    world.template()
    world.hears(world.whatsapp, "from tomorrow", at=START + timedelta(days=1))
    world.clock.forward(hours=24)
    identity = world.identity(ann, Channel.WHATSAPP)
    assert world.store.call_read(reachability.state, identity.id, world.whatsapp.id).reach is Reach.TEMPLATE


def test_complaint_2_statuses_in_any_order_never_go_backwards(world: World) -> None:
    message = on_its_way(world, world.person())
    reference = f"{message.uid}.1"
    for status in (Delivery.DELIVERED, Delivery.SENT, Delivery.READ, Delivery.DELIVERED, None):
        world.reported(world.shop, status, sid="SM9", reference=reference)
    assert world.message(message.id).status is Delivery.READ
    ledger = world.store.call_read(messaging.ledger, message.id)
    assert ledger is not None and [e.status for e in ledger.events] == ["delivered", "sent", "read", "queued"]


def test_a_callback_before_the_answer_names_the_message(world: World) -> None:
    message = on_its_way(world, world.person())
    world.reported(world.shop, Delivery.SENT, sid="SM9", reference=f"{message.uid}.1")
    assert (world.message(message.id).status, world.message(message.id).provider_id) == (Delivery.SENT, "SM9")


def test_events_of_an_id_not_known_yet_are_parked_and_applied_when_it_appears(world: World) -> None:
    message = on_its_way(world, world.person())
    world.reported(world.shop, Delivery.DELIVERED, sid="SM9")
    assert world.message(message.id).status is Delivery.SENDING
    attempt = world.store.call_read(lambda session, _: attempt_log.of_message(session, message.id))[0]
    world.store.call(delivery.record, message.id, attempt, Accepted("SM9", Delivery.SENT))
    assert world.message(message.id).status is Delivery.DELIVERED


def test_a_report_to_another_inbox_moves_nothing(world: World) -> None:
    message = on_its_way(world, world.person())
    world.reported(world.whatsapp, Delivery.FAILED, sid="SM9", reference=f"{message.uid}.1", code="30003")
    assert world.message(message.id).status is Delivery.SENDING


def test_complaint_1_a_retry_is_a_new_attempt_and_an_old_report_does_not_undo_it(world: World) -> None:
    message = on_its_way(world, world.person())
    world.reported(world.shop, Delivery.FAILED, sid="SM1", reference=f"{message.uid}.1", code="30003")
    attempt = world.store.call_read(lambda session, _: attempt_log.of_message(session, message.id))[0]
    world.store.call(delivery.record, message.id, attempt, Accepted("SM1", Delivery.SENT))
    world.store.call(messaging.retry, message.id)
    world.store.call(outbox.take, "test", 8)
    world.reported(world.shop, Delivery.DELIVERED, sid="SM2", reference=f"{message.uid}.2")
    world.reported(world.shop, Delivery.FAILED, sid="SM1", reference=f"{message.uid}.1", code="30005")
    assert world.message(message.id).status is Delivery.DELIVERED
    ledger = world.store.call_read(messaging.ledger, message.id)
    assert ledger is not None
    assert [a.number for a in ledger.attempts] == [1, 2]
    assert {a.outcome for a in ledger.attempts} == {AttemptOutcome.ACCEPTED}


@pytest.mark.parametrize("late", [Delivery.SENT, Delivery.FAILED])
def test_a_late_report_on_what_failed_does_not_swallow_the_retry(world: World, late: Delivery) -> None:
    message = on_its_way(world, world.person())
    attempt = world.store.call_read(lambda session, _: attempt_log.of_message(session, message.id))[0]
    world.store.call(delivery.record, message.id, attempt, Accepted("SM1", Delivery.SENT))
    world.reported(world.shop, Delivery.FAILED, sid="SM1", reference=f"{message.uid}.1", code="30003")
    world.store.call(messaging.retry, message.id)
    code = "30005" if late is Delivery.FAILED else ""
    world.reported(world.shop, late, sid="SM1", reference=f"{message.uid}.1", code=code)
    assert world.message(message.id).status is Delivery.QUEUED
    (job,) = world.store.call(outbox.take, "test", 8)
    assert (job.message_id, job.attempt.number) == (message.id, 2)


@pytest.mark.parametrize("early", [False, True])
def test_a_change_brings_its_files(world: World, early: bool) -> None:
    bot = world.inbox("Bot", Channel.TELEGRAM, "shop_bot")
    photo = Media("file:1", "image/jpeg", "", 2000)
    said = InboundMessage("42:11", "42:11", "42", "here it is", (), "", world.clock(), {})
    changed: list[Event] = [
        MessageEdited("42:11:edited:1", "42:11", "", (photo,), world.clock() + timedelta(seconds=2), {}),
        MessageEdited("42:11:edited:2", "42:11", "the receipt", None, world.clock() + timedelta(seconds=3), {}),
    ]
    came = [*changed, said] if early else [said, *changed]
    for event in came:
        world.store.call(inbound.apply, bot.id, [event])
    (message,) = world.thread(world.owner(bot, "42"))
    assert (message.body, message.media) == ("the receipt", (photo,))
    assert message.edited_at == world.clock() + timedelta(seconds=3)


def test_an_inbox_that_hears_much_is_told_of_once_a_minute(world: World) -> None:
    def told() -> int:
        feed = world.store.call_read(lambda session, _: change_feed.since(session, 0, 1000))
        return sum(change.kind is ChangeKind.INBOX for change in feed)

    world.hears(world.shop, "one")
    before = told()
    for second in range(1, 60):
        world.clock.forward(seconds=1)
        world.hears(world.shop, f"after {second}")
    assert told() == before
    world.clock.forward(seconds=1)
    world.hears(world.shop, "a minute later")
    # One change tells that the provider called, the other that a person wrote.
    assert told() == before + 2
    shop = world.store.call_read(lambda session, _: inboxes.get(session, world.shop.id))
    assert shop is not None
    assert shop.last_inbound_at == world.clock()


def test_what_a_burst_adds_up_to(world: World) -> None:
    ann = world.person()
    world.hears(world.shop, "late", at=START)
    events = [
        InboundMessage(f"SM{n}", f"SM{n}", ANN, body, (), "", START + timedelta(seconds=at), {}, opts=opt_word(body))
        for n, (body, at) in enumerate([("three", 3), ("STOP", 2), ("three again", 3), ("one", 1)])
    ]
    world.clock.forward(seconds=5)
    world.store.call(inbound.apply, world.shop.id, [*events, events[0]])
    assert [message.body for message in world.thread(ann)] == ["late", "one", "STOP", "three", "three again"]
    (conversation,) = world.store.call_read(lambda session, _: conversations.of_contact(session, ann))
    assert (conversation.unread, conversation.last_inbound_at) == (5, START + timedelta(seconds=3))
    assert conversation.last_message_at == START + timedelta(seconds=3)
    assert world.identity(ann, Channel.SMS).opted_out_at == START + timedelta(seconds=2)
    (row,) = world.store.call_read(people.rows, [ann])
    assert (row.unread, row.last_text) == (5, "three again")


def test_what_is_passed_over_is_counted_once_and_shown(world: World) -> None:
    def passed() -> list[tuple[str, int]]:
        found = world.store.call_read(health.listed)
        return [(each.kind, each.count) for one in found for each in one.passed_over]

    def told(key: str, kind: str) -> None:
        world.clock.forward(seconds=1)
        world.store.call(inbound.apply, world.shop.id, [PassedOver(key, kind, world.clock(), {})])

    for key, kind in (("r1", "reaction"), ("r1", "reaction"), ("r2", "reaction"), ("", "group"), ("", "group")):
        told(key, kind)
    assert passed() == [("group", 2), ("reaction", 2)]
    (found, *_) = world.store.call_read(health.listed)
    assert found.passed_over[0].last_at == world.clock()
    facts = {fact.label: fact.text for fact in inbox_words.facts(found, world.clock(), ())}
    assert facts["Ignored"].startswith("2 × group (")
    for number in range(80):
        told(f"k{number}", f"kind {number}")
    assert len(passed()) == 51
    assert ("other", 32) in passed()
