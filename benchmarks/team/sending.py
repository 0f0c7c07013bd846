"""One store for a team: PostgreSQL beside SQLite, in one run.

The server is the one of the tests, in memory: what is compared is what programs cost, not disks.
"""

import asyncio
import multiprocessing
import random
import time
from collections.abc import AsyncIterator, Callable
from contextlib import ExitStack, closing
from pathlib import Path
from statistics import quantiles
from typing import Any

from benchmarks.figures import Figure
from contacts_sandbox.database_server import own_server
from contacts_tui.domain.change import Change, ChangeKind
from contacts_tui.domain.channel import Channel
from contacts_tui.domain.clock import utc_now
from contacts_tui.domain.contact import NewContact
from contacts_tui.domain.inbox import InboxForm
from contacts_tui.domain.message import NewMessage
from contacts_tui.services import inboxes, messaging
from contacts_tui.store import change_feed, contacts
from contacts_tui.store.store import Store
from tests.postgresql import Databases

PEOPLE = 200
WRITERS = 100
SENT = 400
"""Messages of all writers together."""
FOLLOWERS = 100
PROCESSES = 10
"""In which these followers are, each with a store of its own."""
CHANGES = 100
PAUSE = 0.05
"""Seconds between two of these."""
SLOWEST = 0.1
"""Seconds from a commit to who follows, at the 95th of a hundred."""

_forked = multiprocessing.get_context("fork")


def figures(folder: Path) -> list[Figure]:
    """Messages that one, two and a hundred programs store a second, and how soon a hundred others see a change."""
    with own_server() as server:
        databases = Databases(server.address())
        locations = {"PostgreSQL": databases.store(), "SQLite": f"sqlite:///{folder / 'team.db'}"}
        found = []
        for name, location in locations.items():
            ids = _people(location)
            rate = {count: _rate(_send, count, location, ids) for count in (1, 2, WRITERS)}
            found += [Figure(f"{name}: sends by {count} programs", each, "/s") for count, each in rate.items()]
        slow = _delay(databases.store())
        found.append(Figure("commit to who follows, p95", 1000 * slow, "ms", 1000 * SLOWEST))
        return found


def _people(location: str) -> tuple[list[int], int]:
    """Make people who can be written to. Return their addresses, and the inbox.

    One is written to: whoever is forked from this process has its statements compiled, as a program at work has.
    """
    with closing(Store.open(location)) as store:
        form = InboxForm(
            name="Shop", channel=Channel.SMS, address="+12025550101", account="AC" + "a" * 32, secret="env:TWILIO_TOKEN"
        )
        inbox = store.call(inboxes.connect, "Kim", form)
        found = []
        for number in range(PEOPLE):
            contact = store.call(contacts.insert, NewContact(name=f"Person {number}"))
            identity = store.call(contacts.add_identity, contact.id, Channel.SMS, f"+1202555{number + 1000}")
            found.append(identity.id)
        _send_one(store, found, inbox.id)
        return found, inbox.id


def _rate(work: Callable[..., None], count: int, location: str, ids: tuple[list[int], int]) -> float:
    """Return how much so many processes at once do a second."""
    ready = _forked.Barrier(count + 1)
    started = [_forked.Process(target=work, args=(location, ids, ready, SENT // count)) for _ in range(count)]
    for each in started:
        each.start()
    ready.wait()
    began = time.perf_counter()
    for each in started:
        each.join()
    assert all(each.exitcode == 0 for each in started), "a writer met an error"
    return SENT / (time.perf_counter() - began)


def _send(location: str, ids: tuple[list[int], int], ready: Any, messages: int) -> None:
    identities, inbox = ids
    with closing(Store.open(location)) as store:
        ready.wait()
        for _ in range(messages):
            _send_one(store, identities, inbox)


def _send_one(store: Store, identities: list[int], inbox: int) -> None:
    message = NewMessage(uid=messaging.new_uid(), author="Kim", body="Your order is on its way.")
    store.call(messaging.send, random.choice(identities), inbox, message)


def _delay(location: str) -> float:
    """Return the seconds from a commit to who follows, at the 95th of a hundred."""
    ready, told = _forked.Barrier(PROCESSES + 1), _forked.Queue()
    following = [_forked.Process(target=_follow, args=(location, ready, told), daemon=True) for _ in range(PROCESSES)]
    for each in following:
        each.start()
    ready.wait()
    with closing(Store.open(location)) as store:
        for number in range(CHANGES):
            store.call(change_feed.record, ChangeKind.CONTACT, contact_id=number)
            time.sleep(PAUSE)
    delays: list[float] = []
    for _ in following:
        delays += told.get()
    return quantiles(delays, n=20)[-1]


def _follow(location: str, ready: Any, told: Any) -> None:
    async def heard(follower: AsyncIterator[tuple[Change, ...]]) -> list[float]:
        found: list[float] = []
        while len(found) < CHANGES:
            batch = await anext(follower)
            now = utc_now()
            found += [(now - change.at).total_seconds() for change in batch]
        return found

    async def follow() -> None:
        with ExitStack() as stack:
            stores = [stack.enter_context(closing(Store.open(location))) for _ in range(FOLLOWERS // PROCESSES)]
            followers = [store.follow() for store in stores]
            ready.wait()
            told.put([delay for each in await asyncio.gather(*map(heard, followers)) for delay in each])

    asyncio.run(follow())
