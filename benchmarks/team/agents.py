"""A hundred agents at work on one server: how soon each learns of a change, and what one costs that only waits."""

import asyncio
import logging
import os
import random
import time
from collections.abc import Mapping
from contextlib import ExitStack, closing
from pathlib import Path
from statistics import median, quantiles
from typing import Any

import psycopg

from benchmarks.figures import Figure
from benchmarks.sender import form
from benchmarks.team.places import PEOPLE, Desk, fill, forked, server
from contacts_tui import garbage
from contacts_tui.channels.base import InboundMessage
from contacts_tui.domain.change import Change
from contacts_tui.domain.clock import utc_now
from contacts_tui.domain.message import NewMessage
from contacts_tui.domain.presence import Presence
from contacts_tui.domain.view import BUILT_IN
from contacts_tui.screens.people.people_query import FIRST
from contacts_tui.screens.people.people_reading import ROWS_REST, SENDERS_REST
from contacts_tui.screens.presence import BEAT, RENEWED
from contacts_tui.screens.throttle import Throttle
from contacts_tui.services import health, inbound, messaging, people, presence, views
from contacts_tui.store.backends.postgresql.location import parse
from contacts_tui.store.store import Store

AGENTS = 100
PROCESSES = 10
"""The processes of these agents. Each agent has a store, and so connections, of its own."""
SECONDS = 30.0
"""Seconds of work that are measured."""
IDLE_SECONDS = 60.0
SETTLED = 3.0
"""Seconds until everything is imported and connected."""
PAUSE = 30.0
"""Average seconds between two messages of an agent; people write to each as often."""
IN_VIEW = 35
"""People on a screen."""
SLOWEST = 0.1
"""The target: seconds from a commit to a follower, at the 95th percentile."""
IDLE = 0.2
"""The target: per cent of a core."""


def figures(stores: Mapping[int, str], folder: Path) -> list[Figure]:
    """Measure what a hundred agents wait for while they work, and what one costs while nothing happens."""
    with server() as databases:
        location = databases.store()
        desk = fill(location)
        delays, written, failed = _at_work(location, desk)
        program, of_server = _idle(location)
    return [
        Figure(f"{AGENTS} agents: changes stored a second", written / SECONDS, "/s"),
        Figure(f"{AGENTS} agents: calls that met an error", failed, "calls", 0),
        Figure("commit to who follows, median", 1000 * median(delays), "ms"),
        Figure("commit to who follows, p95", 1000 * quantiles(delays, n=20)[-1], "ms", 1000 * SLOWEST),
        Figure("a follower with a person open, while nothing happens: its program", program, "% of a core", IDLE),
        Figure("a follower with a person open, while nothing happens: the server", of_server, "% of a core"),
    ]


def _at_work(location: str, desk: Desk) -> tuple[list[float], int, int]:
    """Return the delays of all changes at all agents in seconds, the number of changes, and that of errors."""
    told, ready = forked.Queue(), forked.Barrier(PROCESSES + 1)
    each = AGENTS // PROCESSES
    started = [
        forked.Process(target=_process, args=(location, desk, each, ready, told), daemon=True) for _ in range(PROCESSES)
    ]
    for process in started:
        process.start()
    ready.wait()
    found = [told.get() for _ in started]
    for process in started:
        process.join()
    delays = [delay for some, _, _ in found for delay in some]
    return delays, max(changes for _, changes, _ in found), sum(failed for _, _, failed in found)


def _process(location: str, desk: Desk, count: int, ready: Any, told: Any) -> None:
    with ExitStack() as stack:
        stores = [stack.enter_context(closing(Store.open(location))) for _ in range(count)]
        garbage.collect_less_often()
        garbage.resume("interface")
        told.put(asyncio.run(_work(stores, desk, ready)))


async def _work(stores: list[Store], desk: Desk, ready: Any) -> tuple[list[float], int, int]:
    agents = [_Agent(store, desk) for store in stores]
    await asyncio.to_thread(ready.wait)
    tasks = [asyncio.create_task(part) for agent in agents for part in agent.parts()]
    await asyncio.sleep(SETTLED)
    for agent in agents:
        agent.delays.clear()
    await asyncio.sleep(SECONDS)
    for task in tasks:
        task.cancel()
    ended = await asyncio.gather(*tasks, return_exceptions=True)
    failed = sum(isinstance(end, Exception) for end in ended) + sum(agent.failed for agent in agents)
    return [d for agent in agents for d in agent.delays], max(len(agent.delays) for agent in agents), failed


class _Agent:
    """The calls of an agent's interface to the store, with the list of People on its screen."""

    def __init__(self, store: Store, desk: Desk) -> None:
        self._store = store
        self._desk = desk
        self._changes = store.follow()
        self._opened_at = utc_now()
        self._in_view = set(random.sample(range(1, PEOPLE + 1), IN_VIEW))
        self._stale: set[int] = set()
        self._reading = [
            Throttle(self._read_rows, self._note, lambda: ROWS_REST * store.rest),
            Throttle(self._read_order, self._note, lambda: store.rest),
            Throttle(self._read_counts, self._note, lambda: store.rest),
            Throttle(self._read_senders, self._note, lambda: SENDERS_REST * store.rest),
        ]
        self.delays: list[float] = []
        """Seconds from each change until the agent learned of it."""
        self.failed = 0

    def parts(self) -> list[Any]:
        """Return the coroutines that run side by side."""
        return [
            self._follow(), *(each.run() for each in self._reading), self._write(), self._receive(),
            tell_presence(self._store, random.choice(self._desk.identities)),
        ]  # fmt: skip

    async def _follow(self) -> None:
        async for batch in self._changes:
            now = utc_now()
            self.delays += [(now - change.at).total_seconds() for change in batch]
            self._heed(batch)

    def _heed(self, batch: tuple[Change, ...]) -> None:
        self._stale |= {change.contact_id for change in batch if change.contact_id is not None}
        for each in self._reading:
            each.ask()

    async def _read_rows(self) -> None:
        shown, self._stale = self._stale & self._in_view, set()
        if shown:
            await self._store.read(people.rows, tuple(shown))
        await self._store.peek(views.matching, BUILT_IN[0].filter, "Kim", FIRST)

    async def _read_order(self) -> None:
        await self._store.peek(views.order, BUILT_IN[0].filter, "Kim")

    async def _read_counts(self) -> None:
        await self._store.peek(views.counts, [view.filter for view in BUILT_IN], "Kim")

    async def _read_senders(self) -> None:
        await self._store.read(health.senders_together, self._opened_at)

    async def _write(self) -> None:
        await asyncio.sleep(random.uniform(0, PAUSE))
        while True:
            message = NewMessage(uid=messaging.new_uid(), author="Kim", body="Your order is on its way.")
            await self._store.run(messaging.send, random.choice(self._desk.identities), self._desk.inbox, message)
            await asyncio.sleep(random.uniform(0, 2 * PAUSE))

    async def _receive(self) -> None:
        """Store messages from people, at random times, as a receiver does."""
        await asyncio.sleep(random.uniform(0, PAUSE))
        while True:
            fields, sid = (
                form(random.randrange(len(self._desk.identities)), len(self._desk.identities)),
                os.urandom(16).hex(),
            )
            event = InboundMessage(sid, sid, fields["From"], fields["Body"], (), "", utc_now(), fields)
            await self._store.run_grouped(inbound.apply, self._desk.inbox, [event])
            await asyncio.sleep(random.uniform(0, 2 * PAUSE))

    def _note(self, error: Exception) -> None:
        self.failed += 1
        logging.getLogger(__name__).warning("an agent met an error: %s", error)


async def tell_presence(store: Store, contact: int) -> None:
    """Report that the agent has a person open, as `screens.presence` does, until cancelled."""
    here, told_at = Presence(os.urandom(16).hex(), "Kim", contact, is_writing=False), -RENEWED
    while True:
        if time.monotonic() - told_at >= RENEWED:
            told_at = time.monotonic()
            await store.run_lockless(presence.renew, here)
        else:
            await store.peek(presence.others, here.process)
        await asyncio.sleep(BEAT)


def _idle(location: str) -> tuple[float, float]:
    """Return what a follower with a person open costs its program and the server, in per cent of a core."""
    told = forked.Queue()
    waiting = forked.Process(target=_wait, args=(location, told), daemon=True)
    waiting.start()
    found: tuple[float, float] = told.get()
    waiting.join()
    return found


def _wait(location: str, told: Any) -> None:
    async def measure() -> tuple[float, float]:
        followers = [(store, store.follow()) for store in stores]
        tasks = [asyncio.create_task(tell_presence(store, place)) for place, (store, _) in enumerate(followers, 1)]
        await asyncio.sleep(SETTLED)
        before, of_server = time.process_time(), _server_seconds(location)
        await asyncio.sleep(IDLE_SECONDS)
        taken = time.process_time() - before, _server_seconds(location) - of_server
        for task in tasks:
            task.cancel()
        return 100 * taken[0] / IDLE_SECONDS / PROCESSES, 100 * taken[1] / IDLE_SECONDS / PROCESSES

    with ExitStack() as stack:
        stores = [stack.enter_context(closing(Store.open(location))) for _ in range(PROCESSES)]
        garbage.collect_less_often()
        garbage.resume("interface")
        told.put(asyncio.run(measure()))


def _server_seconds(location: str) -> float:
    """Return the processor seconds of the server's processes that are connected to the database now."""
    with closing(psycopg.connect(parse(location).address)) as connection:
        pids = connection.execute(
            "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
        ).fetchall()
    return sum(_seconds(pid) for (pid,) in pids)


def _seconds(pid: int) -> float:
    stat = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(stat[11]) + int(stat[12])) / os.sysconf("SC_CLK_TCK")
