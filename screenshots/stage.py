"""The program over the demo's people, at a fixed time: drawn again, the pictures are the same."""

import asyncio
import os
import shutil
import tempfile
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

from sqlmodel import Session, update
from textual.pilot import Pilot

from contacts_tui.app import ContactsApp
from contacts_tui.demo.processes import Stage
from contacts_tui.domain.clock import Clock
from contacts_tui.screens.session import AgentSession
from contacts_tui.services import inboxes
from contacts_tui.services.workers.heartbeat import LEASE, RECEIVER
from contacts_tui.store import leases
from contacts_tui.store.message_tables import InboxRow
from contacts_tui.store.store import Store
from contacts_tui.terminal.colors import Depth

NOW = datetime(2026, 11, 17, 14, 30, tzinfo=UTC)
"""A Tuesday afternoon."""
AGENT = "Kim"
SQLITE = "sqlite:///"
PATIENCE = 60.0
"""Seconds after which words count as never shown."""


def now() -> datetime:
    """Return the time of every picture."""
    return NOW


def in_utc() -> None:
    """Set local time to UTC, whatever the machine's time zone is."""
    os.environ["TZ"] = "UTC"
    time.tzset()


@asynccontextmanager
async def demo() -> AsyncIterator[str]:
    """Yield the location of a store with the demo's people in it; its sandbox ends with the block."""
    with tempfile.TemporaryDirectory() as folder:
        stage = Stage(str(Path(folder) / "demo"), AGENT)
        try:
            stage.start(serves=False)
            store = Store.open(stage.location, now)
            try:
                await store.run(inboxes.set_public_url, "https://support.example.com")
                await stage.fill(store)
                await stage.wire_up(store)
                await store.run(_settle)
            finally:
                store.close()
            yield stage.location
        finally:
            stage.close()


def _settle(session: Session, clock: Clock) -> None:
    """Take the leases of a `serve` for every inbox, and overwrite what names folders or ports of this machine."""
    session.execute(update(InboxRow).values(secret="env:SUPPORT_TOKEN", base_url=""))
    names = [inboxes.polling_lease(inbox.id) for inbox in inboxes.listed(session, clock) if inbox.is_polled]
    for name in (RECEIVER, *names):
        leases.take(session, clock, name, "serve@support", LEASE)


@asynccontextmanager
async def program(location: str, size: tuple[int, int]) -> AsyncIterator[Pilot[None]]:
    """Yield the program at its first screen, with everything on it loaded; it works on a copy of the store."""
    store = Path(location.removeprefix(SQLITE))
    own = shutil.copy(store, store.with_name("picture.db"))
    app = ContactsApp(AgentSession(f"{SQLITE}{own}", AGENT, now), depth=Depth.FULL)
    async with app.run_test(size=size, notifications=False) as pilot:
        await shown(pilot, "most urgent first")
        yield pilot


async def shown(pilot: Pilot[None], words: str) -> None:
    """Wait for words on the screen, as `until` does."""
    await until(pilot, lambda: words in text(pilot))


async def until(pilot: Pilot[None], condition: Callable[[], bool]) -> None:
    """Wait for a condition, then for the screen to rest. Raise TimeoutError with its text after PATIENCE."""
    try:
        async with asyncio.timeout(PATIENCE):
            while not condition():
                await pilot.pause()
    except TimeoutError:
        raise TimeoutError(f"never came:\n{text(pilot)}") from None
    before = ""
    while (at_rest := text(pilot)) != before:
        before = at_rest
        await pilot.pause(0.3)


def text(pilot: Pilot[None]) -> str:
    """Return the text of the screen, line by line."""
    return "\n".join(strip.text for strip in pilot.app.screen._compositor.render_strips())
