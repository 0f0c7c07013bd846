"""Two ways in which programs may write at the same time, compared: `python -m benchmarks.team.two_ways`.

One takes a lock of the store for each transaction that writes, as the program does. The other is SERIALIZABLE, with
another try for each transaction that the server refuses; it exists here only. The result is in
docs/decisions/0009-one-lock-for-writers.md.
"""

import os
import random
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from typing import Any

from sqlalchemy import Connection

from benchmarks.figures import Figure, table
from benchmarks.serving import NOWHERE, PUBLIC_URL, TOKEN, Serving, connect
from benchmarks.team.places import Desk, fill, forked, server
from contacts_tui.cli.main import main as run
from contacts_tui.domain.message import NewMessage
from contacts_tui.services import messaging
from contacts_tui.store.backends.postgresql import engines
from contacts_tui.store.backends.postgresql.dialect import TRANSACTION
from contacts_tui.store.errors import StoreBusy
from contacts_tui.store.store import Store
from tests import offline

SECONDS = 10.0
"""Seconds in which programs write without a pause."""
PROGRAMS = (1, 2, 8, 50)
MESSAGES = 1_200
"""Messages that two receivers receive."""
SENDERS, CONNECTIONS = 200, 32
LOCK, SERIALIZABLE = "one lock", "serializable"
_FIRST_PAUSE, _LONGEST_PAUSE = 0.002, 0.2
"""The most seconds before a refused transaction is tried again, at first and at last; they double."""


def main() -> int:
    """Measure both ways and print their figures. Return 0."""
    offline.stay_here()
    found = []
    with tempfile.TemporaryDirectory() as folder, server() as databases:
        for count in PROGRAMS:
            for way in (LOCK, SERIALIZABLE):
                location = databases.store()
                stored, again, longest = _written(location, fill(location), count, way)
                found += [
                    Figure(f"{way}, {count} programs: sends", stored / SECONDS, "/s"),
                    Figure(f"{way}, {count} programs: tries that were refused, of each send", again / stored, "tries"),
                    Figure(f"{way}, {count} programs: the longest send", 1000 * longest, "ms"),
                ]
        for way in (LOCK, SERIALIZABLE):
            location = databases.store()
            found.append(Figure(f"{way}, 2 receivers: inbound messages", _received(location, Path(folder), way), "/s"))
    sys.stdout.write(table("Two ways of writing", found))
    return 0


def _written(location: str, desk: Desk, count: int, way: str) -> tuple[int, int, float]:
    """Return how many messages so many programs stored, how many tries were refused, and the longest send's seconds."""
    told, ready = forked.Queue(), forked.Barrier(count)
    started = [forked.Process(target=_write, args=(location, desk, way, ready, told)) for _ in range(count)]
    for each in started:
        each.start()
    found = [told.get() for _ in started]
    for each in started:
        each.join()
    return sum(stored for stored, _, _ in found), sum(again for _, again, _ in found), max(each[2] for each in found)


def _write(location: str, desk: Desk, way: str, ready: Any, told: Any) -> None:
    again = _take(way)
    stored, longest = 0, 0.0
    with closing(Store.open(location)) as store:
        # The first send compiles the statements.
        _send(store, desk)
        ready.wait()
        began = now = time.monotonic()
        while now < began + SECONDS:
            _send(store, desk)
            before, now = now, time.monotonic()
            stored, longest = stored + 1, max(longest, now - before)
    told.put((stored, again(), longest))


def _send(store: Store, desk: Desk) -> None:
    message = NewMessage(uid=messaging.new_uid(), author="Kim", body="Your order is on its way.")
    store.call(messaging.send, random.choice(desk.identities), desk.inbox, message)


def _take(way: str) -> Callable[[], int]:
    """Let this process write in one of the ways. Return a function that tells how many tries were refused so far."""
    refused = [0]
    if way == LOCK:
        return lambda: refused[0]
    engines._BEGINNINGS[engines.Mode.WRITE] = _begin_serializable

    def trying(call: Callable[..., Any]) -> Callable[..., Any]:
        def tried(*values: Any, **named: Any) -> Any:
            pause = _FIRST_PAUSE
            while True:
                try:
                    return call(*values, **named)
                except StoreBusy:
                    refused[0] += 1
                    time.sleep(random.uniform(0, pause))
                    pause = min(2 * pause, _LONGEST_PAUSE)

        return tried

    for name in ("call", "_call_together"):
        setattr(Store, name, trying(getattr(Store, name)))
    return lambda: refused[0]


def _begin_serializable(connection: Connection) -> None:
    connection.info[engines.FORM], connection.info[TRANSACTION] = engines._execute(
        connection, "BEGIN ISOLATION LEVEL SERIALIZABLE", engines._FORM, "SELECT pg_current_xact_id()::text"
    )


def _received(location: str, folder: Path, way: str) -> float:
    """Return the messages a second that two receivers received together."""
    inbox = connect(location, NOWHERE)
    pipes = [os.pipe() for _ in range(2)]
    started = [forked.Process(target=_serve, args=(location, folder, way, pipe[1]), daemon=True) for pipe in pipes]
    for each in started:
        each.start()
    for pipe in pipes:
        os.close(pipe[1])
    urls = [os.fdopen(pipe[0]).readline().split()[-1] for pipe in pipes]
    receivers = [Serving(url, f"/webhooks/{inbox}/inbound", 0, location) for url in urls]
    share = MESSAGES // 2
    with ThreadPoolExecutor(2) as threads:

        def heard(place: int, first: int, messages: int) -> float:
            return receivers[place].hear(first, messages, senders=SENDERS, connections=CONNECTIONS)

        list(threads.map(heard, (0, 1), (0, 10_000), (SENDERS, SENDERS)))
        taken = list(threads.map(heard, (0, 1), (20_000, 30_000), (share, share)))
    for each in started:
        each.terminate()
        each.join()
    return MESSAGES / max(taken)


def _serve(location: str, folder: Path, way: str, output: int) -> None:
    """Run a receiver that writes its first line to the descriptor `output`."""
    _take(way)
    os.environ |= {"TWILIO_TOKEN": TOKEN, "CONTACTS_TUI_DATA_FOLDER": str(folder)}
    sys.stdout = os.fdopen(output, "w")
    run(["--database", location, "serve", "--port", "0", "--public-url", PUBLIC_URL])


if __name__ == "__main__":
    sys.exit(main())
