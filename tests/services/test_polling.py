"""Polling against the sandbox over HTTP: everything that people write is received once, by one process at a time."""

from collections.abc import Callable
from contextlib import closing
from datetime import timedelta

import pytest

from contacts_tui.domain.clock import utc_now
from contacts_tui.domain.delivery import Delivery
from contacts_tui.domain.inbox import Inbox
from contacts_tui.domain.message import NewMessage
from contacts_tui.domain.reachability import ChannelState, Reach
from contacts_tui.services import inbound, messaging, reachability
from contacts_tui.services.workers import polling
from contacts_tui.services.workers.polling import LEASE
from contacts_tui.store import contacts, messages
from contacts_tui.store.leases import LeaseLost
from contacts_tui.store.store import Store
from tests.sandbox.conftest import empty as empty
from tests.sandbox.driver import eventually, until
from tests.services.bots import BOT, JO, SAM, Bots
from tests.services.polling_world import (
    PATIENCE,
    Start,
    asked,
    heard,
    holders,
    identity,
    said,
    state,
    status,
    trouble,
    wrote,
)
from tests.services.polling_world import bots as bots
from tests.services.polling_world import bots_inbox as bots_inbox
from tests.services.polling_world import open_store as open_store
from tests.services.polling_world import start as start
from tests.services.polling_world import store as store
from tests.services.world import MovableClock


async def test_a_message_is_heard_and_answered(store: Store, bots: Bots, start: Start) -> None:
    inbox = bots.connect(store)
    start(store, with_outbox=True)
    provider_id = await bots.says("Is the blue one back?")
    await until(lambda: heard(store) == ["Is the blue one back?"], deadline=PATIENCE)
    sam = identity(store, inbox)
    assert (sam.address, sam.profile_name) == (str(SAM), "Sam Poe")
    assert state(store, inbox).reach is Reach.OPEN
    (message,) = store.call_read(lambda session, _: messages.page(session, contact_id=sam.contact_id, limit=9))
    assert message.provider_id == provider_id
    answer = store.call(
        messaging.send, sam.id, inbox.id, NewMessage(uid=messaging.new_uid(), author="Kim", body="<It> is.")
    )
    await until(lambda: status(store, answer) is Delivery.SENT, deadline=PATIENCE)
    taken = [entry for entry in (await bots.sandbox.look("messages"))["messages"] if entry["direction"] != "inbound"]
    assert [(entry["body"], entry["to"]) for entry in taken] == [("<It> is.", str(SAM))]
    await eventually(bots.acknowledged, deadline=PATIENCE)


async def test_what_was_written_while_nobody_listened_is_heard_once_and_in_order(
    store: Store, bots: Bots, start: Start
) -> None:
    bots.connect(store)
    said = [f"number {number}" for number in range(120)]
    for text in said:
        await bots.says(text, SAM if int(text[7:]) % 3 else JO)
    start(store)
    await until(lambda: len(heard(store)) >= len(said), deadline=PATIENCE)
    await eventually(bots.acknowledged, deadline=PATIENCE)
    assert heard(store) == said


async def test_an_edit_changes_the_message(store: Store, bots: Bots, start: Start) -> None:
    inbox = bots.connect(store)
    start(store)
    provider_id = await bots.says("size 41")
    await bots.says("size 42", edit=int(provider_id.partition(":")[2]))
    await until(lambda: heard(store) == ["size 42"], deadline=PATIENCE)
    edited = store.call_read(lambda session, _: messages.by_provider_id(session, inbox.id, provider_id))
    assert edited is not None
    assert edited.edited_at is not None


async def test_of_two_edits_in_one_second_the_later_one_stays(store: Store, bots: Bots, start: Start) -> None:
    bots.connect(store)
    start(store)
    at = "2026-11-17T12:00:00Z"
    number = int((await bots.says("size 41", at=at)).partition(":")[2])
    await bots.says("size 42", edit=number, at=at)
    await bots.says("size 43", edit=number, at=at)
    await eventually(bots.acknowledged, deadline=PATIENCE)
    await until(lambda: heard(store) == ["size 43"], deadline=PATIENCE)


async def test_a_block_closes_the_channel_and_its_end_opens_it(store: Store, bots: Bots, start: Start) -> None:
    inbox = bots.connect(store)
    start(store)
    await bots.says("hello")
    await until(lambda: heard(store) == ["hello"], deadline=PATIENCE)
    await bots.blocks()
    await until(lambda: state(store, inbox).reach is Reach.CLOSED, deadline=PATIENCE)
    assert "blocked" in state(store, inbox).reason
    assert state(store, inbox).link == f"https://t.me/{BOT}"
    await bots.blocks(False)
    await until(lambda: state(store, inbox).reach is Reach.OPEN, deadline=PATIENCE)


async def test_who_never_started_the_bot_can_not_be_reached_until_they_write(
    store: Store, bots: Bots, start: Start
) -> None:
    inbox = bots.connect(store)
    stranger = 77
    await bots.sandbox.control("telegram/people", {"chat_id": stranger, "first_name": "Di"})
    store.call(inbound.apply, inbox.id, [said(str(stranger), "hello", utc_now())])
    di = identity(store, inbox, stranger)

    def shown() -> ChannelState:
        return store.call_read(reachability.state, di.id, inbox.id)

    assert shown().reach is Reach.OPEN
    start(store, with_outbox=True)
    store.call(messaging.send, di.id, inbox.id, NewMessage(uid=messaging.new_uid(), author="Kim", body="hi"))
    await until(lambda: shown().reach is Reach.CLOSED, deadline=PATIENCE)
    assert shown().reason == "Telegram says they never started the bot"
    assert (shown().remedy, shown().link) == ("they must message Shop bot", f"https://t.me/{BOT}")
    await bots.says("/start", stranger)
    await until(lambda: shown().reach is Reach.OPEN, deadline=PATIENCE)


def test_who_writes_has_not_blocked_us_any_more(store: Store, bots_inbox: Inbox) -> None:
    at = utc_now() - timedelta(minutes=9)
    wrote(store, bots_inbox, "hello", at)
    sam = identity(store, bots_inbox)
    store.call(contacts.set_blocked, sam.id, at + timedelta(minutes=2))
    wrote(store, bots_inbox, "written before the block", at + timedelta(minutes=1))
    assert state(store, bots_inbox).reach is Reach.CLOSED
    wrote(store, bots_inbox, "back again", at + timedelta(minutes=3))
    assert state(store, bots_inbox).reach is Reach.OPEN


async def test_one_process_at_a_time_asks_and_the_next_takes_over(
    store: Store, open_store: Callable[[], Store], bots: Bots, start: Start
) -> None:
    bots.connect(store)
    first = start(store)
    await bots.says("one")
    await until(lambda: heard(store) == ["one"], deadline=PATIENCE)
    start(open_store())
    await bots.says("two")
    await until(lambda: heard(store) == ["one", "two"], deadline=PATIENCE)
    assert await holders(store) == 1
    await first.ends()
    await bots.says("three")
    await until(lambda: heard(store) == ["one", "two", "three"], deadline=PATIENCE)
    assert trouble(store) == ""
    # Two processes that poll at once end each other's requests, again and again.
    assert len(await asked(bots, "getUpdates")) < 10


async def test_a_bot_connected_later_is_heard(store: Store, bots: Bots, start: Start) -> None:
    start(store)
    await bots.says("hello?")
    bots.connect(store)
    await until(lambda: heard(store) == ["hello?"], deadline=PATIENCE)


def test_whoever_lost_the_lease_stores_nothing(store: Store, bots_inbox: Inbox) -> None:
    assert store.call(polling.begin, bots_inbox.id, "slow") == ""
    assert store.call(polling.begin, bots_inbox.id, "other") is None
    store.call(polling.give_back, bots_inbox.id, "slow")
    assert store.call(polling.begin, bots_inbox.id, "other") == ""
    with pytest.raises(LeaseLost):
        store.call(polling.take_in, bots_inbox.id, "slow", [said(str(SAM), "hello", utc_now())], "9")
    assert heard(store) == []
    store.call(polling.take_in, bots_inbox.id, "other", [said(str(SAM), "hello", utc_now())], "9")
    store.call(polling.give_back, bots_inbox.id, "slow")
    assert store.call(polling.begin, bots_inbox.id, "slow") is None
    store.call(polling.give_back, bots_inbox.id, "other")
    assert store.call(polling.begin, bots_inbox.id, "slow") == "9"


def test_the_lease_of_a_dead_process_runs_out(location: str) -> None:
    clock = MovableClock()
    with closing(Store.open(location, clock)) as store:
        assert store.call(polling.begin, 1, "dead") == ""
        clock.now += LEASE - timedelta(seconds=1)
        assert store.call(polling.begin, 1, "next") is None
        store.call(polling.renew, 1, "dead")
        clock.now += timedelta(seconds=2)
        assert store.call(polling.begin, 1, "next") is None
        clock.now += LEASE
        assert store.call(polling.begin, 1, "next") == ""
        with pytest.raises(LeaseLost):
            store.call(polling.renew, 1, "dead")
