"""Messages that were missed while no receiver ran: fetched from Twilio's list, beside webhooks that go on."""

import asyncio
import contextlib
import json
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from statistics import quantiles

import httpx

from benchmarks.figures import Figure
from benchmarks.sender import form, signature
from benchmarks.serving import ACCOUNT, ADDRESS, TOKEN, Serving, prepare, serving
from contacts_tui.store import backends

MISSED = 10_000
SENDERS = 200
WITH_FILE = 100
"""One of so many missed messages has a file, which costs a request of its own."""
LONGEST = 60.0
"""Seconds within which all must be stored."""
LIVE_FIRST = 1_000_000
"""The number of the first webhook; each after it has the next."""
PAUSE = 0.02
"""Seconds between two webhooks."""
ALONE = 300
"""Webhooks that are measured after all missed messages are stored."""
AT_ONCE = 8
"""Missed messages that are written into the sandbox at the same time."""


def figures(folder: Path) -> list[Figure]:
    """Measure how long it takes to store all missed messages, and how long webhooks take meanwhile and afterwards."""
    with _sandbox(folder) as url:
        location, inbox_id = prepare(folder / "catch_up.db", url)
        asyncio.run(_write(url))
        with serving(location, inbox_id, folder) as receiver:
            began = time.perf_counter()
            live = _Live(receiver)
            live.start()
            _wait_until_closed(location)
            taken = time.perf_counter() - began
            live.stop()
            alone = [_post(receiver, LIVE_FIRST * 2 + place) for place in range(ALONE)]
    with closing(sqlite3.connect(backends.of(location).name)) as connection:
        (stored,) = connection.execute("SELECT count(*) FROM message").fetchone()
    assert stored == MISSED + len(live.took) + ALONE, f"{stored} messages are there"
    among, after = quantiles(live.took, n=20)[-1], quantiles(alone, n=20)[-1]
    return [
        Figure(f"{MISSED:,} missed messages fetched and stored, beside webhooks", taken, "s", LONGEST),
        Figure("missed messages a second", MISSED / taken, "/s"),
        Figure("webhooks taken meanwhile", len(live.took), "webhooks"),
        Figure("signed webhook meanwhile: p95", among * 1000, "ms"),
        Figure("signed webhook after that: p95", after * 1000, "ms"),
        Figure("webhook meanwhile to one after that", among / after, "×"),
    ]


class _Live(threading.Thread):
    """People who go on writing, one message after the other."""

    def __init__(self, receiver: Serving) -> None:
        super().__init__(daemon=True)
        self.took: list[float] = []
        """Seconds that each webhook took."""
        self._receiver = receiver
        self._over = threading.Event()

    def run(self) -> None:
        """Post webhooks until the thread is stopped."""
        while not self._over.wait(PAUSE):
            self.took.append(_post(self._receiver, LIVE_FIRST + len(self.took)))

    def stop(self) -> None:
        """Stop the thread, and wait for its last webhook."""
        self._over.set()
        self.join()


def _post(receiver: Serving, place: int) -> float:
    fields = form(place, SENDERS)
    headers = {"X-Twilio-Signature": signature(receiver.path, fields)}
    began = time.perf_counter()
    with httpx.Client(trust_env=False, timeout=30.0) as client:
        client.post(receiver.url + receiver.path, data=fields, headers=headers).raise_for_status()
    return time.perf_counter() - began


def _wait_until_closed(location: str) -> None:
    """Wait until a gap was recorded, and all gaps are closed."""
    with closing(sqlite3.connect(backends.of(location).name)) as connection:
        while True:
            closed, gaps = connection.execute("SELECT count(closed_at), count(*) FROM gap").fetchone()
            if 0 < closed == gaps:
                return
            time.sleep(0.05)


async def _write(url: str) -> None:
    """Let people write to the sandbox while no receiver runs."""
    places = iter(range(MISSED))

    async def work(client: httpx.AsyncClient) -> None:
        for place in places:
            fields = form(place, SENDERS)
            letter: dict[str, object] = {"from": fields["From"], "to": ADDRESS, "body": fields["Body"]}
            if place % WITH_FILE == 0:
                letter["media"] = [{"content_type": "text/plain", "text": "a file"}]
            (await client.post(f"{url}/control/inbound", json=letter)).raise_for_status()

    async with httpx.AsyncClient(trust_env=False, timeout=30.0) as client:
        await asyncio.gather(*(work(client) for _ in range(AT_ONCE)))


@contextmanager
def _sandbox(folder: Path) -> Iterator[str]:
    """Run a sandbox in a process of its own, which knows our number and posts nothing. Yield its URL."""
    file = folder / "missed.json"
    seed = {
        "accounts": [{"sid": ACCOUNT, "auth_token": TOKEN}],
        "senders": [{"account_sid": ACCOUNT, "address": ADDRESS}],
        "settings": {"small_talk": False},
    }
    file.write_text(json.dumps(seed), encoding="utf-8")
    command = [sys.executable, "-m", "contacts_tui", "sandbox", "--port", "0", "--seed", str(file)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as sandbox:
        assert sandbox.stdout is not None
        try:
            yield sandbox.stdout.readline().split()[-1]
        finally:
            with contextlib.suppress(ProcessLookupError):
                sandbox.send_signal(signal.SIGTERM)
