"""A store with a bot, processes that poll it, and how their tests follow its messages."""

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
"""Seconds to wait for what has to happen."""


@pytest.fixture
async def bots(empty: Driver, monkeypatch: pytest.MonkeyPatch) -> Bots:
    """Return a sandbox that knows our bot."""
    monkeypatch.setenv("BOT_TOKEN", BOT_TOKEN)
    made = Bots(empty)
    await made.prepare()
    return made


@pytest.fixture
def open_store(location: str) -> Iterator[Callable[[], Store]]:
    """Yield a function that opens the store once more, as another process would; all are closed at the end."""
    with ExitStack() as opened:

        def make() -> Store:
            store = Store.open(location)
            opened.callback(store.close)
            return store

        yield make


@pytest.fixture
def store(open_store: Callable[[], Store]) -> Store:
    """Return the opened store."""
    return open_store()


@pytest.fixture
def bots_inbox(store: Store) -> Inbox:
    """Return a bot's inbox that no process polls."""
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
        """Stop the process in order."""
        self._stop.set()
        await self._task
        await self._adapters.aclose()


class Start(Protocol):
    """The function of the fixture `start`."""

    def __call__(self, store: Store, *, with_outbox: bool = False, token_check: float = TOKEN_CHECK) -> Process:
        """Start a poller with its outbox, or alone; alone, it looks at the token every `token_check` seconds."""


@pytest.fixture
async def start() -> AsyncIterator[Start]:
    """Yield a function that starts a poller; all are stopped at the end."""
    begun: list[Process] = []

    def make(store: Store, *, with_outbox: bool = False, token_check: float = TOKEN_CHECK) -> Process:
        begun.append(Process(store, with_outbox=with_outbox, token_check=token_check))
        return begun[-1]

    yield make
    for process in begun:
        await process.ends()


def heard(store: Store) -> list[str]:
    """Return the texts that people wrote, in the order of arrival."""
    wanted = select(MessageRow.body).where(MessageRow.direction == "in").order_by(col(MessageRow.id))
    return store.call_read(lambda session, _: list(session.exec(wanted)))


def identity(store: Store, inbox: Inbox, chat_id: int = SAM) -> Identity:
    """Return the person's identity at the bot."""
    found = store.call_read(
        lambda session, _: contacts.find_identity(session, Channel.TELEGRAM, str(chat_id), inbox.id)
    )
    assert found is not None
    return found


def state(store: Store, inbox: Inbox) -> ChannelState:
    """Return whether Sam can be written to, and why not."""
    return store.call_read(reachability.state, identity(store, inbox).id, inbox.id)


def trouble(store: Store) -> str:
    """Return the code of the first problem of an inbox, or an empty text."""
    return next((each.code for inbox in store.call_read(health.listed) for each in inbox.troubles), "")


def said(sender: str, text: str, at: datetime) -> InboundMessage:
    """Return a message from this sender."""
    key = f"{sender}:{text}"
    return InboundMessage(key, key, sender, text, (), "Sam Poe", at, {})


def wrote(store: Store, inbox: Inbox, text: str, at: datetime) -> None:
    """Receive a text from Sam that was written at this time."""
    store.call(inbound.apply, inbox.id, [said(str(SAM), text, at)])


def status(store: Store, message: Message) -> Delivery | None:
    """Return the present status of a message of ours."""
    found = store.call_read(lambda session, _: messages.get(session, message.id))
    assert found is not None
    return found.status


async def holders(store: Store) -> int:
    """Return the number of leases."""
    return store.call_read(lambda session, _: len(session.exec(select(LeaseRow)).all()))


async def asked(bots: Bots, method: str) -> list[dict[str, Any]]:
    """Return the requests for this method, in the order of arrival."""
    requests = (await bots.sandbox.look("requests"))["requests"]
    return [entry for entry in requests if method in entry["path"]]


async def is_polled(bots: Bots) -> bool:
    """Return whether a process is asking for the bot's updates now."""
    return bool((await bots.state())["polling"])
