"""Reads that follow changes never take more than their share of the time."""

import asyncio
import logging
from time import perf_counter

import pytest

from contacts_tui.error_log import log_error
from contacts_tui.screens.throttle import REST, Throttle
from contacts_tui.store.errors import StoreError
from tests.patience import LIMIT


def failed(error: Exception) -> None:
    """Raise the error: no job here fails."""
    raise error


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

    pace = Throttle(job, failed)
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


async def test_it_rests_as_long_as_it_is_told_to_at_least() -> None:
    runs: list[float] = []
    done = asyncio.Event()

    async def job() -> None:
        runs.append(perf_counter())
        if len(runs) == 2:
            done.set()

    throttle = Throttle(job, failed, lambda: 0.05)
    task = asyncio.create_task(throttle.run())
    throttle.ask()
    while not runs:
        await asyncio.sleep(0)
    throttle.ask()
    async with asyncio.timeout(LIMIT):
        await done.wait()
    assert runs[1] - runs[0] >= 0.05
    task.cancel()


async def test_it_does_nothing_before_it_is_asked() -> None:
    ran = False

    async def job() -> None:
        nonlocal ran
        ran = True

    task = asyncio.create_task(Throttle(job, failed).run())
    for _ in range(20):
        await asyncio.sleep(0)
    assert not ran
    task.cancel()


async def test_a_job_that_fails_is_told_once_and_tried_again_by_itself() -> None:
    told: list[Exception] = []
    works = asyncio.Event()
    runs = 0

    async def job() -> None:
        nonlocal runs
        runs += 1
        if runs < 3:
            raise ZeroDivisionError
        works.set()

    pace = Throttle(job, told.append)
    task = asyncio.create_task(pace.run())
    pace.ask()
    async with asyncio.timeout(LIMIT):
        await works.wait()
    assert [type(error) for error in told] == [ZeroDivisionError]
    assert not task.done()
    task.cancel()


def test_what_was_foreseen_is_logged_by_its_sentence_and_what_was_not_by_its_traceback(
    caplog: pytest.LogCaptureFixture,
) -> None:
    log = logging.getLogger("contacts_tui.screens.throttle")
    log_error(log, "a refresh failed", StoreError("the store is away: try again"))
    log_error(log, "a refresh failed", ZeroDivisionError("a mistake"))
    foreseen, other = caplog.records
    assert (foreseen.message, foreseen.exc_info) == ("a refresh failed: the store is away: try again", None)
    assert other.exc_info is not None
