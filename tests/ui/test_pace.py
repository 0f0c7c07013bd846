"""Readings that follow changes never take more than their share of the time."""

import asyncio
from time import perf_counter

from contacts_tui.screens.pace import REST, Pace
from tests.patience import LIMIT


async def test_asks_that_come_while_it_rests_are_served_by_one_run() -> None:
    runs: list[float] = []
    done = asyncio.Event()

    async def job() -> None:
        began = perf_counter()
        while perf_counter() - began < 0.01:
            await asyncio.sleep(0)
        runs.append(began)
        if len(runs) == 2:
            done.set()

    pace = Pace(job)
    task = asyncio.create_task(pace.run())
    pace.ask()
    while not runs:
        await asyncio.sleep(0)
    for _ in range(50):
        pace.ask()
    async with asyncio.timeout(LIMIT):
        await done.wait()
    assert runs[1] - runs[0] >= 0.01 * (REST + 1)
    task.cancel()


async def test_it_does_nothing_before_it_is_asked() -> None:
    ran = False

    async def job() -> None:
        nonlocal ran
        ran = True

    task = asyncio.create_task(Pace(job).run())
    for _ in range(20):
        await asyncio.sleep(0)
    assert not ran
    task.cancel()
