"""Work in the background: begun again when it fails, told once, and ended when that is asked for."""

import asyncio
import logging

import pytest

from contacts_tui.services.supervision import Worker, keep_going, wait_at_most
from tests.patience import LIMIT


@pytest.mark.parametrize("way", ["raises", "ends by itself"])
async def test_what_fails_is_told_once_logged_each_time_and_begun_again(
    way: str, caplog: pytest.LogCaptureFixture
) -> None:
    stop, told, runs = asyncio.Event(), list[str](), 0

    async def fails_twice() -> None:
        nonlocal runs
        runs += 1
        if runs == 3:
            await stop.wait()
        elif way == "raises":
            raise ZeroDivisionError

    with caplog.at_level(logging.ERROR):
        going = asyncio.create_task(keep_going(Worker.OUTBOX, fails_twice, stop, told.append, first_pause=0.01))
        async with asyncio.timeout(LIMIT):
            while runs < 3:
                await asyncio.sleep(0.01)
            stop.set()
            await going
    assert len(told) == 1
    assert told[0].startswith("The outbox failed and restarts: ")
    assert caplog.text.count("The outbox restarts in") == 2
    assert ("Traceback" in caplog.text) is (way == "raises")


async def test_a_pause_ends_when_all_is_to_end() -> None:
    stop = asyncio.Event()

    async def fails() -> None:
        raise ZeroDivisionError

    going = asyncio.create_task(keep_going(Worker.POLLING, fails, stop, lambda _: stop.set(), first_pause=3600))
    async with asyncio.timeout(LIMIT):
        await going


async def test_what_fails_while_all_ends_is_not_begun_again() -> None:
    stop, told = asyncio.Event(), list[str]()

    async def fails_at_the_end() -> None:
        await stop.wait()
        raise ZeroDivisionError

    going = asyncio.create_task(keep_going(Worker.POLLING, fails_at_the_end, stop, told.append))
    await asyncio.sleep(0)
    stop.set()
    async with asyncio.timeout(LIMIT):
        await going
    assert told == []


@pytest.mark.parametrize("turns", range(6))
async def test_a_wait_that_is_cancelled_as_its_event_is_set_ends(turns: int) -> None:
    event = asyncio.Event()

    async def waits_again_and_again() -> None:
        while True:
            event.clear()
            await wait_at_most(LIMIT, event)

    async def turn(times: int) -> None:
        for _ in range(times):
            await asyncio.sleep(0)

    waiting = asyncio.create_task(waits_again_and_again())
    await turn(10)
    event.set()
    await turn(turns)
    waiting.cancel()
    await turn(10)
    was_ended = waiting.cancelled()
    waiting.cancel()
    assert was_ended
