"""`/health`: it fails whenever the work doesn't go on, and tells a stranger nothing else."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import httpx
import pytest

from contacts_tui import receiver
from contacts_tui.channels.registry import Adapters
from contacts_tui.domain.channel import Channel
from contacts_tui.receiver import health
from contacts_tui.receiver.metrics import Webhooks, create_app
from contacts_tui.services import counts, gaps, vital_signs
from contacts_tui.services.supervision import Worker, keep_going
from contacts_tui.store import gaps as stored
from tests.channels.wire import resolve
from tests.patience import LIMIT
from tests.services.world import World


class Desk:
    """A receiver's application, asked without a network; a new one for each question, so that nothing is cached."""

    def __init__(self, world: World) -> None:
        self.world = world

    async def ask(self, path: str = "/health") -> httpx.Response:
        """Ask as a stranger, and return the answer."""
        world = self.world
        app = receiver.create_app(world.store, Adapters(resolve), public_url="https://desk.example", clock=world.clock)
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://desk") as client:
            return await client.get(path)

    async def is_well(self) -> bool:
        """Return whether `/health` says that all is well."""
        answer = await self.ask()
        is_well = answer.status_code == 200
        assert answer.status_code in (200, 503)
        assert answer.json() == {"ok": is_well}
        return is_well


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    """Yield a desk on which all is well."""
    world = World(tmp_path)
    yield Desk(world)
    world.store.close()


async def test_it_is_well_and_says_no_more(desk: Desk) -> None:
    desk.world.send(desk.world.person(), desk.world.shop, "hello")
    assert await desk.is_well()


async def test_a_store_that_can_not_be_written_is_not_well_though_it_can_be_read(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(health, "PATIENCE", 0.3)
    path = desk.world.location.removeprefix("sqlite:///")
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("BEGIN IMMEDIATE")
        assert desk.world.store.call_read(vital_signs.read).due == 0
        assert not await desk.is_well()
        connection.execute("ROLLBACK")
    assert await desk.is_well()


async def test_a_closed_store_is_not_well(desk: Desk) -> None:
    desk.world.store.close()
    assert not await desk.is_well()


async def test_a_message_that_has_been_due_for_long_is_not_well(desk: Desk) -> None:
    desk.world.send(desk.world.person(), desk.world.shop, "hello")
    desk.world.clock.forward(seconds=vital_signs.OLDEST_DUE.total_seconds())
    assert await desk.is_well()
    desk.world.clock.forward(seconds=1)
    assert not await desk.is_well()


async def test_a_bot_whose_provider_has_not_answered_is_not_well(desk: Desk) -> None:
    bot = desk.world.inbox("Bot", Channel.TELEGRAM, "shop_support_bot")
    assert await desk.is_well()
    desk.world.clock.forward(minutes=4)
    assert not await desk.is_well()
    desk.world.store.call(gaps.provider_answered, bot.id)
    assert await desk.is_well()


async def test_an_open_gap_is_not_well(desk: Desk) -> None:
    desk.world.clock.forward(hours=1)
    gap = desk.world.store.call(gaps.asked, desk.world.shop, desk.world.clock() - timedelta(minutes=5))
    assert not await desk.is_well()
    desk.world.store.call(stored.close, gap)
    assert await desk.is_well()


async def test_strangers_who_ask_often_cost_one_write(desk: Desk) -> None:
    world = desk.world
    app = receiver.create_app(world.store, Adapters(resolve), public_url="https://desk.example", clock=world.clock)
    before = world.store.commits
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://desk") as client:
        assert {(await client.get("/health")).status_code for _ in range(50)} == {200}
    assert world.store.commits - before == 1


async def test_metrics_tell_what_was_counted(desk: Desk) -> None:
    world = desk.world
    world.send(world.person(), world.shop, "hello")
    world.clock.forward(seconds=90)
    webhooks = Webhooks()
    app = receiver.create_app(
        world.store,
        Adapters(resolve),
        public_url="https://desk.example",
        clock=world.clock,
        answered=webhooks.answered,
    )
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://desk") as client:
        await client.post(f"/webhooks/{world.shop.id}/inbound", content=b"")
        await client.post("/webhooks/99/inbound", content=b"")
    counts.polls["answered"] += 1
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(create_app(world.store, webhooks)), base_url="http://desk"
    ) as client:
        answer = await client.get("/metrics")
        assert (await client.get("/anything")).status_code == 404
    told = answer.text.splitlines()
    assert answer.headers["content-type"].startswith("text/plain")
    assert 'contacts_tui_webhooks_total{channel="sms",code="415"} 1.0' in told
    assert 'contacts_tui_webhooks_total{channel="none",code="404"} 1.0' in told
    assert 'contacts_tui_webhook_seconds_count{channel="sms"} 1.0' in told
    assert "contacts_tui_queue_messages 1.0" in told
    assert "contacts_tui_queue_oldest_due_seconds 90.0" in told
    assert f"contacts_tui_commits {float(world.store.commits)}" in told
    assert f"contacts_tui_polls_answered {float(counts.polls['answered'])}" in told
    assert "contacts_tui_gaps 0.0" in told
    assert "contacts_tui_store_readable 1.0" in told


@pytest.mark.parametrize("worker", Worker)
async def test_metrics_tell_how_often_each_worker_began_anew(desk: Desk, worker: Worker) -> None:
    stop, name = asyncio.Event(), f"contacts_tui_restarts_{worker.name.lower()}"

    async def told() -> float:
        app = create_app(desk.world.store, Webhooks())
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://desk") as client:
            lines = dict(line.split(" ", 1) for line in (await client.get("/metrics")).text.splitlines())
        return float(lines[name])

    async def fails() -> None:
        raise ZeroDivisionError

    before = await told()
    async with asyncio.timeout(LIMIT):
        await keep_going(worker, fails, stop, lambda _: stop.set())
    assert await told() - before == 1
