"""Opening a store that needs nothing: no lock is taken, and a store that can't be written can still be read."""

import asyncio
import multiprocessing
import os
import shutil
import sqlite3
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from sqlmodel import Session

from contacts_tui.domain.clock import Clock
from contacts_tui.store import deadline, settings
from contacts_tui.store.errors import ReadOnlyStore, StoreBusy, StoreError
from contacts_tui.store.store import Store
from tests.other_program import locked
from tests.store.test_store import count_up

NOBODY = 65534


def value(session: Session, clock: Clock) -> str:
    return settings.get(session, "count")


def test_a_store_that_is_locked_elsewhere_opens_and_is_read_at_once(location: str) -> None:
    Store.open(location).close()
    with locked(location), deadline.within(0):
        # With a deadline that is over, any call that waited for the lock would fail.
        store = Store.open(location)
        assert store.call_read(value) == ""
        with pytest.raises(StoreBusy):
            store.call(count_up)
        store.close()


async def test_a_deadline_covers_the_queue_of_this_process(store: Store) -> None:
    held, go = threading.Event(), threading.Event()

    def hold(session: Session, clock: Clock) -> None:
        held.set()
        go.wait(60)

    holding = asyncio.ensure_future(store.run(hold))
    await asyncio.to_thread(held.wait, 30)
    begun = time.monotonic()
    for gathered in (False, True):
        with deadline.within(0.2), pytest.raises(StoreBusy, match="busy"):
            await (store.run_grouped if gathered else store.run)(count_up)
    with deadline.within(0.2), pytest.raises(StoreBusy, match="too much to store"):
        await asyncio.to_thread(store.call, count_up)
    assert not holding.done()
    assert time.monotonic() - begun < 30
    go.set()
    await holding
    # A call that had not begun by its deadline never did.
    assert await store.run(count_up) == 1


async def test_a_deadline_covers_the_lock_of_another_program(store: Store, location: str) -> None:
    begun = time.monotonic()
    with locked(location):
        for gathered in (False, True):
            with deadline.within(0.2), pytest.raises(StoreBusy):
                await (store.run_grouped if gathered else store.run)(count_up)
        assert time.monotonic() - begun < 9, "the engine's own patience is ten seconds, twice"
    assert await store.run(count_up) == 1
    with deadline.within(30), deadline.within(60):
        assert deadline.left(100) <= 30
        assert await store.run_grouped(count_up) == 2


async def test_one_of_a_group_that_can_not_wait_does_not_take_the_others_along(store: Store, location: str) -> None:
    with locked(location):
        with deadline.within(0.2):
            hasty = asyncio.ensure_future(store.run_grouped(count_up))
        patient = asyncio.ensure_future(store.run_grouped(count_up))
        await asyncio.wait({hasty})
        assert not patient.done()
    assert isinstance(hasty.exception(), StoreBusy)
    assert await patient in (1, 2)


@pytest.fixture
def shared_folder() -> Iterator[Path]:
    """Yield a folder that every user may read, with a store in it."""
    folder = Path(tempfile.mkdtemp())
    folder.chmod(0o755)
    store = Store.open(f"sqlite:///{folder / 'store.db'}")
    store.call(count_up)
    store.close()
    (folder / "store.db").chmod(0o444)
    yield folder
    folder.chmod(0o755)
    shutil.rmtree(folder)


Told = tuple[str, str, str, str]


def as_nobody(function: Callable[[Path], Told], path: Path) -> Told | Exception:
    """Return what a function returns or raises in a process without any rights to the store."""
    forked = multiprocessing.get_context("fork")
    receiver, sender = forked.Pipe(duplex=False)

    def work() -> None:
        if os.geteuid() == 0:
            os.setuid(NOBODY)
        try:
            sender.send(function(path))
        except Exception as error:
            sender.send(error)

    process = forked.Process(target=work)
    process.start()
    told: Told | Exception = receiver.recv() if receiver.poll(60) else TimeoutError()
    process.join()
    return told


def read_and_write(path: Path) -> Told:
    """Return what a store says: a value, the refusal to write, the reason, and the notice of its opening."""
    store = Store.open(f"sqlite:///{path}")
    try:
        store.call(count_up)
        refusal = "it was written"
    except ReadOnlyStore as error:
        refusal = error.sentence
    return store.call_read(value), refusal, store.read_only, store.notice


@pytest.mark.parametrize("folder_mode", [0o555, 0o755])
def test_a_store_that_may_not_be_written_is_read(shared_folder: Path, folder_mode: int) -> None:
    shared_folder.chmod(folder_mode)
    told = as_nobody(read_and_write, shared_folder / "store.db")
    assert isinstance(told, tuple), told
    count, refusal, why, notice = told
    assert (count, notice) == ("1", "")
    assert refusal == why
    assert "can't be written: you don't have permission to write to it" in why


def test_what_a_running_program_writes_is_read_too(shared_folder: Path) -> None:
    path = shared_folder / "store.db"
    path.chmod(0o644)
    writer = Store.open(f"sqlite:///{path}")
    writer.call(count_up)
    path.chmod(0o444)
    told = as_nobody(read_and_write, path)
    assert isinstance(told, tuple), told
    assert told[0] == "2"
    writer.close()


def test_a_log_that_can_not_be_read_is_told(shared_folder: Path) -> None:
    path = shared_folder / "store.db"
    path.chmod(0o644)
    writer = Store.open(f"sqlite:///{path}")
    writer.call(count_up)
    log = path.with_name("store.db-wal").read_bytes()
    left = shared_folder / "left"
    left.mkdir()
    shutil.copyfile(path, left / "store.db")
    (left / "store.db-wal").write_bytes(log)
    writer.close()
    (left / "store.db").chmod(0o444)
    left.chmod(0o555)
    told = as_nobody(read_and_write, left / "store.db")
    assert isinstance(told, tuple), told
    count, _, why, notice = told
    assert why
    assert count == "2" or "what was written last to the store" in notice
    left.chmod(0o755)


def test_a_store_that_may_not_even_be_read(shared_folder: Path) -> None:
    path = shared_folder / "store.db"
    path.chmod(0o400)
    refused = as_nobody(read_and_write, path)
    assert isinstance(refused, StoreError)
    assert "can't be read" in refused.sentence


def test_a_store_of_another_form_that_can_not_be_written_says_both(shared_folder: Path) -> None:
    path = shared_folder / "store.db"
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("UPDATE alembic_version SET version_num = '0000'")
    refused = as_nobody(read_and_write, path)
    assert isinstance(refused, StoreError)
    assert "revision 0000; this program knows" in refused.sentence
    assert "can't be written" in refused.sentence
