"""Signed webhooks while strangers hold on to the receiver, against the same without them.

As a program of its own it is the strangers: `python -m benchmarks.strangers URL SECONDS FORM-PATH JSON-PATH`.
"""

import asyncio
import contextlib
import subprocess
import sys
import time
from pathlib import Path
from statistics import quantiles

import httpx

from benchmarks.figures import Figure
from benchmarks.memory import resident
from benchmarks.sender import form, signature
from benchmarks.serving import NOWHERE, Serving, prepare, serving
from contacts_tui.domain.channel import Channel
from contacts_tui.domain.inbox import InboxForm
from contacts_tui.services import inboxes
from contacts_tui.store.store import Store

WEBHOOKS = 300
"""Signed webhooks, one after the other, each over a connection of its own; with strangers and without."""
SILENT, UNFINISHED, FORGING = 200, 200, 100
"""Strangers who say nothing; who begin a megabyte and stop; who send whole forms with a forged signature."""
STRANGERS = "127.0.0.2"
"""The address that they come from; providers come from 127.0.0.1."""
BACK = 5.0
"""Seconds after which a stranger whose connection was closed connects again."""
LONGEST = 60
"""Seconds after which they end by themselves."""
SLOWER = 3.0
"""How many times as long a webhook may take among them."""
MORE_MEMORY = 60.0
"""Megabytes of memory that they may cost."""

_MEGABYTE = 1024 * 1024
_FORM = b"Body=" + b"x" * 60_000


def figures(folder: Path) -> list[Figure]:
    """Measure the p95 of a signed webhook with and without strangers, and the memory that they cost."""
    location, inbox_id = prepare(folder / "strangers.db")
    page = _page(location)
    with serving(location, inbox_id, folder) as receiver:
        _p95(receiver, 0, 50)
        alone, before = _p95(receiver, 50, WEBHOOKS), resident(receiver.pid)
        command = [sys.executable, "-m", "benchmarks.strangers", receiver.url, str(LONGEST)]
        with subprocess.Popen(
            [*command, receiver.path, f"/webhooks/{page}/inbound"], stdout=subprocess.PIPE, text=True
        ) as strangers:
            try:
                assert strangers.stdout is not None
                assert strangers.stdout.readline() == "there\n"
                among = _p95(receiver, 50 + WEBHOOKS, WEBHOOKS)
                peak = resident(receiver.pid)
            finally:
                strangers.terminate()
    return [
        Figure("signed webhook, nobody else there: p95", alone * 1000, "ms"),
        Figure(f"signed webhook among {SILENT + UNFINISHED + FORGING} strangers: p95", among * 1000, "ms"),
        Figure("webhook among strangers to one alone", among / alone, "×", SLOWER),
        Figure("memory that strangers cost", max(0.0, peak - before), "MB", MORE_MEMORY),
    ]


def _page(location: str) -> int:
    """Connect an inbox that accepts bodies of four megabytes, and return its id."""
    with contextlib.closing(Store.open(location)) as store:
        return store.call(
            inboxes.connect,
            "Kim",
            InboxForm(
                name="Page",
                channel=Channel.MESSENGER,
                address="1234567890",
                account="",
                secret="env:TWILIO_TOKEN",
                base_url=NOWHERE,
                options={"app_secret": "env:TWILIO_TOKEN"},
            ),
        ).id


def _p95(receiver: Serving, first: int, count: int) -> float:
    """Post webhooks one after the other. Return the seconds within which 19 of 20 were answered."""
    took = []
    for place in range(first, first + count):
        fields = form(place, senders=50)
        headers = {"X-Twilio-Signature": signature(receiver.path, fields)}
        began = time.perf_counter()
        with httpx.Client(trust_env=False, timeout=30.0) as client:
            client.post(receiver.url + receiver.path, data=fields, headers=headers).raise_for_status()
        took.append(time.perf_counter() - began)
    return quantiles(took, n=20)[-1]


# The strangers.


async def _be_strangers(url: str, seconds: float, form_path: str, json_path: str) -> None:
    host, _, port = url.removeprefix("http://").partition(":")
    there = asyncio.Semaphore(0)
    callers = [
        *[_call(host, int(port), there, b"") for _ in range(SILENT)],
        *[_call(host, int(port), there, _unfinished(json_path)) for _ in range(UNFINISHED)],
        *[_call(host, int(port), there, _forged(form_path)) for _ in range(FORGING)],
    ]
    tasks = [asyncio.ensure_future(each) for each in callers]
    for _ in tasks:
        await there.acquire()
    sys.stdout.write("there\n")
    sys.stdout.flush()
    await asyncio.wait(tasks, timeout=seconds)


async def _call(host: str, port: int, there: asyncio.Semaphore, words: bytes) -> None:
    """Send the words, wait until the receiver closes the connection, and connect again after a while."""
    while True:
        with contextlib.suppress(OSError):
            reader, writer = await asyncio.open_connection(host, port, local_addr=(STRANGERS, 0))
            writer.write(words)
            there.release()
            with contextlib.suppress(OSError):
                await writer.drain()
                await reader.read()
            writer.close()
        await asyncio.sleep(BACK)


def _unfinished(path: str) -> bytes:
    head = (
        f"POST {path} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nX-Hub-Signature-256: sha256={'0' * 64}"
    )
    return f"{head}\r\nContent-Length: {_MEGABYTE + 1}\r\n\r\n".encode() + b"x" * _MEGABYTE


def _forged(path: str) -> bytes:
    head = f"POST {path} HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded"
    signed = f"{head}\r\nX-Twilio-Signature: {'A' * 27}=\r\nContent-Length: {len(_FORM)}\r\n\r\n"
    return signed.encode() + _FORM


if __name__ == "__main__":
    asyncio.run(_be_strangers(sys.argv[1], float(sys.argv[2]), sys.argv[3], sys.argv[4]))
