"""A write that the store has accepted is stored, or its failure is reported, whatever happens to the caller."""

import asyncio
import contextlib
import gc
import logging
import threading
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import pytest
from sqlmodel import Session

from contacts_tui.domain.clock import Clock
from contacts_tui.store import settings, store
from contacts_tui.store.errors import StoreError
from contacts_tui.store.store import Store
from tests.store.test_store import count_up, read

Write = Callable[[Store], Awaitable[int]]

WRITES: dict[str, Write] = {
    "run": lambda store: store.run(count_up),
    "run_gathered": lambda store: store.run_grouped(count_up),
}


@asynccontextmanager
async def held_up(store: Store) -> AsyncIterator[None]:
    """Keep the write thread busy for the time of the block, so that no new call begins."""
    held, go = threading.Event(), threading.Event()

    def hold(session: Session, clock: Clock) -> None:
        held.set()
        go.wait(30)

    holding = asyncio.ensure_future(store.run(hold))
    await asyncio.to_thread(held.wait, 30)
    try:
        yield
    finally:
        go.set()
        await asyncio.wait({holding})


@pytest.mark.parametrize("write", WRITES.values(), ids=WRITES)
async def test_a_caller_who_is_cancelled_before_it_began_does_not_take_it_back(store: Store, write: Write) -> None:
    async with held_up(store):
        waiting = [asyncio.ensure_future(write(store)) for _ in range(3)]
        await asyncio.sleep(0)
        for one in waiting[:2]:
            one.cancel()
        await asyncio.gather(*waiting[:2], return_exceptions=True)
        assert [one.cancelled() for one in waiting] == [True, True, False]
    assert await waiting[2] == 3


@pytest.mark.parametrize("write", WRITES.values(), ids=WRITES)
async def test_it_is_accepted_before_anybody_waits_for_it(store: Store, write: Write) -> None:
    never_begun = asyncio.ensure_future(write(store))
    never_begun.cancel()
    await asyncio.gather(never_begun, return_exceptions=True)
    assert await store.run(count_up) == 2


@pytest.mark.parametrize("gathered", [False, True])
async def test_the_failure_of_one_that_nobody_waits_for_is_logged(
    store: Store, caplog: pytest.LogCaptureFixture, gathered: bool
) -> None:
    def fails(session: Session, clock: Clock) -> None:
        raise LookupError("nobody is there to hear this")

    async with held_up(store):
        asking = asyncio.ensure_future((store.run_grouped if gathered else store.run)(fails))
        await asyncio.sleep(0)
        asking.cancel()
        await asyncio.gather(asking, return_exceptions=True)
    await store.run(count_up)
    await asyncio.sleep(0)
    del asking
    gc.collect()
    assert "nobody is there to hear this" in caplog.text


@pytest.mark.parametrize("write", WRITES.values(), ids=WRITES)
async def test_what_was_accepted_before_closing_is_committed(location: str, write: Write) -> None:
    closing = Store.open(location)
    async with held_up(closing):
        waiting = [asyncio.ensure_future(write(closing)) for _ in range(3)]
        await asyncio.sleep(0)
        waiting[0].cancel()
        closed = asyncio.ensure_future(asyncio.to_thread(closing.close))
        await until_closed(closing)
    await closed
    assert await asyncio.gather(*waiting[1:]) == [2, 3]
    again = Store.open(location)
    assert again.call_read(read, "count") == "3"
    again.close()


@pytest.mark.parametrize("write", WRITES.values(), ids=WRITES)
async def test_what_can_not_begin_in_time_before_closing_is_refused_and_logged(
    location: str, write: Write, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(store, "CLOSE_WAIT", 0.05)
    closing = Store.open(location)
    with caplog.at_level(logging.WARNING):
        async with held_up(closing):
            waiting = asyncio.ensure_future(write(closing))
            await asyncio.sleep(0)
            await asyncio.to_thread(closing.close)
            with pytest.raises(StoreError, match="nothing was stored"):
                await waiting
    assert "2 calls to the store did not end before it was closed" in caplog.text
    again = Store.open(location)
    assert again.call_read(read, "count") == ""
    again.close()


@pytest.mark.parametrize("write", WRITES.values(), ids=WRITES)
async def test_a_closed_store_refuses_whoever_waits(location: str, write: Write) -> None:
    closing = Store.open(location)
    closing.close()
    accepted = write(closing)
    with pytest.raises(StoreError, match="is closed"):
        await accepted


@pytest.mark.parametrize("grouped", [False, True])
async def test_a_failure_whose_caller_was_cancelled_meanwhile_is_one_line_of_the_log(
    store: Store, grouped: bool, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(session: Session, clock: Clock) -> None:
        raise StoreError("it did not go")

    run = store.run_grouped if grouped else store.run
    async with held_up(store):
        waiting = asyncio.ensure_future(run(fail))
        await asyncio.sleep(0)
        waiting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiting
    await run(count_up)
    gc.collect()
    assert "an abandoned call to the store failed: it did not go" in caplog.text
    assert "never retrieved" not in caplog.text


async def test_a_read_that_nobody_waits_for_is_dropped(store: Store) -> None:
    held, go, looked = threading.Event(), threading.Semaphore(0), list[str]()

    def hold(session: Session, clock: Clock) -> None:
        held.set()
        go.acquire(timeout=30)

    def look(session: Session, clock: Clock) -> str:
        looked.append(settings.get(session, "count"))
        return looked[-1]

    holding = [asyncio.ensure_future(store.read(hold)) for _ in range(3)]
    await asyncio.to_thread(held.wait, 30)
    for _ in range(20):
        await asyncio.sleep(0)
    dropped, wanted = (asyncio.ensure_future(store.read(look)) for _ in range(2))
    await asyncio.sleep(0)
    dropped.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await dropped
    for _ in holding:
        go.release()
    assert await wanted == ""
    await asyncio.gather(*holding)
    assert looked == [""]


async def until_closed(closing: Store) -> None:
    """Wait until the store accepts no more calls."""
    async with asyncio.timeout(30):
        while True:
            try:
                await closing.read(read)
            except StoreError:
                return
