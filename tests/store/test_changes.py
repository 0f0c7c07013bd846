"""The table of the change feed, and its followers: nothing missed, nothing twice, whichever process wrote."""

import asyncio
import sys
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlmodel import Session

from contacts_tui.domain.change import Change, ChangeKind
from contacts_tui.domain.clock import Clock
from contacts_tui.store import change_feed
from contacts_tui.store.errors import StoreLost
from contacts_tui.store.store import Store
from tests.patience import LIMIT
from tests.services.world import START, MovableClock
from tests.store.test_guard import add, by_copying
from tests.store.test_guard import other as other
from tests.store.test_guard import path as path

RECORD = """
import sys
from contacts_tui.domain.change import ChangeKind
from contacts_tui.store import change_feed
from contacts_tui.store.store import Store
store = Store.open(sys.argv[1])
for number in range(int(sys.argv[2])):
    store.call(change_feed.record, ChangeKind.MESSAGE, contact_id=number)
store.close()
"""

KINDS = [kind for kind in ChangeKind if kind is not ChangeKind.EVERYTHING]


def record_many(session: Session, clock: Clock, count: int) -> None:
    for number in range(count):
        change_feed.record(session, clock, ChangeKind.CONTACT, contact_id=number)


def since(session: Session, clock: Clock, seq: int, limit: int = 100) -> list[Change]:
    return change_feed.since(session, seq, limit)


def latest(session: Session, clock: Clock) -> int:
    return change_feed.latest(session)


def test_changes_come_back_in_order_with_all_they_tell(store: Store) -> None:
    assert store.call_read(latest) == 0
    for kind in KINDS:
        store.call(change_feed.record, kind, contact_id=1, conversation_id=2, message_id=3)
    expected = [Change(seq, START, kind, 1, 2, 3) for seq, kind in enumerate(KINDS, 1)]
    assert store.call_read(since, 0) == expected
    assert store.call_read(since, 2, 1) == expected[2:3]
    assert store.call_read(latest) == len(KINDS)


def test_a_change_that_was_rolled_back_is_not_missed(store: Store) -> None:
    def fails(session: Session, clock: Clock) -> None:
        record_many(session, clock, 5)
        raise LookupError

    store.call(record_many, 1)
    with pytest.raises(LookupError):
        store.call(fails)
    store.call(record_many, 1)
    # Its number may be missing: no follower has to ask for that.
    assert [change.kind for change in store.call_read(since, 1)] == [ChangeKind.CONTACT]


def test_pruning_keeps_what_is_young_and_the_newest(store: Store, clock: MovableClock) -> None:
    store.call(record_many, change_feed.KEPT_ROWS + 20)
    assert store.call(change_feed.prune) == 0
    clock.now += change_feed.KEPT_FOR + timedelta(seconds=1)
    assert store.call(change_feed.prune) == 20
    assert store.call(change_feed.prune) == 0
    assert store.call_read(latest) == change_feed.KEPT_ROWS + 20


def test_who_slept_through_pruned_changes_is_told_to_read_everything(store: Store, clock: MovableClock) -> None:
    store.call(record_many, change_feed.KEPT_ROWS + 20)
    clock.now += change_feed.KEPT_FOR + timedelta(seconds=1)
    store.call(change_feed.prune)
    first, second = store.call_read(since, 5, 1)
    assert (first.kind, first.seq) == (ChangeKind.EVERYTHING, 20)
    assert (second.kind, second.seq) == (ChangeKind.CONTACT, 21)


async def test_everyone_hears_of_every_write_once_and_in_order(store: Store, location: str) -> None:
    store.call(record_many, 3)
    other = Store.open(location)
    followers = [store.follow(), store.follow(), other.follow()]
    process = await asyncio.create_subprocess_exec(sys.executable, "-c", RECORD, location, "60")
    listening = [asyncio.create_task(_take(follower, 700)) for follower in followers]
    for _ in range(20):
        await store.run(record_many, 1)
        await other.run(record_many, 1)
    await store.run(record_many, 600)
    assert await asyncio.wait_for(process.wait(), 60) == 0
    for heard in await asyncio.wait_for(asyncio.gather(*listening), LIMIT):
        assert [change.seq for change in heard] == list(range(4, 704))
    other.close()


async def test_one_large_transaction_is_heard_to_its_end(store: Store) -> None:
    listening = asyncio.create_task(_take(store.follow(), 1_300))
    await store.run(record_many, 1_300)
    heard = await asyncio.wait_for(listening, LIMIT)
    assert [change.seq for change in heard] == list(range(1, 1_301))


async def test_a_follower_hears_only_what_comes_after_it(store: Store) -> None:
    early = store.follow()
    await store.run(record_many, 1)
    assert [change.seq for change in await anext(early)] == [1]
    late = store.follow()
    await store.run(record_many, 1)
    assert [change.seq for change in await anext(late)] == [2]
    assert [change.seq for change in await anext(early)] == [2]


async def test_what_came_while_a_follower_was_busy_comes_at_once(store: Store) -> None:
    follower, other = store.follow(), store.follow()
    for _ in range(5):
        await store.run(record_many, 1)
        await anext(other)
    # The last change may still be on its way to this follower.
    assert [change.seq for change in await anext(follower)][:4] == [1, 2, 3, 4]


async def test_closing_the_store_ends_its_followers(location: str) -> None:
    store = Store.open(location)
    waiting = asyncio.create_task(_take(store.follow(), 10))
    await store.run(record_many, 2)
    await asyncio.to_thread(store.close)
    assert [change.seq for change in await asyncio.wait_for(waiting, LIMIT)] in ([1, 2], [])


async def _take(follower: AsyncIterator[tuple[Change, ...]], count: int) -> list[Change]:
    heard: list[Change] = []
    async for batch in follower:
        heard += batch
        if len(heard) >= count:
            break
    return heard


async def test_who_follows_is_told_that_the_store_was_overwritten_though_a_write_noticed_first(
    path: Path, other: Path
) -> None:
    store = Store.open(f"sqlite:///{path}")
    changes = store.follow()
    store.call(add, "before")
    by_copying(path, other)
    with pytest.raises(StoreLost):
        store.call(add, "after")
    async with asyncio.timeout(LIMIT):
        async for _ in changes:
            pass
    store.close()
