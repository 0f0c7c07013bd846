"""Opening a store: the file it makes, and every way in which that can be refused."""

import ctypes
import multiprocessing
import os
import shutil
import sqlite3
import stat
import tempfile
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import Engine
from sqlmodel import Session

from contacts_tui.domain.clock import Clock, utc_now
from contacts_tui.domain.contact import NewContact
from contacts_tui.store import contacts, search, settings
from contacts_tui.store.backends.sqlite.backend import SQLite
from contacts_tui.store.backends.sqlite.engines import use_write_ahead_log
from contacts_tui.store.backends.sqlite.errors import in_words
from contacts_tui.store.errors import StoreError
from contacts_tui.store.store import Store
from tests.other_program import locked

NOBODY = 65534


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_folder_and_files_are_the_owners_alone(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "folder" / "store.db"
    store = Store.open(f"sqlite:///{path}")
    store.call(settings.put, "key", "value")
    try:
        assert mode(path.parent) == 0o700
        files = {file.name: mode(file) for file in path.parent.iterdir()}
    finally:
        store.close()
    assert files == {"store.db": 0o600, "store.db-wal": 0o600, "store.db-shm": 0o600}


def test_a_path_with_odd_characters_is_one_file(tmp_path: Path) -> None:
    path = tmp_path / "Ärger 50% of ?it#.db"
    Store.open(f"sqlite:///{path}").close()
    assert [file.name for file in tmp_path.iterdir()] == [path.name]


@pytest.mark.parametrize(
    ("location", "sentence"),
    [
        ("mysql://kim:hunter2@host/store", "“mysql:…” isn't a store that can be opened"),
        ("/home/kim/store.db", "“/home/kim/store.db” isn't a store that can be opened"),
        ("sqlite://", "“sqlite:…” isn't a store that can be opened"),
        ("postgresql://kim:hunter2@127.0.0.1:1/store", "can't be reached"),
        ("postgresql://kim:hunter2@/store?prepared=never", "neither on nor off"),
        ("sqlite:///", "the store needs a file"),
        ("sqlite:///:memory:", "the store needs a file"),
    ],
)
def test_other_locations_are_refused(location: str, sentence: str) -> None:
    with pytest.raises(StoreError, match=sentence) as refusal:
        Store.open(location)
    assert "hunter2" not in refusal.value.sentence


def test_a_folder_in_place_of_the_file(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="is a folder"):
        Store.open(f"sqlite:///{tmp_path}")


def test_a_folder_that_can_not_be_made(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(StoreError, match="can't be made"):
        Store.open(f"sqlite:///{tmp_path / 'file' / 'store.db'}")


def test_a_file_that_is_no_database_stays_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "notes.txt"
    path.write_text("Remember the milk. " * 100)
    with pytest.raises(StoreError, match="is not a contacts-tui store"):
        Store.open(f"sqlite:///{path}")
    assert path.read_text() == "Remember the milk. " * 100


@pytest.mark.parametrize(
    "statements",
    [
        "CREATE TABLE photo (id INTEGER)",
        "CREATE TABLE alembic_version (version_num TEXT); INSERT INTO alembic_version VALUES ('0001')",
        "CREATE TABLE alembic_version (version_num TEXT)",
    ],
)
def test_another_programs_database_stays_as_it_is(tmp_path: Path, statements: str) -> None:
    path = tmp_path / "other.db"
    other = sqlite3.connect(path)
    other.executescript(statements)
    before = list(other.execute("SELECT sql FROM sqlite_master"))
    with pytest.raises(StoreError, match="a database of another program"):
        Store.open(f"sqlite:///{path}")
    assert list(other.execute("SELECT sql FROM sqlite_master")) == before
    other.close()


@pytest.mark.engine("sqlite")
def test_a_damaged_store_says_so(location: str, tmp_path: Path) -> None:
    Store.open(location).close()
    path = tmp_path / "store.db"
    path.write_bytes(path.read_bytes()[:4096] + b"\xff" * 40_000)
    with pytest.raises(StoreError, match="damaged"):
        store = Store.open(location)
        try:
            store.call(settings.put, "key", "value")
        finally:
            store.close()


@pytest.mark.engine("sqlite")
def test_a_full_disk_stores_nothing_and_says_so(location: str, tmp_path: Path) -> None:
    Store.open(location).close()
    engine = SQLite(str(tmp_path / "store.db")).engine()
    with (
        pytest.raises(StoreError, match="no space left"),
        in_words(tmp_path / "store.db"),
        Session(engine) as session,
    ):
        pages = session.connection().exec_driver_sql("PRAGMA page_count").scalar_one()
        session.connection().exec_driver_sql(f"PRAGMA max_page_count = {pages + 2}")
        settings.put(session, utc_now, "first", "value")
        settings.put(session, utc_now, "large", "x" * 100_000)
        session.commit()
    engine.dispose()
    again = Store.open(location)
    assert again.call_read(lambda session, _: settings.get(session, "first")) == ""
    again.close()


def test_a_store_locked_for_too_long_is_busy(store: Store, location: str) -> None:
    with locked(location):
        assert store.call_read(lambda session, _: settings.get(session, "key", "none")) == "none"
        with pytest.raises(StoreError, match="is busy"):
            store.call(settings.put, "key", "value")
    store.call(settings.put, "key", "value")


def test_programs_that_write_without_a_pause_take_turns(location: str) -> None:
    # With SQLite's own wait alone, some get a tenth of what others do, and in the end give up.
    Store.open(location).close()
    forked = multiprocessing.get_context("fork")
    written = forked.Array("i", 5)
    writers = [forked.Process(target=_write_on_and_on, args=(location, written, place)) for place in range(5)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert [writer.exitcode for writer in writers] == [0] * len(writers)
    assert min(written[:]) * 3 > max(written[:]) == ROUNDS


ROUNDS = 60
"""Transactions of the process that is first to finish; then all stop."""


def _write_on_and_on(location: str, written: "ctypes.Array[ctypes.c_int]", place: int) -> None:
    store = Store.open(location)
    while max(written[:]) < ROUNDS:
        store.call(_write_slowly)
        written[place] += 1
    store.close()


def _write_slowly(session: Session, clock: Clock) -> None:
    settings.put(session, clock, "noise", str(clock()))
    time.sleep(0.02)


@pytest.fixture
def shared_folder() -> Iterator[Path]:
    """Yield a folder that every user may read."""
    folder = Path(tempfile.mkdtemp())
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


@pytest.mark.parametrize("file_mode", [0o444, 0o400])
def test_a_store_that_may_not_be_written(shared_folder: Path, file_mode: int) -> None:
    path = shared_folder / "store.db"
    Store.open(f"sqlite:///{path}").close()
    path.chmod(file_mode)
    assert "can't be " in _refusal_for_somebody_else(f"sqlite:///{path}")


def test_a_folder_that_may_not_be_written(shared_folder: Path) -> None:
    path = shared_folder / "store.db"
    Store.open(f"sqlite:///{path}").close()
    path.chmod(0o666)
    shared_folder.chmod(0o555)
    assert "can't be" in _refusal_for_somebody_else(f"sqlite:///{path}")
    assert "can't be written" in _refusal_for_somebody_else(f"sqlite:///{shared_folder / 'new.db'}")


def _refusal_for_somebody_else(location: str) -> str:
    """Return the sentence for a user without rights to the file (root may write everything, so it gives them up)."""
    forked = multiprocessing.get_context("fork")
    receiver, sender = forked.Pipe(duplex=False)
    process = forked.Process(target=_open_without_rights, args=(location, sender))
    process.start()
    sentence = receiver.recv() if receiver.poll(20) else ""
    process.join()
    assert isinstance(sentence, str)
    return sentence


def _open_without_rights(location: str, sender: "multiprocessing.connection.Connection[str, str]") -> None:
    if os.geteuid() == 0:
        os.setuid(NOBODY)
    try:
        store = Store.open(location)
        store.call(settings.put, "key", "value")
        sender.send("it could be written")
    except StoreError as error:
        sender.send(error.sentence)


def test_many_who_switch_a_new_store_to_its_log_at_once_all_succeed(tmp_path: Path) -> None:
    # SQLite refuses one of them every twenty rounds or so, without waiting for the lock.
    for number in range(100):
        engines = [SQLite(str(tmp_path / str(number))).engine() for _ in range(6)]
        together = threading.Barrier(len(engines))
        with ThreadPoolExecutor(len(engines)) as threads:
            list(threads.map(_switch, engines, [together] * len(engines)))


def _switch(engine: Engine, together: threading.Barrier) -> None:
    engine.connect().close()
    together.wait()
    use_write_ahead_log(engine)
    engine.dispose()


@pytest.mark.engine("sqlite")
@pytest.mark.parametrize(
    ("harm", "inserts"),
    [("block = x'00ff00ff' WHERE id > 10", False), ("block = x'00ff00ff' WHERE id = 10", True), ("block = x''", True)],
)
def test_a_damaged_index_names_the_commands_that_help(location: str, tmp_path: Path, harm: str, inserts: bool) -> None:
    store = Store.open(location)
    store.call(contacts.insert, NewContact(name="Ann Archer"))
    store.close()
    with closing(sqlite3.connect(tmp_path / "store.db")) as connection, connection:
        connection.execute(f"UPDATE contact_search_data SET {harm}")
    store = Store.open(location)
    with pytest.raises(StoreError, match="damaged") as met:
        if inserts:
            store.call(contacts.insert, NewContact(name="Ben Archer"))
        store.call_read(lambda session, _: search.search(session, "archer", 5))
    assert "contacts-tui store check" in met.value.sentence
    assert "contacts-tui store backup" in met.value.sentence
    store.close()
