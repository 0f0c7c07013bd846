"""Inbound messages through HTTP into the store, against plain SQLite: an insert and a commit each."""

import asyncio
import os
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from time import perf_counter

import httpx
from twilio.request_validator import RequestValidator

from benchmarks.figures import Figure
from contacts_tui.domain.channel import Channel
from contacts_tui.paths import database_url
from contacts_tui.services import inboxes, people
from contacts_tui.store.store import Store

MESSAGES = 600
SENDERS = 50
AT_ONCE = 8
"""Requests under way at a time."""

_PUBLIC_URL = "https://support.example.com"
_TOKEN = "0" * 32
_ACCOUNT = "AC" + "a" * 32


def figures(folder: Path) -> list[Figure]:
    """Messages a second through a `serve` process, and what plain inserts make on the same disk."""
    plain = _plain(folder / "plain.db")
    ours = _through_http(folder)
    return [
        Figure("plain SQLite, inserts and commits a second", plain, "/s"),
        Figure("inbound messages a second: signed webhook to durable store", ours, "/s"),
        Figure("plain SQLite to inbound messages", plain / ours, "×"),
    ]


def _plain(file: Path) -> float:
    """Commits a second, as durable as the store's."""
    with closing(sqlite3.connect(file, isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("CREATE TABLE message (id INTEGER PRIMARY KEY, sender TEXT, body TEXT)")
        began = perf_counter()
        for place in range(MESSAGES):
            connection.execute("INSERT INTO message (sender, body) VALUES (?, ?)", (_sender(place), _body(place)))
        return MESSAGES / (perf_counter() - began)


def _through_http(folder: Path) -> float:
    """Messages a second, from the first request until the last was answered: what is answered is stored."""
    location = database_url(str(folder / "inbound.db"))
    with closing(Store.open(location)) as store:
        shop = store.call(
            inboxes.add,
            name="Shop",
            channel=Channel.SMS,
            address="+12025550101",
            account=_ACCOUNT,
            secret="env:TWILIO_TOKEN",
        )
    command = [sys.executable, "-m", "contacts_tui", "--database", location, "serve", "--port", "0"]
    environment = os.environ | {"TWILIO_TOKEN": _TOKEN, "CONTACTS_TUI_DATA_FOLDER": str(folder)}
    with subprocess.Popen(
        [*command, "--public-url", _PUBLIC_URL], stdout=subprocess.PIPE, text=True, env=environment
    ) as serve:
        assert serve.stdout is not None
        try:
            url = serve.stdout.readline().split()[-1]
            taken = asyncio.run(_post_all(url, f"/webhooks/{shop.id}/inbound"))
        finally:
            serve.send_signal(signal.SIGTERM)
    with closing(Store.open(location)) as store:
        everyone = store.call_read(people.counts).everyone
        assert everyone == SENDERS + 1, f"{everyone} people wrote"
    return MESSAGES / taken


async def _post_all(url: str, path: str) -> float:
    """Seconds for all messages. One before them has the receiver import what it needs."""
    waiting = iter([_form(place) for place in range(MESSAGES)])
    validator = RequestValidator(_TOKEN)

    async def post(client: httpx.AsyncClient, form: dict[str, str]) -> None:
        signature = validator.compute_signature(_PUBLIC_URL + path, form)
        answer = await client.post(url + path, data=form, headers={"X-Twilio-Signature": signature})
        answer.raise_for_status()

    async def work(client: httpx.AsyncClient) -> None:
        for form in waiting:
            await post(client, form)

    async with httpx.AsyncClient(trust_env=False, timeout=60) as client:
        await post(client, _form(MESSAGES) | {"From": "+12025559999"})
        began = perf_counter()
        await asyncio.gather(*(work(client) for _ in range(AT_ONCE)))
        return perf_counter() - began


def _form(place: int) -> dict[str, str]:
    return {
        "AccountSid": _ACCOUNT,
        "MessageSid": f"SM{place:032x}",
        "From": _sender(place),
        "To": "+12025550101",
        "Body": _body(place),
        "NumMedia": "0",
    }


def _sender(place: int) -> str:
    return f"+1202555{1000 + place % SENDERS}"


def _body(place: int) -> str:
    return f"Is order {place} on its way? I have been waiting for it since last week."
