"""An inbox that is disconnected: its threads stay, nothing leaves or comes in, and it can be connected again."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import col, select

from contacts_tui.channels.base import WebhookKind
from contacts_tui.channels.registry import Adapters
from contacts_tui.domain.channel import Channel
from contacts_tui.domain.delivery import Delivery
from contacts_tui.domain.health import Source, State
from contacts_tui.domain.inbox import Inbox, InboxForm
from contacts_tui.domain.message import NewMessage
from contacts_tui.domain.reachability import ChannelState, Reach
from contacts_tui.services import health, inbox_problems, inboxes, messaging, people, reachability
from contacts_tui.services.errors import NotFound, Refused
from contacts_tui.services.workers import outbox, polling
from contacts_tui.services.workers.polling import Poller
from contacts_tui.store import inboxes as rows
from contacts_tui.store.errors import InboxExists
from contacts_tui.store.message_tables import MessageRow
from tests.patience import LIMIT
from tests.sandbox.conftest import empty as empty
from tests.sandbox.driver import Driver, eventually, until
from tests.services.bots import BOT, BOT_TOKEN, Bots
from tests.services.world import ACCOUNT, World


def state(world: World, contact_id: int, channel: Channel = Channel.SMS) -> ChannelState:
    """Return the state of a channel in the person's messaging section."""
    return next(s for s in world.store.call_read(reachability.channels, contact_id) if s.channel is channel)


def reconnect(world: World, **changes: Any) -> Inbox:
    """Connect the shop's number again."""
    given = {"name": "Shop", "address": world.shop.address, "account": ACCOUNT, "secret": "env:NEW_TOKEN"} | changes
    return world.store.call(inboxes.connect, "Kim", InboxForm(channel=Channel.SMS, **given))


def test_the_thread_stays_and_says_why_it_can_not_go_on(world: World) -> None:
    ann = world.person()
    world.hears(world.shop, "Hello")
    before = state(world, ann)
    world.store.call(inboxes.put_aside, "Kim", world.shop.id)
    world.clock.forward(hours=3)
    after = state(world, ann)
    assert (after.reach, after.words) == (Reach.CLOSED, "inbox disconnected")
    assert after.reason == "Shop was disconnected 3 h ago"
    assert after.conversation_id == before.conversation_id
    assert [message.body for message in world.thread(ann)] == ["Hello"]
    identity = world.identity(ann, Channel.SMS)
    with pytest.raises(Refused, match="Shop was disconnected"):
        world.store.call(
            messaging.send, identity.id, world.shop.id, NewMessage(uid=messaging.new_uid(), author="Kim", body="Hi")
        )


def test_a_person_without_a_thread_there_is_told_that_nothing_is_connected(world: World) -> None:
    ann = world.person()
    world.store.call(inboxes.put_aside, "Kim", world.shop.id)
    assert state(world, ann).words == "no inbox connected"


def test_another_number_takes_over_and_the_old_thread_is_still_there_to_be_read(world: World) -> None:
    ann = world.person()
    world.hears(world.shop, "Hello")
    world.store.call(inboxes.put_aside, "Kim", world.shop.id)
    other = world.inbox("Other", Channel.SMS, "+12025550102")
    assert (state(world, ann).reach, state(world, ann).inbox_id) == (Reach.OPEN, other.id)
    routes = world.store.call_read(messaging.routes_to, ann, Channel.SMS, "Kim")
    assert [route.inbox.id for route in routes.routes] == [other.id, world.shop.id]
    assert not routes.must_ask


def test_what_waits_to_leave_fails_and_can_be_tried_again_after_the_return(world: World) -> None:
    ann = world.person()
    message = world.send(ann, world.shop, "On its way")
    assert world.store.call_read(inboxes.preview_disconnect, world.shop.id).waiting == 1
    assert world.store.call(inboxes.put_aside, "Kim", world.shop.id) == 1
    failed = world.message(message.id)
    assert (failed.status, failed.error_code) == (Delivery.FAILED, "disconnected")
    assert world.store.call(outbox.take, "me", 9) == ()
    with pytest.raises(Refused):
        world.store.call(messaging.retry, message.id)
    reconnect(world)
    world.store.call(messaging.retry, message.id)
    (job,) = world.store.call(outbox.take, "me", 9)
    assert (job.message_id, job.inbox.secret) == (message.id, "env:NEW_TOKEN")


def test_a_message_that_slipped_in_is_withheld(world: World) -> None:
    ann = world.person()
    world.store.call(inboxes.put_aside, "Kim", world.shop.id)
    reconnect(world)
    message = world.send(ann, world.shop, "Just before")
    # Another process disconnects the inbox at the same moment.
    world.store.call(rows.disconnect, world.shop.id)
    assert world.store.call(outbox.take, "me", 9) == ()
    assert world.message(message.id).error_code == "disconnected"


def test_the_same_address_comes_back_with_its_threads(world: World) -> None:
    ann = world.person()
    world.hears(world.shop, "Hello")
    before = state(world, ann)
    world.store.call(inbox_problems.failed, world.shop.id, Source.SENDING, "20003")
    world.store.call(inboxes.put_aside, "Kim", world.shop.id)
    world.clock.forward(days=2)
    back = reconnect(world, name="Shop again")
    assert (back.id, back.name, back.secret) == (world.shop.id, "Shop again", "env:NEW_TOKEN")
    assert (back.is_connected, back.connected_at) == (True, world.clock())
    assert state(world, ann) == before
    (found,) = (each for each in world.store.call_read(health.listed) if each.inbox.id == back.id)
    assert found.state is State.LIVE
    with pytest.raises(InboxExists, match="as the inbox Shop again"):
        reconnect(world, name="Third")


def test_the_name_of_a_disconnected_inbox_is_not_free(world: World) -> None:
    world.store.call(inboxes.put_aside, "Kim", world.shop.id)
    with pytest.raises(InboxExists, match="a disconnected inbox named Shop"):
        reconnect(world, address="+12025550177")
    assert world.store.call_read(inboxes.listed) == (world.whatsapp,)
    assert len(world.store.call_read(lambda session, _: rows.list_all(session))) == 2


def test_what_is_disconnected_can_neither_be_changed_nor_disconnected_again(world: World) -> None:
    world.store.call(inboxes.put_aside, "Kim", world.shop.id)
    for call in (
        lambda: world.store.call(inboxes.put_aside, "Kim", world.shop.id),
        lambda: world.store.call(inboxes.change, "Kim", world.shop.id, world.shop.form),
    ):
        with pytest.raises(NotFound, match="not connected"):
            call()


def test_its_webhook_takes_only_what_became_of_earlier_messages(world: World) -> None:
    world.store.call(inboxes.put_aside, "Kim", world.shop.id)
    assert world.store.call_read(inboxes.sharing_webhook, world.shop.id, WebhookKind.INBOUND) == ()
    (inbox,) = world.store.call_read(inboxes.sharing_webhook, world.shop.id, WebhookKind.STATUS)
    assert inbox.id == world.shop.id


def test_a_change_keeps_channel_and_address(world: World) -> None:
    form = world.shop.form
    changed = world.store.call(
        inboxes.change,
        "Kim",
        world.shop.id,
        type(form)(Channel.TELEGRAM, " Front desk ", "@other", ACCOUNT, "keyring:desk", "https://api.example.com/"),
    )
    assert (changed.channel, changed.address) == (Channel.SMS, world.shop.address)
    assert (changed.name, changed.secret) == ("Front desk", "keyring:desk")
    assert changed.base_url == "https://api.example.com"
    with pytest.raises(InboxExists):
        world.store.call(inboxes.change, "Kim", world.shop.id, world.whatsapp.form)


async def test_a_disconnected_bot_is_not_polled_and_goes_on_where_it_was(
    world: World, empty: Driver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BOT_TOKEN", BOT_TOKEN)
    bots = Bots(empty)
    await bots.prepare()
    inbox = bots.connect(world.store)
    adapters, stop = Adapters(), asyncio.Event()
    polling_on = asyncio.ensure_future(Poller(world.store, adapters).run(stop))
    try:
        await bots.says("one")
        await until(lambda: heard(world, inbox) == "one", deadline=LIMIT)
        world.store.call(inboxes.put_aside, "Kim", inbox.id)
        # This ends the open long poll: the update it returns is not stored, and so not acknowledged.
        await bots.says("two")
        await eventually(lambda: silent(bots), deadline=LIMIT)
        world.clock.forward(seconds=60)
        assert world.store.call(polling.begin, inbox.id, "another") is None
        assert heard(world, inbox) == "one"
        bots.connect(world.store)
        await until(lambda: heard(world, inbox) == "two", deadline=LIMIT)
    finally:
        stop.set()
        await polling_on
        await adapters.aclose()


@pytest.fixture
async def bots(empty: Driver, monkeypatch: pytest.MonkeyPatch) -> Bots:
    """Return a sandbox that knows our bot."""
    monkeypatch.setenv("BOT_TOKEN", BOT_TOKEN)
    made = Bots(empty)
    await made.prepare()
    return made


async def called(world: World, bots: Bots, url: str = "") -> Inbox:
    """Connect a bot whose webhook at Telegram is ours, or the one given."""
    inbox = bots.connect(world.store, options={"receive": "webhook"})
    ours, _ = world.store.call_read(inboxes.webhooks, inbox.id)
    await bots.sandbox.client.post(
        f"{bots.sandbox.base_url}/bot{BOT_TOKEN}/setWebhook", data={"url": url or ours, "secret_token": "s"}
    )
    assert (await bots.state())["webhook"] == (url or ours)
    return inbox


def is_put_aside(world: World, inbox: Inbox) -> bool:
    """Return whether the inbox is disconnected in the store."""
    found = world.store.call_read(inboxes.get, inbox.id)
    return found is not None and not found.is_connected


async def test_telegram_is_asked_to_forget_the_webhook(world: World, bots: Bots) -> None:
    inbox = await called(world, bots)
    assert await inboxes.disconnect(world.store, "Kim", inbox.id) == inboxes.Disconnected(0, "")
    assert is_put_aside(world, inbox)
    assert not (await bots.state())["webhook"]


async def test_a_webhook_of_somebody_else_stays(world: World, bots: Bots) -> None:
    inbox = await called(world, bots, "https://elsewhere.example/hook")
    assert (await inboxes.disconnect(world.store, "Kim", inbox.id)).webhook_left == ""
    assert (await bots.state())["webhook"] == "https://elsewhere.example/hook"


async def test_a_revoked_token_leaves_the_webhook_and_that_is_said(world: World, bots: Bots) -> None:
    inbox = await called(world, bots)
    await bots.sandbox.control("telegram/bots", {"token": f"{BOT_TOKEN}-new", "username": BOT})
    parted = await inboxes.disconnect(world.store, "Kim", inbox.id)
    assert parted.webhook_left == "Its webhook is still set at Telegram: Telegram doesn't accept the bot's token."
    assert is_put_aside(world, inbox)


async def test_what_has_no_webhook_that_we_set_asks_nobody(world: World) -> None:
    bot = world.inbox("Bot", Channel.TELEGRAM, BOT, "http://127.0.0.1:1")
    for inbox in (bot, world.shop):
        assert (await inboxes.disconnect(world.store, "Kim", inbox.id)).webhook_left == ""
        assert is_put_aside(world, inbox)
    with pytest.raises(NotFound):
        await inboxes.disconnect(world.store, "Kim", bot.id)


def heard(world: World, inbox: Inbox) -> str:
    """Move the clock a little, and return the text of the inbox's latest message, or an empty one."""
    world.clock.forward(seconds=0.01)
    wanted = select(MessageRow.body).where(MessageRow.inbox_id == inbox.id).order_by(col(MessageRow.id).desc())
    return world.store.call_read(lambda session, _: session.exec(wanted).first()) or ""


async def silent(bots: Bots) -> bool:
    """Return whether no process is asking for the bot's updates."""
    return not (await bots.state())["polling"]


def test_a_bot_that_is_gone_leaves_a_link_to_another(world: World) -> None:
    first = world.store.call(
        inboxes.connect,
        "Kim",
        InboxForm(name="Old bot", channel=Channel.TELEGRAM, address=BOT, account="", secret="env:BOT_TOKEN"),
    )
    world.hears(first, "Hi", "4711", profile="Sam Poe", at=world.clock() - timedelta(hours=1))
    sam = world.store.call_read(people.find, "Sam Poe").id
    world.store.call(inboxes.put_aside, "Kim", first.id)
    world.store.call(
        inboxes.connect,
        "Kim",
        InboxForm(name="New bot", channel=Channel.TELEGRAM, address="new_shop_bot", account="", secret="env:BOT_TOKEN"),
    )
    found = state(world, sam, Channel.TELEGRAM)
    assert (found.words, found.link) == ("inbox disconnected", "https://t.me/new_shop_bot")
    assert "ask them to message New bot" in found.remedy
