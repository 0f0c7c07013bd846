"""A store's file that is moved, replaced or overwritten under a process: nothing is written into the wrong file."""

import asyncio
import os
import shutil
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from sqlmodel import Session

from contacts_tui.domain.change import ChangeKind
from contacts_tui.domain.clock import Clock
from contacts_tui.store import change_feed, settings
from contacts_tui.store.backends.sqlite import guard
from contacts_tui.store.errors import StoreError, StoreLost
from contacts_tui.store.revision import HEAD
from contacts_tui.store.store import Store
from tests.store.test_store import count_up
from tests.store.tomorrow import Tomorrow

WRITER = """
import sys
from contacts_tui.store.errors import StoreLost
from contacts_tui.store.store import Store
from tests.store.test_guard import add
store = Store.open(sys.argv[1])
number = 0
while True:
    try:
        store.call(add, f"{sys.argv[2]}:{number}")
    except StoreLost as lost:
        print("lost", lost.sentence, flush=True)
        break
    print(f"{sys.argv[2]}:{number}", flush=True)
    number += 1
    sys.stdin.readline() if len(sys.argv) > 3 else None
store.close()
"""
PADDING = "x" * 3_000


def add(session: Session, clock: Clock, key: str) -> None:
    """Store a whole page of text, so that the log fills and is copied into the file now and then."""
    settings.put(session, clock, key, PADDING)


def keys(path: Path) -> set[str]:
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        return {key for (key,) in connection.execute("SELECT key FROM setting")}


def made(path: Path, *names: str) -> Path:
    """Make a store with these settings, close it, and return its path."""
    store = Store.open(f"sqlite:///{path}")
    for name in names:
        store.call(add, name)
    store.close()
    return path


def value(session: Session, clock: Clock) -> str:
    return settings.get(session, "count")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "store.db"


@pytest.fixture
def other(tmp_path: Path) -> Path:
    """Return the path of another store, with content of its own that is larger than that of a small store."""
    return made(tmp_path / "other.db", *(f"other:{number}" for number in range(60)))


def by_renaming(path: Path, other: Path) -> None:
    other.replace(path)


def by_moving_it_aside(path: Path, other: Path) -> None:
    path.rename(path.with_name("aside.db"))
    other.rename(path)


def by_copying(path: Path, other: Path) -> None:
    shutil.copyfile(other, path)


def by_deleting(path: Path, other: Path) -> None:
    path.unlink()


def by_moving(path: Path, other: Path) -> None:
    path.rename(path.with_name("aside.db"))


SENTENCES: dict[Callable[[Path, Path], None], str] = {
    by_renaming: "was replaced by another file",
    by_moving_it_aside: "was replaced by another file",
    by_copying: "was overwritten by another program",
    by_deleting: "was moved or deleted",
    by_moving: "was moved or deleted",
}


@pytest.mark.parametrize("replaced", SENTENCES)
def test_nothing_is_written_into_a_file_that_came_in_its_place(
    path: Path, other: Path, replaced: Callable[[Path, Path], None]
) -> None:
    store = Store.open(f"sqlite:///{path}")
    store.call(add, "before")
    there = keys(other)
    replaced(path, other)
    for call in (lambda: store.call(add, "after"), lambda: store.call_read(value)):
        with pytest.raises(StoreLost, match=SENTENCES[replaced]):
            call()
    assert store.lost is not None
    store.close()
    aside = path.with_name("aside.db")
    if aside.exists():
        # What was stored before is complete there, though much of it was in the log.
        assert keys(aside) == {"before"}
    if path.exists():
        assert keys(path) == there
        again = Store.open(f"sqlite:///{path}")
        again.call(add, "again")
        again.close()
        assert keys(path) == {*there, "again"}


@pytest.mark.parametrize("replaced", SENTENCES)
def test_readers_notice_as_well(path: Path, other: Path, replaced: Callable[[Path, Path], None]) -> None:
    store = Store.open(f"sqlite:///{path}")
    store.call(count_up)
    replaced(path, other)
    with pytest.raises(StoreLost, match=SENTENCES[replaced]):
        store.call_read(value)
    store.close()
    if path.exists():
        assert "count" not in keys(path)


@pytest.mark.parametrize("replaced", SENTENCES)
async def test_who_follows_the_changes_is_told_without_asking(
    path: Path, other: Path, replaced: Callable[[Path, Path], None]
) -> None:
    store = Store.open(f"sqlite:///{path}")
    await store.run(count_up)
    followers = [store.follow(), store.follow()]
    replaced(path, other)
    for follower in followers:
        with pytest.raises(StopAsyncIteration):
            await asyncio.wait_for(anext(follower), 30)
    assert store.lost is not None
    with pytest.raises(StopAsyncIteration):
        await asyncio.wait_for(anext(store.follow()), 30)
    await asyncio.to_thread(store.close)


@contextmanager
def writing(path: Path, count: int) -> Iterator[list["subprocess.Popen[str]"]]:
    """Start processes that write without a pause, wait until each has begun, and kill them at the end."""
    started = [
        subprocess.Popen(
            [sys.executable, "-c", WRITER, f"sqlite:///{path}", str(number)], stdout=subprocess.PIPE, text=True
        )
        for number in range(count)
    ]
    try:
        yield started
    finally:
        for process in started:
            process.kill()
            process.wait()


@pytest.mark.parametrize("replaced", SENTENCES)
def test_processes_in_full_swing_stop_and_nothing_acknowledged_goes_astray(
    path: Path, other: Path, replaced: Callable[[Path, Path], None]
) -> None:
    made(path)
    there = keys(other)
    with writing(path, 3) as processes:
        outputs = [process.stdout for process in processes if process.stdout is not None]
        for output in outputs:
            for _ in range(150):
                output.readline()
        replaced(path, other)
        told = [output.read().splitlines() for output in outputs]
    assert all(lines[-1].startswith("lost ") for lines in told)
    assert any(SENTENCES[replaced] in lines[-1] for lines in told)
    if path.exists():
        # A row that was reported as stored after this moment would be here.
        assert keys(path) == there
    if (aside := path.with_name("aside.db")).exists():
        acknowledged = {line for lines in told for line in lines if not line.startswith("lost ")}
        assert acknowledged <= keys(aside)


def test_a_file_that_came_in_its_place_gets_nothing_of_the_log_while_others_stand_still(
    path: Path, other: Path
) -> None:
    """Every connection of the process is at work, one of them holding the lock, when the replacement is noticed."""
    store = Store.open(f"sqlite:///{path}")
    store.call(add, "before")
    there, before = keys(other), threading.Event()
    go = threading.Event()

    def stand_still(session: Session, clock: Clock) -> None:
        add(session, clock, "never committed")
        before.set()
        go.wait(60)

    held = []

    def write() -> None:
        try:
            store.call(stand_still)
        except StoreLost as lost:
            held.append(lost)

    writing = threading.Thread(target=write)
    writing.start()
    before.wait(60)
    aside = path.with_name("aside.db")
    by_moving_it_aside(path, other)
    with pytest.raises(StoreLost, match="was replaced"):
        store.call_read(value)
    # A program that opens the file now, while they still stand there, finds it unchanged.
    assert keys(path) == there
    assert "before" in keys(aside)
    go.set()
    writing.join()
    assert len(held) == 1
    store.close()
    assert keys(path) == there
    assert "before" in keys(aside)


def test_a_link_that_leads_elsewhere_leaves_the_log_to_whoever_uses_the_file_by_its_own_name(
    path: Path, other: Path
) -> None:
    by_name, link = Store.open(f"sqlite:///{path}"), path.with_name("link.db")
    link.symlink_to(path)
    by_link = Store.open(f"sqlite:///{link}")
    by_link.call(add, "before")
    link.unlink()
    link.symlink_to(other)
    with pytest.raises(StoreLost, match="was replaced"):
        by_link.call(add, "after")
    by_name.call(add, "still")
    by_link.close()
    assert keys(path) == {"before", "still"}
    by_name.close()
    assert keys(path) == {"before", "still"}


def test_what_only_looks_like_a_change_is_none(path: Path) -> None:
    store = Store.open(f"sqlite:///{path}")
    for number in range(3):
        store.call(add, f"before:{number}")
        os.utime(path)
        path.chmod(0o600)
        link = path.with_name(f"link-{number}")
        link.hardlink_to(path)
        store.call(add, f"after:{number}")
    store.close()
    assert len(keys(path)) == 6


def test_checkpoints_of_this_process_and_of_others_are_no_change(path: Path) -> None:
    store = Store.open(f"sqlite:///{path}")
    with writing(path, 2) as processes:
        for number in range(600):
            store.call(add, f"ours:{number}")
            if number % 50 == 0:
                with closing(sqlite3.connect(path)) as connection:
                    connection.execute("PRAGMA busy_timeout = 10000")
                    connection.execute(f"PRAGMA wal_checkpoint({'TRUNCATE' if number % 100 else 'PASSIVE'})")
        assert [process.poll() for process in processes] == [None, None]
    store.close()
    assert {f"ours:{number}" for number in range(600)} <= keys(path)


def interleaved(monkeypatch: pytest.MonkeyPatch, path: Path, meanwhile: Callable[[], object]) -> None:
    """Let something else happen once, right after the guard read the file's head and its end."""
    true, reads = os.pread, list[int]()

    def read(descriptor: int, size: int, offset: int) -> bytes:
        content = true(descriptor, size, offset)
        if os.path.samestat(os.fstat(descriptor), path.stat()):
            reads.append(size)
            if len(reads) == 2:
                meanwhile()
        return content

    monkeypatch.setattr(os, "pread", read)


def changed(connection: sqlite3.Connection) -> None:
    """Make a transaction, and copy it into the file by a checkpoint."""
    connection.execute("INSERT INTO setting (key, value) VALUES (hex(randomblob(8)), ?)", (PADDING,))
    assert connection.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchone()[0] == 0


def test_a_checkpoint_while_the_guard_looks_is_no_change(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made(path)
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        changed(connection)
        guarding = guard.Guard(path, path)
        interleaved(monkeypatch, path, lambda: changed(connection))
        guarding.begin()
        guarding.check(is_writing=False)
        guarding.check(is_writing=True)
        guarding.close()


def test_a_store_that_a_newer_program_brought_on_is_left_alone(
    path: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    tomorrow = Tomorrow(tmp_path_factory.mktemp("tomorrow"))
    store = Store.open(f"sqlite:///{path}")
    store.call(count_up)
    assert tomorrow.run(path, "people", "list")[0] == 0
    for call in (lambda: store.call(count_up), lambda: store.call_read(value)):
        with pytest.raises(StoreLost, match=r"converted by another contacts-tui \(revision 9001; this program knows"):
            call()
    store.close()
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("SELECT value FROM setting WHERE key = 'count'").fetchone() == ("1",)


def test_a_table_more_is_no_other_revision(path: Path) -> None:
    store = Store.open(f"sqlite:///{path}")
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE note_of_the_administrator (text TEXT)")
    assert store.call(count_up) == 1
    assert store.call_read(value) == "1"
    store.close()
    assert HEAD


async def test_a_content_that_was_put_back_by_a_transaction_is_shown(path: Path, tmp_path: Path) -> None:
    store = Store.open(f"sqlite:///{path}")
    await store.run(count_up)
    earlier = tmp_path / "earlier.db"
    with closing(sqlite3.connect(path)) as source, closing(sqlite3.connect(earlier)) as target:
        source.backup(target)
    for _ in range(3):
        await store.run(change_feed.record, ChangeKind.CONTACT)
    follower = store.follow()
    with closing(sqlite3.connect(earlier)) as source, closing(sqlite3.connect(path)) as target:
        source.backup(target)
    (change,) = await asyncio.wait_for(anext(follower), 30)
    assert change.kind is ChangeKind.EVERYTHING
    await store.run(count_up)
    (change,) = await asyncio.wait_for(anext(follower), 30)
    assert change.kind is ChangeKind.SETTING
    await asyncio.to_thread(store.close)


def test_two_stores_of_one_process_do_not_take_each_others_locks(path: Path) -> None:
    """Closing a file releases this process's locks on it: closing one store must not do that to another."""
    first, second = Store.open(f"sqlite:///{path}"), Store.open(f"sqlite:///{path}")
    first.call(count_up)
    second.call(count_up)
    second.close()
    made(path.with_name("unrelated.db"))
    script = "import sqlite3, sys; c = sqlite3.connect(sys.argv[1]); c.execute('SELECT * FROM setting'); c.close()"
    subprocess.run([sys.executable, "-c", script, str(path)], check=True)
    # Without its lock, the other process would have been the last one, and would have removed the log.
    assert path.with_name("store.db-wal").exists()
    assert first.call(count_up) == 3
    first.close()


def test_a_failure_whose_cause_is_the_file_says_so(path: Path, other: Path) -> None:
    store = Store.open(f"sqlite:///{path}")
    store.call(add, "before")
    path.write_bytes(b"no database at all" * 4_000)
    with pytest.raises(StoreError, match="was overwritten"):
        store.call_read(value)
    store.close()
