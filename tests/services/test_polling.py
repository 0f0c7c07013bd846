"""Polling against the sandbox over HTTP: everything that people write is heard once, by one process at a time."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import ExitStack, closing
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Protocol

import pytest
from sqlmodel import col, select
from starlette.applications import Starlette

from contacts_tui import receiver
from contacts_tui.channels.base import InboundMessage
from contacts_tui.channels.registry import Adapters
from contacts_tui.channels.transport import ANSWER_LIMIT
from contacts_tui.domain.channel import Channel
from contacts_tui.domain.clock import utc_now
from contacts_tui.domain.contact import Identity
from contacts_tui.domain.delivery import Delivery
from contacts_tui.domain.inbox import Inbox, InboxForm
from contacts_tui.domain.message import Message, NewMessage
from contacts_tui.domain.reachability import ChannelState, Reach
from contacts_tui.domain.views import MessageView
from contacts_tui.services import health, inbound, inboxes, messaging, reachability, threads
from contacts_tui.services.workers import polling
from contacts_tui.services.workers.background import work
from contacts_tui.services.workers.polling import LEASE, TOKEN_CHECK, LeaseLost, Poller
from contacts_tui.store import contacts, messages
from contacts_tui.store.message_tables import MessageRow
from contacts_tui.store.process_tables import LeaseRow
from contacts_tui.store.store import Store
from tests.patience import LIMIT
from tests.sandbox.conftest import empty as empty
from tests.sandbox.driver import Driver, eventually, until
from tests.services.bots import BOT, BOT_TOKEN, JO, SAM, Bots
from tests.services.world import MovableClock

PATIENCE = LIMIT
"""Seconds for what has to come at last."""


@pytest.fixture
async def bots(empty: Driver, monkeypatch: pytest.MonkeyPatch) -> Bots:
    """A sandbox that knows our bot."""
    monkeypatch.setenv("BOT_TOKEN", BOT_TOKEN)
    made = Bots(empty)
    await made.prepare()
    return made


@pytest.fixture
def open_store(tmp_path: Path) -> Iterator[Callable[[], Store]]:
    """Opens the store once more, as another process would."""
    with ExitStack() as opened:

        def make() -> Store:
            store = Store.open(f"sqlite:///{tmp_path / 'store.db'}")
            opened.callback(store.close)
            return store

        yield make


@pytest.fixture
def store(open_store: Callable[[], Store]) -> Store:
    """A store."""
    return open_store()


@pytest.fixture
def bots_inbox(store: Store) -> Inbox:
    """A bot's inbox that nobody asks about."""
    return store.call(
        inboxes.connect,
        InboxForm(name="Shop bot", channel=Channel.TELEGRAM, address=BOT, account="", secret="env:BOT_TOKEN"),
    )


class Process:
    """One process's poller, by itself or with its outbox."""

    def __init__(self, store: Store, *, with_outbox: bool = False, token_check: float = TOKEN_CHECK) -> None:
        self._adapters, self._stop = Adapters(), asyncio.Event()
        poller = Poller(store, self._adapters, token_check)
        running = work(store, self._adapters, self._stop, print) if with_outbox else poller.run(self._stop)
        self._task = asyncio.ensure_future(running)

    async def ends(self) -> None:
        """Stops it in order."""
        self._stop.set()
        await self._task
        await self._adapters.aclose()


class Start(Protocol):
    """Starts a process."""

    def __call__(self, store: Store, *, with_outbox: bool = False, token_check: float = TOKEN_CHECK) -> Process:
        """With an outbox or without; then the token may be looked at more often."""


@pytest.fixture
async def start() -> AsyncIterator[Start]:
    """Starts pollers; all are stopped at the end."""
    begun: list[Process] = []

    def make(store: Store, *, with_outbox: bool = False, token_check: float = TOKEN_CHECK) -> Process:
        begun.append(Process(store, with_outbox=with_outbox, token_check=token_check))
        return begun[-1]

    yield make
    for process in begun:
        await process.ends()


def heard(store: Store) -> list[str]:
    """The texts that people wrote, as they came in."""
    wanted = select(MessageRow.body).where(MessageRow.direction == "in").order_by(col(MessageRow.id))
    return store.call_read(lambda session, _: list(session.exec(wanted)))


def identity(store: Store, inbox: Inbox, chat_id: int = SAM) -> Identity:
    """The person's address at the bot."""
    found = store.call_read(
        lambda session, _: contacts.find_identity(session, Channel.TELEGRAM, str(chat_id), inbox.id)
    )
    assert found is not None
    return found


def state(store: Store, inbox: Inbox) -> ChannelState:
    """Whether Sam can be written to."""
    return store.call_read(reachability.state, identity(store, inbox).id, inbox.id)


def trouble(store: Store) -> str:
    """The code of the inbox's trouble; empty without."""
    return next((each.code for inbox in store.call_read(health.listed) for each in inbox.troubles), "")


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


async def test_a_rate_limit_is_told_while_it_lasts_and_then_the_message_leaves(
    store: Store, bots: Bots, start: Start
) -> None:
    inbox = bots.connect(store)
    start(store, with_outbox=True)
    await bots.says("hello")
    await until(lambda: heard(store) == ["hello"], deadline=PATIENCE)
    await bots.sandbox.control("faults", {"when": "telegram", "kind": "rate_limit", "seconds": 2})
    uid = messaging.new_uid()
    message = store.call(
        messaging.send, identity(store, inbox).id, inbox.id, NewMessage(uid=uid, author="Kim", body="hi")
    )

    def shown() -> MessageView:
        return store.call_read(threads.views, [message.id])[0]

    await until(lambda: shown().failure is not None, deadline=PATIENCE)
    waiting = shown()
    assert waiting.message.status is Delivery.QUEUED
    assert waiting.failure is not None
    assert waiting.failure.sentence == "Telegram asks for a pause; nothing was sent: it will be sent after the pause"
    await until(lambda: shown().message.status is Delivery.SENT, deadline=PATIENCE)
    assert shown().failure is None


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
    # Two that ask at once end each other's questions, again and again.
    assert len(await asked(bots, "getUpdates")) < 10


async def test_a_bot_connected_later_is_heard(store: Store, bots: Bots, start: Start) -> None:
    start(store)
    await bots.says("hello?")
    bots.connect(store)
    await until(lambda: heard(store) == ["hello?"], deadline=PATIENCE)


async def test_a_wrong_token_is_told_and_forgotten_when_it_is_right(store: Store, bots: Bots, start: Start) -> None:
    await bots.sandbox.control("telegram/bots", {"token": f"{BOT_TOKEN}-new", "username": BOT})
    bots.connect(store)
    start(store)
    await until(lambda: trouble(store) == "401", deadline=PATIENCE)
    await bots.sandbox.control("telegram/bots", {"token": BOT_TOKEN, "username": BOT})
    await bots.says("hello")
    await until(lambda: heard(store) == ["hello"] and trouble(store) == "", deadline=PATIENCE)


async def test_a_program_outside_that_asks_too_is_told(store: Store, bots: Bots, start: Start) -> None:
    bots.connect(store)
    start(store)
    await eventually(lambda: is_polled(bots), deadline=PATIENCE)
    url = f"{bots.sandbox.base_url}/bot{BOT_TOKEN}/getUpdates"
    await bots.sandbox.client.post(url, data={"timeout": "0"})
    await until(lambda: trouble(store) == "conflict", deadline=PATIENCE)
    await bots.says("hello")
    await until(lambda: heard(store) == ["hello"] and trouble(store) == "", deadline=PATIENCE)


async def test_a_line_that_stays_broken_is_told_and_nothing_is_lost(store: Store, bots: Bots, start: Start) -> None:
    await bots.sandbox.control("faults", {"when": "telegram_poll", "kind": "http_500", "count": 3})
    bots.connect(store)
    await bots.says("hello")
    start(store)
    await until(lambda: trouble(store) == "unheard", deadline=PATIENCE)
    await until(lambda: heard(store) == ["hello"] and trouble(store) == "", deadline=PATIENCE)


async def test_a_provider_that_names_a_wait_is_not_asked_before(store: Store, bots: Bots, start: Start) -> None:
    await bots.sandbox.control("faults", {"when": "telegram_poll", "kind": "rate_limit", "seconds": 5})
    bots.connect(store)
    await bots.says("hello")
    start(store)
    await until(lambda: heard(store) == ["hello"], deadline=PATIENCE)
    first, second = [datetime.fromisoformat(entry["at"]) for entry in await asked(bots, "getUpdates")][:2]
    assert second - first >= timedelta(seconds=5)


async def test_a_long_wait_is_told_at_once(store: Store, bots: Bots, start: Start) -> None:
    await bots.sandbox.control("faults", {"when": "telegram_poll", "kind": "rate_limit", "seconds": 60})
    bots.connect(store)
    start(store)
    await until(lambda: trouble(store) == "unheard", deadline=PATIENCE)


async def test_more_than_one_answer_may_hold_comes_in_smaller_ones(store: Store, bots: Bots, start: Start) -> None:
    bots.connect(store)
    said = ["one", "two", "three"]
    for text in said:
        await bots.says(text, extra={"odd": "x" * (ANSWER_LIMIT * 2 // 5)})
    start(store)
    await until(lambda: heard(store) == said, deadline=PATIENCE)
    await eventually(bots.acknowledged, deadline=PATIENCE)
    assert heard(store) == said


async def test_a_webhook_set_by_one_process_stays_though_another_one_polled(
    store: Store, open_store: Callable[[], Store], bots: Bots, start: Start
) -> None:
    inbox = bots.connect(store)
    store.call(inboxes.set_public_url, "https://desk.example")
    start(store)
    start(open_store())
    await eventually(lambda: is_polled(bots), deadline=PATIENCE)
    store.call(inboxes.change, inbox.id, replace(inbox.form, options={"receive": "webhook"}))

    async def both_announced() -> bool:
        return len(await asked(bots, "setWebhook")) == 2

    await eventually(both_announced, deadline=PATIENCE)
    assert await posts_to(bots, f"https://desk.example/webhooks/{inbox.id}/inbound")
    assert not await asked(bots, "deleteWebhook")


async def test_an_answer_that_is_lost_on_its_way_comes_again(store: Store, bots: Bots, start: Start) -> None:
    await bots.sandbox.control("faults", {"when": "telegram_poll", "kind": "drop_after", "count": 2})
    bots.connect(store)
    await bots.says("hello")
    start(store)
    await until(lambda: heard(store) == ["hello"], deadline=PATIENCE)
    await eventually(bots.acknowledged, deadline=PATIENCE)
    assert heard(store) == ["hello"]


async def test_an_inbox_that_hears_by_webhook_is_announced_and_heard(store: Store, bots: Bots, start: Start) -> None:
    inbox = bots.connect(store, options={"receive": "webhook"})
    start(store)
    await until(lambda: trouble(store) == "no_public_url", deadline=PATIENCE)
    adapters, stop = Adapters(), asyncio.Event()
    ready: asyncio.Future[str] = asyncio.get_running_loop().create_future()
    outer = Starlette()
    serving = asyncio.ensure_future(receiver.serve(outer, "127.0.0.1", 0, ready=ready.set_result, stop=stop))
    url = await ready
    outer.mount("/", receiver.create_app(store, adapters, public_url=url, clock=store.clock))
    store.call(inboxes.set_public_url, url)
    await eventually(lambda: posts_to(bots, f"{url}/webhooks/{inbox.id}/inbound"), deadline=PATIENCE)
    await bots.says("hello")
    await until(lambda: heard(store) == ["hello"], deadline=PATIENCE)
    await eventually(bots.acknowledged, deadline=PATIENCE)
    assert trouble(store) == ""
    stop.set()
    await serving
    await adapters.aclose()


async def test_a_bot_may_change_its_way_of_hearing_and_back(store: Store, bots: Bots, start: Start) -> None:
    inbox = bots.connect(store, options={"receive": "webhook"})
    store.call(inboxes.set_public_url, "https://desk.example")
    url = f"https://desk.example/webhooks/{inbox.id}/inbound"
    start(store)
    for _ in range(2):
        await eventually(lambda: posts_to(bots, url), deadline=PATIENCE)
        store.call(inboxes.change, inbox.id, replace(inbox.form, options={"receive": "polling"}))
        await eventually(lambda: is_polled(bots), deadline=PATIENCE)
        assert not await posts_to(bots, url)
        store.call(inboxes.change, inbox.id, inbox.form)
        await bots.says("is anybody there?")  # Ends the long poll that is under way.
    await eventually(lambda: posts_to(bots, url), deadline=PATIENCE)


async def test_another_token_is_announced_since_the_webhooks_secret_is_made_of_it(
    store: Store, bots: Bots, start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NEW_TOKEN", f"{BOT_TOKEN}-new")
    inbox = bots.connect(store, options={"receive": "webhook"})
    store.call(inboxes.set_public_url, "https://desk.example")
    start(store)
    await eventually(lambda: posts_to(bots, f"https://desk.example/webhooks/{inbox.id}/inbound"), deadline=PATIENCE)
    await bots.sandbox.control("telegram/bots", {"token": f"{BOT_TOKEN}-new", "username": BOT})
    store.call(inboxes.change, inbox.id, replace(inbox.form, secret="env:NEW_TOKEN"))

    async def announced() -> bool:
        return len(await asked(bots, "setWebhook")) == 2

    await eventually(announced, deadline=PATIENCE)


async def test_a_token_replaced_where_it_lies_is_announced_by_itself_and_only_then(
    store: Store, bots: Bots, start: Start, tmp_path: Path
) -> None:
    place, new = tmp_path / "token", f"{BOT_TOKEN}-new"
    place.write_text(BOT_TOKEN)
    inbox = bots.connect(store, options={"receive": "webhook"}, secret=f"file:{place}")
    store.call(inboxes.set_public_url, "https://desk.example")
    start(store, token_check=0.1)
    await eventually(lambda: posts_to(bots, f"https://desk.example/webhooks/{inbox.id}/inbound"), deadline=PATIENCE)
    store.call(inboxes.change, inbox.id, replace(inbox.form, name="Bot"))
    await asyncio.sleep(1)
    assert len(await asked(bots, "setWebhook")) == 1
    await bots.sandbox.control("telegram/bots", {"token": new, "username": BOT})
    place.write_text(new)

    async def announced() -> bool:
        return len(await asked(bots, "setWebhook")) == 2

    await eventually(announced, deadline=PATIENCE)
    await asyncio.sleep(1)
    assert await announced()
    assert trouble(store) == ""


async def test_a_refused_token_of_a_bot_with_a_webhook_is_told_until_telegram_takes_it(
    store: Store, bots: Bots, start: Start
) -> None:
    inbox = bots.connect(store, options={"receive": "webhook"})
    store.call(inboxes.set_public_url, "https://desk.example")
    start(store, with_outbox=True)
    await eventually(lambda: posts_to(bots, f"https://desk.example/webhooks/{inbox.id}/inbound"), deadline=PATIENCE)
    await bots.sandbox.control("telegram/bots", {"token": f"{BOT_TOKEN}-new", "username": BOT})
    wrote(store, inbox, "hello", utc_now())
    uid = messaging.new_uid()
    store.call(messaging.send, identity(store, inbox).id, inbox.id, NewMessage(uid=uid, author="Kim", body="hi"))

    async def is_asked_again() -> bool:
        return len(await asked(bots, "setWebhook")) >= 3

    await eventually(is_asked_again, deadline=PATIENCE)
    assert trouble(store) == "401"
    await bots.sandbox.control("telegram/bots", {"token": BOT_TOKEN, "username": BOT})
    await until(lambda: trouble(store) == "", deadline=PATIENCE)


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


def test_the_lease_of_a_dead_process_runs_out(tmp_path: Path) -> None:
    clock = MovableClock()
    with closing(Store.open(f"sqlite:///{tmp_path / 'store.db'}", clock)) as store:
        assert store.call(polling.begin, 1, "dead") == ""
        clock.now += LEASE - timedelta(seconds=1)
        assert store.call(polling.begin, 1, "next") is None
        store.call(polling.keep, 1, "dead")
        clock.now += timedelta(seconds=2)
        assert store.call(polling.begin, 1, "next") is None
        clock.now += LEASE
        assert store.call(polling.begin, 1, "next") == ""
        with pytest.raises(LeaseLost):
            store.call(polling.keep, 1, "dead")


def said(sender: str, text: str, at: datetime) -> InboundMessage:
    """A message of somebody."""
    key = f"{sender}:{text}"
    return InboundMessage(key, key, sender, text, (), "Sam Poe", at, {})


def wrote(store: Store, inbox: Inbox, text: str, at: datetime) -> None:
    """Sam wrote at a moment."""
    store.call(inbound.apply, inbox.id, [said(str(SAM), text, at)])


def status(store: Store, message: Message) -> Delivery | None:
    """Where a message of ours stands."""
    found = store.call_read(lambda session, _: messages.get(session, message.id))
    assert found is not None
    return found.status


async def holders(store: Store) -> int:
    """How many leases there are."""
    return store.call_read(lambda session, _: len(session.exec(select(LeaseRow)).all()))


async def asked(bots: Bots, method: str) -> list[dict[str, Any]]:
    """The requests of that method, as they came in."""
    requests = (await bots.sandbox.look("requests"))["requests"]
    return [entry for entry in requests if method in entry["path"]]


async def is_polled(bots: Bots) -> bool:
    """Whether somebody asks for the bot's updates now."""
    return bool((await bots.state())["polling"])


async def posts_to(bots: Bots, url: str) -> bool:
    """Whether updates are posted there."""
    return bool((await bots.state())["webhook"] == url)
