"""Calls that share a transaction: fewer waits for the disk, and no call fails because of another."""

import asyncio
import threading
from collections.abc import Callable

import pytest
from sqlmodel import Session

from contacts_tui.domain.clock import Clock
from contacts_tui.store import settings
from contacts_tui.store.errors import StoreError
from contacts_tui.store.store import Store
from tests.patience import LIMIT
from tests.store.test_store import count_up, read

Call = tuple[Callable[..., object], *tuple[object, ...]]


async def gathered(store: Store, *calls: Call) -> list[object]:
    """Return the results of calls that all wait before the first begins: the write thread is held up until then."""
    held, go = threading.Event(), threading.Event()

    def hold(session: Session, clock: Clock) -> None:
        held.set()
        go.wait()

    holding = asyncio.ensure_future(store.run(hold))
    await asyncio.to_thread(held.wait)
    waiting = asyncio.gather(*(store.run_grouped(call[0], *call[1:]) for call in calls), return_exceptions=True)
    await asyncio.sleep(0)
    go.set()
    await holding
    return list(await waiting)


async def test_calls_that_wait_together_are_committed_together(store: Store) -> None:
    sessions: list[Session] = []

    def note(session: Session, clock: Clock) -> int:
        sessions.append(session)
        return count_up(session, clock)

    assert await gathered(store, *[(note,)] * 20) == list(range(1, 21))
    assert len({id(session) for session in sessions}) == 1
    assert await store.read(read, "count") == "20"


async def test_one_that_raises_fails_alone(store: Store) -> None:
    def fails(session: Session, clock: Clock) -> None:
        settings.put(session, clock, "failed", "yes")
        raise LookupError("on purpose")

    one, wrong, two = await gathered(store, (count_up,), (fails,), (count_up,))
    assert (one, two) == (1, 2)
    assert isinstance(wrong, LookupError)
    assert await store.read(read, "failed") == ""
    assert await store.read(read, "count") == "2"


async def test_a_text_that_cannot_be_stored_fails_alone(store: Store) -> None:
    good, bad = await gathered(store, (settings.put, "good", "yes"), (settings.put, "bad", "half \ud800"))
    assert good is None
    assert isinstance(bad, StoreError)
    assert await store.read(read, "good") == "yes"


async def test_a_closed_store_takes_no_more(store: Store) -> None:
    store.close()
    with pytest.raises(StoreError, match="closed"):
        await store.run_grouped(count_up)


async def test_a_caller_that_gave_up_is_no_trouble_to_the_others(store: Store) -> None:
    given_up = asyncio.ensure_future(store.run_grouped(count_up))
    await asyncio.sleep(0)
    given_up.cancel()
    assert await asyncio.wait_for(store.run_grouped(count_up), LIMIT) >= 1
