"""Stored messages through the outbox to Twilio's stand-in, against a loop that only calls Twilio's SDK.

The loop is the SDK as it comes: one message after the other, over a connection that is kept. The SDK is measured with
as many requests under way as the outbox has, too.
"""

import asyncio
import json
import logging
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from time import perf_counter

from sqlmodel import Session
from twilio.http.async_http_client import AsyncTwilioHttpClient
from twilio.http.http_client import TwilioHttpClient
from twilio.http.response import Response
from twilio.rest import Client

from benchmarks.figures import Figure
from contacts_tui.channels.registry import Adapters
from contacts_tui.domain.channel import Channel
from contacts_tui.domain.clock import Clock
from contacts_tui.domain.contact import NewContact
from contacts_tui.domain.inbox import InboxForm
from contacts_tui.domain.message import NewMessage
from contacts_tui.services import health, inboxes, messaging
from contacts_tui.services.workers.outbox import AT_ONCE, Outbox
from contacts_tui.store import contacts, sql
from contacts_tui.store.backends import location_of
from contacts_tui.store.process_tables import OutboxRow
from contacts_tui.store.store import Store

MESSAGES = 600
PEOPLE = 100
WARM_UP = 20
"""Messages before the measurement: after them everything is imported and read."""
SENDERS = 16
"""Numbers of ours: so many that none reaches its rate limit."""

_WORK = sql.lookup(OutboxRow, (), "message_id", limit=1)
_VENDOR = "https://api.twilio.com"
_TOKEN = "0" * 32
_ACCOUNT = "AC" + "a" * 32


def figures(folder: Path) -> list[Figure]:
    """Measure messages a second by the SDK alone and by the outbox."""
    with _sandbox(folder) as url:
        alone = _by_sdk(url)
        at_once = asyncio.run(_by_sdk_at_once(url))
        stored, ours = _by_outbox(folder, url)
    return [
        Figure("a loop that only calls Twilio's SDK, messages a second", alone, "/s"),
        Figure(f"Twilio's SDK with {AT_ONCE} requests under way, messages a second", at_once, "/s"),
        Figure("messages a second stored by messaging.send, one commit each", stored, "/s"),
        Figure("outbound messages a second: stored to settled by the outbox", ours, "/s"),
        Figure("the loop to outbound messages", alone / ours, "×", 2.5),
    ]


@contextmanager
def _sandbox(folder: Path) -> Iterator[str]:
    """Run a sandbox in a process of its own that delivers nothing during the measurement. Yield its URL."""
    sender = {"account_sid": _ACCOUNT, "inbound_url": None}
    seed = {
        "accounts": [{"sid": _ACCOUNT, "auth_token": _TOKEN}],
        "senders": [sender | {"address": _number(place)} for place in range(SENDERS)],
        "settings": {"delays": {"sent": 3600.0}, "small_talk": False},
    }
    file = folder / "outbound-seed.json"
    file.write_text(json.dumps(seed))
    command = [sys.executable, "-m", "contacts_tui", "sandbox", "--port", "0", "--seed", str(file)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as sandbox:
        assert sandbox.stdout is not None
        try:
            yield sandbox.stdout.readline().split()[-1]
        finally:
            sandbox.send_signal(signal.SIGTERM)


class _Redirected(TwilioHttpClient):
    """The SDK's own client, at the sandbox's address."""

    def __init__(self, url: str) -> None:
        super().__init__()
        self._url = url

    def request(self, method: str, url: str, *args: object, **more: object) -> Response:  # type: ignore[override]
        """Send a request to the sandbox instead of Twilio."""
        return super().request(method, url.replace(_VENDOR, self._url), *args, **more)  # type: ignore[arg-type]


class _RedirectedAsync(AsyncTwilioHttpClient):
    """The SDK's own asynchronous client, at the sandbox's address."""

    def __init__(self, url: str) -> None:
        super().__init__(pool_connections=True, logger=logging.getLogger(__name__))
        self._url = url

    async def request(self, method: str, url: str, *args: object, **more: object) -> Response:  # type: ignore[override]
        """Send a request to the sandbox instead of Twilio."""
        return await super().request(method, url.replace(_VENDOR, self._url), *args, **more)  # type: ignore[arg-type]


def _by_sdk(url: str) -> float:
    """Return the messages a second of the loop."""
    client = Client(_ACCOUNT, _TOKEN, http_client=_Redirected(url))

    def send(count: int) -> None:
        for place in range(count):
            client.messages.create(to=_person(place), from_=_number(place % SENDERS), body=_body(place))

    send(WARM_UP)
    began = perf_counter()
    send(MESSAGES)
    return MESSAGES / (perf_counter() - began)


async def _by_sdk_at_once(url: str) -> float:
    """Return the messages a second of the SDK with AT_ONCE requests under way."""
    waiting = iter(range(MESSAGES))
    http = _RedirectedAsync(url)
    client = Client(_ACCOUNT, _TOKEN, http_client=http)

    async def send(place: int) -> None:
        await client.messages.create_async(to=_person(place), from_=_number(place % SENDERS), body=_body(place))

    async def work() -> None:
        for place in waiting:
            await send(place)

    try:
        for place in range(WARM_UP):
            await send(place)
        began = perf_counter()
        await asyncio.gather(*(work() for _ in range(AT_ONCE)))
        return MESSAGES / (perf_counter() - began)
    finally:
        await http.close()  # type: ignore[no-untyped-call]


def _by_outbox(folder: Path, url: str) -> tuple[float, float]:
    """Return the messages a second that are stored, and that the outbox then dispatches."""
    os.environ["TWILIO_TOKEN"] = _TOKEN
    with closing(Store.open(location_of(folder / "outbound.db"))) as store:
        shops = [
            store.call(
                inboxes.connect,
                "Kim",
                InboxForm(
                    name=f"Shop {place}",
                    channel=Channel.SMS,
                    address=_number(place),
                    account=_ACCOUNT,
                    secret="env:TWILIO_TOKEN",
                    base_url=url,
                ),
            ).id
            for place in range(SENDERS)
        ]
        people = [_identity(store, place) for place in range(PEOPLE)]

        def put(count: int) -> None:
            for place in range(count):
                identity, shop = people[place % PEOPLE], shops[place % SENDERS]
                store.call(
                    messaging.send, identity, shop, NewMessage(uid=messaging.new_uid(), author="Kim", body=_body(place))
                )

        put(WARM_UP)
        asyncio.run(_drained(store))
        began = perf_counter()
        put(MESSAGES)
        stored = perf_counter() - began
        return MESSAGES / stored, MESSAGES / asyncio.run(_drained(store))


async def _drained(store: Store) -> float:
    """Run an outbox until no message waits, and return the seconds from its start until then."""
    adapters, stop = Adapters(), asyncio.Event()
    began = perf_counter()
    working = asyncio.create_task(Outbox(store, adapters).run(stop))
    try:
        changes = store.follow()
        while await store.read(_has_work):
            await anext(changes)
        taken = perf_counter() - began
        assert not any(each.queue.unknown for each in await store.read(health.listed)), "messages are unknown"
        return taken
    finally:
        stop.set()
        await working
        await adapters.aclose()


def _has_work(session: Session, clock: Clock) -> bool:
    return sql.one(session, _WORK) is not None


def _identity(store: Store, place: int) -> int:
    contact = store.call(contacts.insert, NewContact(name=f"Person {place}"))
    return store.call(contacts.add_identity, contact.id, Channel.SMS, _person(place)).id


def _number(place: int) -> str:
    return f"+120255501{place:02}"


def _person(place: int) -> str:
    return f"+12025551{place % PEOPLE:03}"


def _body(place: int) -> str:
    return f"Order {place} has left and should be with you on Thursday. Thank you for waiting!"
