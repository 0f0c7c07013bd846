"""The health of inboxes: what causes and ends their problems, which process receives, and what waits."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from contacts_tui.channels.base import Accepted, NotSent, OutcomeUnknown, Refused, SendResult
from contacts_tui.domain.channel import Channel
from contacts_tui.domain.delivery import Delivery
from contacts_tui.domain.health import GRACE, InboxHealth, Queue, Source, State
from contacts_tui.domain.inbox import Inbox, InboxForm
from contacts_tui.domain.message import Message
from contacts_tui.domain.reachability import ChannelState, Reach
from contacts_tui.services import delivery, health, inbox_problems, inboxes, reachability
from contacts_tui.services.errors import BadInput
from contacts_tui.services.workers import heartbeat, polling
from contacts_tui.store import attempts, settings
from tests.sandbox.conftest import empty as empty
from tests.sandbox.driver import Driver, until
from tests.services.bots import BOT, BOT_TOKEN, Bots
from tests.services.world import World


@pytest.fixture
async def bots(empty: Driver, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Bots]:
    """Yield a sandbox that knows our bot."""
    monkeypatch.setenv("BOT_TOKEN", BOT_TOKEN)
    made = Bots(empty)
    await made.prepare()
    yield made


def bot(world: World) -> Inbox:
    """Connect a bot that is at no provider."""
    return world.store.call(
        inboxes.connect,
        "Kim",
        InboxForm(name="Shop bot", channel=Channel.TELEGRAM, address=BOT, account="", secret="env:BOT_TOKEN"),
    )


def state(world: World, inbox: Inbox) -> InboxHealth:
    """Return the present health of the inbox."""
    return next(each for each in world.store.call_read(health.listed) if each.inbox.id == inbox.id)


def answered(world: World, message: Message, result: SendResult) -> None:
    """Record this result of an attempt to send the message, as the outbox does."""
    attempt = world.store.call(attempts.begin, message.id)
    world.store.call(delivery.record, message.id, attempt, result)


def sms(world: World, contact_id: int) -> ChannelState:
    """Return the SMS row of the person's messaging section."""
    return next(s for s in world.store.call_read(reachability.channels, contact_id) if s.channel is Channel.SMS)


def test_a_rejected_token_is_told_until_a_message_leaves(world: World) -> None:
    ann = world.person()
    first = world.send(ann, world.shop, "one")
    answered(world, first, Refused("20003", "Authenticate"))
    found = state(world, world.shop)
    assert (found.state, found.state.words) == (State.TROUBLE, "needs attention")
    assert found.care == "Twilio doesn't accept the inbox's credential: ask an administrator to renew it"
    assert [(t.source, t.code, t.at) for t in found.troubles] == [(Source.SENDING, "20003", world.clock())]
    assert state(world, world.whatsapp).state is State.LIVE
    world.clock.forward(minutes=5)
    answered(world, world.send(ann, world.shop, "two"), Accepted("SM" + "1" * 32, Delivery.SENT))
    found = state(world, world.shop)
    assert (found.state, found.troubles) == (State.LIVE, ())
    assert found.last_error is not None
    assert (found.last_error.code, found.last_error.at) == ("20003", world.clock() - timedelta(minutes=5))


def test_the_messaging_section_says_that_the_only_inbox_is_in_trouble(world: World) -> None:
    ann = world.person()
    assert sms(world, ann).caution == ""
    answered(world, world.send(ann, world.shop, "one"), Refused("20003", "Authenticate"))
    assert sms(world, ann).caution == "Shop needs attention: Twilio doesn't accept the inbox's credential"
    assert sms(world, ann).reach is Reach.OPEN


def test_what_lies_at_the_setting_up_needs_care_and_says_nothing_of_the_token(world: World) -> None:
    ann = world.person()
    answered(world, world.send(ann, world.shop, "one"), Refused("21408", "Permission"))
    assert state(world, world.shop).state is State.TROUBLE
    assert sms(world, ann).caution == ""


@pytest.mark.parametrize(
    ("result", "code"),
    [
        (NotSent("no_connection", "refused"), "no_connection"),
        (OutcomeUnknown("timeout", "no answer"), "timeout"),
        (NotSent("20429", "too many", timedelta(seconds=3)), None),
        (Refused("30003", "unreachable"), None),
    ],
)
def test_a_broken_line_is_remembered_and_needs_no_care(world: World, result: SendResult, code: str | None) -> None:
    answered(world, world.send(world.person(), world.shop, "one"), result)
    found = state(world, world.shop)
    assert found.state is State.LIVE
    assert (found.last_error.code if found.last_error else None) == code


def test_a_good_answer_ends_its_own_trouble_and_doubts_about_the_credential(world: World) -> None:
    inbox = bot(world)
    for source, code in (
        (Source.RECEIVING, "conflict"),
        (Source.SENDING, "401"),
        (Source.CHECK, "unconfirmed"),
    ):
        world.store.call(inbox_problems.failed, inbox.id, source, code)
    world.store.call(inbox_problems.worked, inbox.id, Source.TEMPLATES)
    assert {trouble.source for trouble in state(world, inbox).troubles} == {Source.RECEIVING, Source.CHECK}
    world.store.call(inbox_problems.worked, inbox.id, Source.SENDING)
    assert [trouble.source for trouble in state(world, inbox).troubles] == [Source.RECEIVING]
    world.store.call(inbox_problems.worked, inbox.id, Source.CHECK)
    assert state(world, inbox).troubles == ()


def test_the_same_trouble_again_keeps_its_beginning(world: World) -> None:
    began = world.clock()
    for _ in range(3):
        world.store.call(inbox_problems.failed, world.shop.id, Source.TEMPLATES, "20003")
        world.clock.forward(minutes=15)
    (trouble,) = state(world, world.shop).troubles
    assert trouble.at == began


def test_a_bot_that_nobody_polls_is_told_after_a_moment(world: World) -> None:
    inbox = bot(world)
    assert state(world, inbox).state is State.LIVE
    world.clock.forward(seconds=GRACE.total_seconds() + 1)
    found = state(world, inbox)
    assert (found.state, found.receiving.holder) == (State.NOT_RECEIVING, "")
    assert found.care == "no process polls Telegram for its messages: start contacts-tui or contacts-tui serve"
    awake = world.store.call_read(health.listed, world.clock())
    assert [each.state for each in awake if each.inbox.id == inbox.id] == [State.LIVE]
    assert world.store.call(polling.begin, inbox.id, "desk/4711/ab12cd34") == ""
    began = world.clock()
    found = state(world, inbox)
    assert (found.state, found.receiving.holder, found.receiving.since) == (State.LIVE, "desk/4711", began)
    world.clock.forward(hours=2)
    assert "the last one stopped 1 h ago" in state(world, inbox).care


def test_who_polls_on_keeps_since_when(world: World) -> None:
    inbox = bot(world)
    world.store.call(polling.begin, inbox.id, "desk/1/a")
    began = world.clock()
    world.clock.forward(seconds=5)
    world.store.call(polling.give_back, inbox.id, "desk/1/a")
    world.clock.forward(seconds=5)
    world.store.call(polling.begin, inbox.id, "desk/1/a")
    assert state(world, inbox).receiving.since == began
    world.store.call(polling.give_back, inbox.id, "desk/1/a")
    world.store.call(polling.begin, inbox.id, "desk/2/b")
    assert state(world, inbox).receiving.since == world.clock()


async def test_a_receiver_that_stopped_is_told(world: World) -> None:
    assert state(world, world.shop).receiving.holder == ""
    stop = asyncio.Event()
    attending = asyncio.ensure_future(heartbeat.Attendance(world.store).run(stop))
    await until(lambda: state(world, world.shop).receiving.holder != "")
    stop.set()
    await attending
    # It was receiving; what came before its start has to be fetched first, which no process does here.
    assert state(world, world.shop).state is State.MISSING
    world.clock.forward(minutes=20)
    found = state(world, world.shop)
    assert (found.state, found.care) == (State.NOT_RECEIVING, "the receiver stopped 20 m ago: start contacts-tui serve")


def test_a_webhook_without_an_address_is_told(world: World) -> None:
    world.store.call(settings.put, "public_url", "")
    found = state(world, world.shop)
    assert found.state is State.NOT_RECEIVING
    assert "start contacts-tui serve --public-url URL" in found.care


def test_complaint_13_when_each_inbox_last_heard_something(world: World) -> None:
    assert state(world, world.shop).inbox.last_received_at is None
    world.hears(world.shop, "hello")
    written = world.clock()
    world.clock.forward(hours=3)
    world.reported(world.shop, Delivery.DELIVERED, sid="SM" + "9" * 32)
    inbox = state(world, world.shop).inbox
    assert (inbox.last_inbound_at, inbox.last_received_at) == (written, world.clock())
    assert state(world, world.whatsapp).inbox.last_received_at is None
    world.clock.forward(seconds=20)
    world.reported(world.shop, Delivery.READ, sid="SM" + "9" * 32)
    assert state(world, world.shop).inbox.heard_at == world.clock() - timedelta(seconds=20)


def test_what_is_on_its_way_is_counted_for_each_inbox(world: World) -> None:
    ann = world.person()
    world.send(ann, world.shop, "one")
    answered(world, world.send(ann, world.shop, "two"), OutcomeUnknown("timeout", "no answer"))
    assert state(world, world.shop).queue == Queue(waiting=1, unknown=1)
    assert state(world, world.whatsapp).queue == Queue()
    together = world.store.call_read(health.senders_together)
    assert (together.inboxes, together.queue, together.ailing) == (2, Queue(waiting=1, unknown=1), ())


def test_the_status_line_gets_the_most_urgent_first(world: World) -> None:
    inbox = bot(world)
    world.clock.forward(minutes=10)
    world.store.call(inbox_problems.failed, world.whatsapp.id, Source.TEMPLATES, "20003")
    ailing = world.store.call_read(health.senders_together).ailing
    assert [(name, state) for name, state, _ in ailing] == [
        ("Shop WhatsApp", State.TROUBLE),
        (inbox.name, State.NOT_RECEIVING),
    ]


async def test_a_check_remembers_what_the_provider_said(world: World, bots: Bots) -> None:
    inbox = bots.connect(world.store)
    await bots.sandbox.control("telegram/bots", {"token": f"{BOT_TOKEN}-new", "username": BOT})
    found = await health.check(world.store, inbox.id)
    assert (found.ok, found.code) == (False, "401")
    assert state(world, inbox).care.startswith("Telegram doesn't accept the bot's token")
    await bots.sandbox.control("telegram/bots", {"token": BOT_TOKEN, "username": BOT})
    assert (await health.check(world.store, inbox.id)).ok
    assert state(world, inbox).state is State.LIVE


async def test_a_credential_that_is_not_there_is_trouble_and_a_line_that_is_down_is_none(
    world: World, bots: Bots, monkeypatch: pytest.MonkeyPatch
) -> None:
    inbox = bots.connect(world.store)
    monkeypatch.delenv("BOT_TOKEN")
    found = await health.check(world.store, inbox.id)
    assert (found.ok, found.lines) == (False, ("The environment variable BOT_TOKEN is not set.",))
    assert state(world, inbox).state is State.TROUBLE
    away = world.inbox("Away", Channel.SMS, "+12025550103", "http://127.0.0.1:1")
    monkeypatch.setenv("TWILIO_TOKEN", "0" * 32)
    assert not (await health.check(world.store, away.id)).ok
    assert state(world, away).state is State.LIVE


async def test_a_sender_is_tried_out_before_it_is_stored(world: World, bots: Bots) -> None:
    form = InboxForm(Channel.TELEGRAM, "Bot", f"@{BOT}", secret="env:BOT_TOKEN", base_url=bots.sandbox.base_url)
    assert (await health.try_out(form)).ok
    by_webhook = InboxForm(
        Channel.TELEGRAM, "Bot", BOT, "", "env:BOT_TOKEN", bots.sandbox.base_url, {"receive": "webhook"}
    )
    assert (await health.try_out(by_webhook)).ok
    stranger = InboxForm(Channel.TELEGRAM, "Bot", "other_bot", "", "env:BOT_TOKEN", bots.sandbox.base_url)
    found = await health.try_out(stranger)
    assert (found.ok, found.code) == (False, "unconfirmed")
    assert world.store.call_read(inboxes.listed) == (world.shop, world.whatsapp)
    with pytest.raises(BadInput):
        await health.try_out(InboxForm(Channel.TELEGRAM, "Bot", BOT, secret="7001:AAH-fQ"))
