"""A store with a bot, processes that poll it, and how their tests look at what became of a message."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import ExitStack
from datetime import datetime
from typing import Any, Protocol

import pytest
from sqlmodel import col, select

from contacts_tui.channels.base import InboundMessage
from contacts_tui.channels.registry import Adapters
from contacts_tui.domain.channel import Channel
from contacts_tui.domain.contact import Identity
from contacts_tui.domain.delivery import Delivery
from contacts_tui.domain.inbox import Inbox, InboxForm
from contacts_tui.domain.message import Message
from contacts_tui.domain.reachability import ChannelState
from contacts_tui.services import health, inbound, inboxes, reachability
from contacts_tui.services.workers.background import work
from contacts_tui.services.workers.polling import TOKEN_CHECK, Poller
from contacts_tui.store import contacts, messages
from contacts_tui.store.message_tables import MessageRow
from contacts_tui.store.process_tables import LeaseRow
from contacts_tui.store.store import Store
from tests.patience import LIMIT
from tests.sandbox.conftest import empty as empty
from tests.sandbox.driver import Driver
from tests.services.bots import BOT, BOT_TOKEN, SAM, Bots

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
def open_store(location: str) -> Iterator[Callable[[], Store]]:
    """Opens the store once more, as another process would."""
    with ExitStack() as opened:

        def make() -> Store:
            store = Store.open(location)
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
        "Kim",
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
