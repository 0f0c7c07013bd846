"""The unit of work: one transaction for each call, readers that never wait, writers that take turns."""

import asyncio
import subprocess
import sys
import threading

import pytest
from sqlmodel import Session

from contacts_tui.domain.clock import Clock
from contacts_tui.store import settings
from contacts_tui.store.errors import StoreError
from contacts_tui.store.store import Store
from tests.patience import LIMIT

COUNT = """
import sys
from contacts_tui.store.store import Store
from tests.store.test_store import count_up
store = Store.open(sys.argv[1])
for _ in range(int(sys.argv[2])):
    store.call(count_up)
    print("done", flush=True)
store.close()
"""


def read(session: Session, clock: Clock, key: str = "key") -> str:
    return settings.get(session, key)


def count_up(session: Session, clock: Clock) -> int:
    number = int(settings.get(session, "count", "0")) + 1
    settings.put(session, clock, "count", str(number))
    return number


async def test_a_call_is_committed_when_it_returns(store: Store, location: str) -> None:
    await store.run(settings.put, "key", "value")
    other = Store.open(location)
    assert await other.read(read) == "value"
    other.close()


async def test_what_a_function_raises_undoes_it_and_passes_unchanged(store: Store) -> None:
    def fails(session: Session, clock: Clock) -> None:
        settings.put(session, clock, "key", "value")
        raise LookupError("on purpose")

    with pytest.raises(LookupError, match="on purpose"):
        await store.run(fails)
    assert await store.read(read) == ""


async def test_reading_functions_can_not_write(store: Store) -> None:
    with pytest.raises(RuntimeError, match=r"use Store\.run"):
        await store.read(settings.put, "key", "value")
    await store.run(settings.put, "key", "written")
    assert await store.read(read) == "written"


async def test_a_refused_statement_is_a_store_error(store: Store) -> None:
    def twice(session: Session, clock: Clock) -> None:
        for _ in range(2):
            session.connection().exec_driver_sql("INSERT INTO setting VALUES ('key', 'value')")

    with pytest.raises(StoreError, match=r"(?i)unique constraint"):
        await store.run(twice)
    assert await store.read(read) == ""


async def test_readers_do_not_wait_for_a_writer(store: Store) -> None:
    begun, finish = threading.Event(), threading.Event()

    def slow(session: Session, clock: Clock) -> None:
        settings.put(session, clock, "key", "new")
        begun.set()
        finish.wait(20)

    writing = asyncio.create_task(store.run(slow))
    await asyncio.to_thread(begun.wait, 20)
    assert await store.read(read) == ""
    finish.set()
    await writing
    assert await store.read(read) == "new"


async def test_a_reader_sees_one_moment(store: Store) -> None:
    looked, written = threading.Event(), threading.Event()

    def twice(session: Session, clock: Clock) -> tuple[str, str]:
        first = settings.get(session, "key")
        looked.set()
        written.wait(20)
        session.expire_all()
        return first, settings.get(session, "key")

    reading = asyncio.create_task(store.read(twice))
    await asyncio.to_thread(looked.wait, 20)
    await store.run(settings.put, "key", "new")
    written.set()
    assert await reading == ("", "")


async def test_processes_and_threads_that_write_at_once_lose_nothing(store: Store, location: str) -> None:
    processes = [_counting(location, 40) for _ in range(3)]
    await asyncio.gather(*(store.run(count_up) for _ in range(40)))
    with_call = [asyncio.to_thread(store.call, count_up) for _ in range(10)]
    await asyncio.gather(*with_call)
    for process in processes:
        await asyncio.to_thread(process.communicate, timeout=60)
    assert [process.returncode for process in processes] == [0, 0, 0]
    assert await store.read(read, "count") == "170"


def test_what_was_committed_survives_a_kill(store: Store, location: str) -> None:
    process = _counting(location, 1_000_000)
    assert process.stdout is not None
    for _ in range(25):
        assert process.stdout.readline() == "done\n"
    process.kill()
    # Not `communicate`: it leaves out what was read ahead of the lines above.
    done = 25 + process.stdout.read().count("done\n")
    process.wait(60)
    assert int(store.call_read(read, "count")) in (done, done + 1)
    store.call(count_up)


async def test_closing_waits_for_a_running_call(location: str) -> None:
    store = Store.open(location)
    begun, finish, ended = threading.Event(), threading.Event(), list[str]()

    def slow(session: Session, clock: Clock) -> None:
        begun.set()
        finish.wait(20)
        settings.put(session, clock, "key", "value")

    async def write() -> None:
        await store.run(slow)
        ended.append("written")

    async def close() -> None:
        await asyncio.to_thread(store.close)
        ended.append("closed")

    tasks = [asyncio.create_task(write())]
    await asyncio.to_thread(begun.wait, 20)
    tasks.append(asyncio.create_task(close()))
    with pytest.raises(StoreError, match="is closed"):
        async with asyncio.timeout(LIMIT):
            while True:
                await store.read(read)
    finish.set()
    await asyncio.gather(*tasks)
    assert sorted(ended) == ["closed", "written"]
    again = Store.open(location)
    assert again.call_read(read) == "value"
    again.close()


async def test_half_a_character_can_not_be_stored(store: Store) -> None:
    with pytest.raises(StoreError, match="half a character"):
        await store.run(settings.put, "key", "\ud83d")


def _counting(location: str, times: int) -> "subprocess.Popen[str]":
    return subprocess.Popen([sys.executable, "-c", COUNT, location, str(times)], stdout=subprocess.PIPE, text=True)
