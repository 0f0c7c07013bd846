"""kill -9 while messages to a bot are received: none that Telegram gave is lost or stored twice."""

import asyncio
import sys
from collections.abc import Iterator
from datetime import datetime
from signal import SIGKILL

import pytest
from sqlmodel import col, select

from contacts_tui.channels.registry import Adapters
from contacts_tui.domain.clock import utc_now
from contacts_tui.services.workers.polling import LEASE, Poller
from contacts_tui.store.message_tables import MessageRow
from contacts_tui.store.store import Store
from tests.sandbox.conftest import empty as empty
from tests.sandbox.driver import Driver, eventually
from tests.services.bots import BOT_TOKEN, JO, SAM, Bots

DEADLINE = 60
SAID = [f"number {number}" for number in range(130)]
"""More texts than one answer of Telegram holds."""


def later() -> datetime:
    """Return a time after the end of the lease of a process that died a moment ago."""
    return utc_now() + 2 * LEASE


pytestmark = pytest.mark.engine("sqlite")


class Shop:
    """A store with a bot."""

    def __init__(self, location: str) -> None:
        self.location = location
        self.store = Store.open(self.location)

    def heard(self) -> list[str]:
        """Return the texts that people wrote, in the order in which they came in."""
        wanted = select(MessageRow.body).order_by(col(MessageRow.id))
        return self.store.call_read(lambda session, _: list(session.exec(wanted)))

    async def dies(self, step: str) -> None:
        """Run a process that polls for messages until it kills itself at the step."""
        command = (sys.executable, "-m", "tests.e2e.crash_worker", "poller", step, self.location)
        process = await asyncio.create_subprocess_exec(*command)
        async with asyncio.timeout(DEADLINE):
            assert await process.wait() == -SIGKILL

    async def goes_on(self, bots: Bots) -> None:
        """Run a poller, as the next start does, until Telegram keeps no update for the bot any more."""
        store, adapters, stop = Store.open(self.location, later), Adapters(), asyncio.Event()
        polling = asyncio.create_task(Poller(store, adapters).run(stop))
        try:
            await eventually(bots.acknowledged, deadline=DEADLINE)
        finally:
            stop.set()
            await polling
            await adapters.aclose()
            store.close()


@pytest.fixture
def shop(location: str) -> Iterator[Shop]:
    """Yield a shop with an empty store."""
    made = Shop(location)
    yield made
    made.store.close()


@pytest.fixture
async def bots(empty: Driver, shop: Shop, monkeypatch: pytest.MonkeyPatch) -> Bots:
    """Return a bot that two people have written to."""
    monkeypatch.setenv("BOT_TOKEN", BOT_TOKEN)
    made = Bots(empty)
    await made.prepare()
    made.connect(shop.store)
    for place, text in enumerate(SAID):
        await made.says(text, JO if place % 2 else SAM)
    return made


async def around_the_commit(shop: Shop, bots: Bots, when: str, stored: int) -> None:
    """Crash a poller around its commit; assert that `stored` texts are kept, and all, once each, after the next run."""
    await shop.dies(f"{when} take_in")
    assert shop.heard() == SAID[:stored]
    assert len((await bots.state())["updates"]) == len(SAID)
    await shop.goes_on(bots)
    assert shop.heard() == SAID


@pytest.mark.parametrize(("when", "stored"), [("before", 0), ("during", 0), ("after", 100)])
async def test_killed_around_the_commit_everything_is_heard_once(
    shop: Shop, bots: Bots, when: str, stored: int
) -> None:
    await around_the_commit(shop, bots, when, stored)


@pytest.mark.engine("postgresql")
async def test_killed_before_the_commit_on_a_server_everything_is_heard_once(shop: Shop, bots: Bots) -> None:
    await around_the_commit(shop, bots, "during", 0)
