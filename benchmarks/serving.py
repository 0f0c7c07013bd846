"""A `serve` process with one SMS inbox, and a process that sends it signed webhooks."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from contacts_tui.domain.channel import Channel
from contacts_tui.domain.inbox import InboxForm
from contacts_tui.services import inboxes
from contacts_tui.store.backends import location_of
from contacts_tui.store.store import Store

PUBLIC_URL = "https://support.example.com"
TOKEN = "0" * 32
ACCOUNT = "AC" + "a" * 32
ADDRESS = "+12025550101"
NOWHERE = "http://127.0.0.1:1"
"""The address of a provider that no benchmark calls: nothing listens there."""


@dataclass(frozen=True, slots=True)
class Serving:
    """A receiver that answers."""

    url: str
    path: str
    """The path of the inbox's webhook."""
    pid: int
    location: str
    """The location of its store."""

    def hear(self, first: int, count: int, *, senders: int, connections: int) -> float:
        """Send `count` messages from number `first` on. Return the seconds until each was answered with 200.

        A process of their own sends them, from so many people over so many connections.
        """
        command = [sys.executable, "-m", "benchmarks.sender", self.url, self.path]
        numbers = map(str, (first, count, senders, connections))
        told = subprocess.run([*command, *numbers], stdout=subprocess.PIPE, text=True, check=True)
        return float(json.loads(told.stdout)["seconds"])


def prepare(file: Path, base_url: str = NOWHERE) -> tuple[str, int]:
    """Create a store with one inbox, whose provider is at `base_url`. Return its location, and the inbox's id."""
    location = location_of(file)
    return location, connect(location, base_url)


def connect(location: str, base_url: str = NOWHERE) -> int:
    """Connect the inbox of a new store. Return its id."""
    with closing(Store.open(location)) as store:
        shop = store.call(
            inboxes.connect,
            "Kim",
            InboxForm(
                name="Shop",
                channel=Channel.SMS,
                address=ADDRESS,
                account=ACCOUNT,
                secret="env:TWILIO_TOKEN",
                base_url=base_url,
            ),
        )
    return shop.id


@contextmanager
def serving(location: str, inbox_id: int, folder: Path) -> Iterator[Serving]:
    """Run `contacts-tui serve` on a store for the time of the block."""
    command = [sys.executable, "-m", "contacts_tui", "--database", location, "serve", "--port", "0"]
    environment = os.environ | {"TWILIO_TOKEN": TOKEN, "CONTACTS_TUI_DATA_FOLDER": str(folder)}
    with subprocess.Popen(
        [*command, "--public-url", PUBLIC_URL], stdout=subprocess.PIPE, text=True, env=environment
    ) as serve:
        assert serve.stdout is not None
        try:
            url = serve.stdout.readline().split()[-1]
            yield Serving(url, f"/webhooks/{inbox_id}/inbound", serve.pid, location)
        finally:
            serve.send_signal(signal.SIGTERM)
