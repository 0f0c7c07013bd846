"""A process that goes on after a stop (SIGSTOP, a sleeping machine) does nothing at a provider by a lease it lost."""

import asyncio
import os
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from signal import SIGCONT

import pytest
from sqlmodel import Session

from contacts_tui.domain.clock import Clock
from contacts_tui.domain.delivery import Delivery
from contacts_tui.domain.message import AttemptOutcome
from contacts_tui.services import inboxes, messaging
from contacts_tui.services.inboxes import polling_lease
from contacts_tui.services.workers.dispatch import FRESH
from contacts_tui.store import attempts, leases
from contacts_tui.store.process_tables import LeaseRow
from tests.e2e.test_kill import DEADLINE, TEXT, Stage, queue
from tests.e2e.test_kill import stage as stage
from tests.e2e.test_kill_polling import SAID, Shop
from tests.e2e.test_kill_polling import bots as bots
from tests.e2e.test_kill_polling import shop as shop
from tests.sandbox.conftest import empty as empty
from tests.sandbox.driver import eventually, until
from tests.services.bots import Bots
from tests.services.polling_world import asked

pytestmark = pytest.mark.engine("sqlite")


class Stopped:
    """A process that was stopped by SIGSTOP."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process
        self._since = time.monotonic()

    async def goes_on(self) -> None:
        """Continue the process, once it was stopped for longer than any answer of the store holds (FRESH)."""
        await until(lambda: time.monotonic() > self._since + FRESH, deadline=DEADLINE)
        os.kill(self._process.pid, SIGCONT)

    async def says(self, words: str) -> None:
        """Wait until these words stand in its log. Raise AssertionError when it ends before."""
        assert self._process.stderr is not None
        async with asyncio.timeout(DEADLINE):
            while words not in (line := (await self._process.stderr.readline()).decode()):
                assert line, f"it ended, and never said {words!r}"


@asynccontextmanager
async def stopped(role: str, step: str, location: str) -> AsyncIterator[Stopped]:
    """Yield a process that is stopped after a step."""
    command = (sys.executable, "-m", "tests.e2e.crash_worker", role, f"stopped after {step}", location)
    process = await asyncio.create_subprocess_exec(*command, stderr=asyncio.subprocess.PIPE)
    stat = Path(f"/proc/{process.pid}/stat")
    try:
        await until(lambda: stat.read_text().rpartition(") ")[2].startswith("T"), deadline=DEADLINE)
        yield Stopped(process)
    finally:
        process.kill()
        await process.wait()


def outcomes(stage: Stage) -> list[AttemptOutcome]:
    """Return the outcome of each attempt to send the last message to Ann."""
    message = stage.world.thread(stage.ann)[-1]
    return [a.outcome for a in stage.world.store.call_read(lambda session, _: attempts.of_message(session, message.id))]


@pytest.mark.parametrize("step", ["take", "held_back"])
async def test_a_message_that_others_sent_again_meanwhile_is_not_sent_a_second_time(stage: Stage, step: str) -> None:
    queue(stage)
    async with stopped("outbox", step, stage.world.location) as process:
        await stage.goes_on(Delivery.UNKNOWN)
        stage.world.store.call(messaging.retry, stage.world.thread(stage.ann)[-1].id, may_double=True)
        await stage.goes_on(Delivery.DELIVERED)
        await process.goes_on()
        await until(lambda: outcomes(stage)[0] is AttemptOutcome.NOT_SENT, deadline=DEADLINE)
    assert outcomes(stage) == [AttemptOutcome.NOT_SENT, AttemptOutcome.ACCEPTED]
    assert stage.status() is Delivery.DELIVERED
    assert await stage.taken() == [TEXT]


@pytest.mark.engine("sqlite", "postgresql")
async def test_a_message_that_others_called_unknown_meanwhile_is_proven_not_sent_and_leaves_once(stage: Stage) -> None:
    queue(stage)
    async with stopped("outbox", "take", stage.world.location) as process:
        await stage.goes_on(Delivery.UNKNOWN)
        assert await stage.taken() == []
        await process.goes_on()
        await until(lambda: stage.status() in (Delivery.SENT, Delivery.DELIVERED), deadline=DEADLINE)
    assert outcomes(stage) == [AttemptOutcome.NOT_SENT, AttemptOutcome.ACCEPTED]
    assert await stage.taken() == [TEXT]


def taken_over(shop: Shop, name: str) -> None:
    """Let this lease run out, and another process take it for an hour."""

    def takes(session: Session, clock: Clock) -> str | None:
        session.get_one(LeaseRow, name).until = clock()
        session.flush()
        return leases.take(session, clock, name, "another", timedelta(hours=1))

    assert shop.store.call(takes) is not None


async def test_a_poller_whose_lease_has_gone_asks_for_nothing(shop: Shop, bots: Bots) -> None:
    inbox = shop.store.call_read(inboxes.by_name, "Shop bot")
    async with stopped("poller", "begin", shop.location) as process:
        before = len(await asked(bots, "getUpdates"))
        taken_over(shop, polling_lease(inbox.id))
        await process.goes_on()
        await process.says("another process receives for")
        assert len(await asked(bots, "getUpdates")) == before
    assert shop.heard() == []
    shop.store.call(leases.release, polling_lease(inbox.id), "another")
    await shop.goes_on(bots)
    assert shop.heard() == SAID


async def test_a_webhook_is_not_set_by_a_process_whose_lease_has_gone(shop: Shop, bots: Bots) -> None:
    inbox = shop.store.call_read(inboxes.by_name, "Shop bot")
    shop.store.call(inboxes.set_public_url, "https://desk.example")
    shop.store.call(inboxes.change, "Kim", inbox.id, replace(inbox.form, options={"receive": "webhook"}))
    async with stopped("poller", "begin", shop.location) as process:
        taken_over(shop, polling_lease(inbox.id))
        await process.goes_on()
        await process.says("another process receives for")
        assert not await asked(bots, "setWebhook")
        shop.store.call(leases.release, polling_lease(inbox.id), "another")

        async def is_announced() -> bool:
            return bool(await asked(bots, "setWebhook"))

        await eventually(is_announced, deadline=DEADLINE)
