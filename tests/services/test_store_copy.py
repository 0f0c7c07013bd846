"""A whole store is copied from a file to a server and back, or nothing of it is."""

import json
import os
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from io import BytesIO
from itertools import pairwise
from pathlib import Path

import psycopg
import pytest
from sqlmodel import SQLModel

from contacts_tui import paths
from contacts_tui.domain.clock import utc_now
from contacts_tui.domain.contact import NewContact
from contacts_tui.services import people, store_care, store_copy
from contacts_tui.store import attachments, contacts, leases, settings
from contacts_tui.store.errors import StoreError
from contacts_tui.store.store import Store
from tests.other_program import execute, tables
from tests.patience import LIMIT
from tests.postgresql import Databases
from tests.services.world import World
from tests.store import frozen

SENT = os.urandom(1_300_000)
"""The content of a file that takes several rows on a server."""
COPY = """
import sys
from contacts_tui.cli.main import main
sys.exit(main(["--agent", "Kim", "store", "copy", *sys.argv[1:]]))
"""

WAITING = (
    "SELECT 1 FROM pg_locks JOIN pg_database ON pg_database.oid = database "
    "WHERE datname = current_database() AND NOT granted"
)


@pytest.fixture
def file(tmp_path: Path) -> str:
    """Return the location of a store with rows in every table, a file of a message, and ids given to deleted rows."""
    path = tmp_path / "first.db"
    location = f"sqlite:///{path}"
    frozen.build(frozen.REVISIONS[-1], path)
    Store.open(location).close()
    url, size = attachments.put(path.with_name("first.db-files"), BytesIO(SENT), len(SENT))
    media = json.dumps([{"url": url, "content_type": "image/png", "name": "a.png", "size": size}])
    execute(location, "UPDATE message SET media = ? WHERE media LIKE '%attachment:%'", media)
    execute(location, "UPDATE sqlite_sequence SET seq = seq + 7")
    return location


@pytest.fixture
def servers(databases: Databases, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """Yield the locations of two databases: one without tables, one with an empty store."""
    monkeypatch.setenv(paths.FOLDER_VARIABLE, str(tmp_path / "data"))
    made = [databases.new(), databases.store()]
    yield made
    for location in made:
        databases.drop(location)


def moved(source: str, target: str) -> store_copy.StoreCopy:
    return store_copy.copy(source, target, "Kim", utc_now, lambda done, of: None)


def content(location: str) -> dict[str, object]:
    """Return every row of a store, the last ids given, and every file of its messages."""
    path = Path(location.removeprefix("sqlite:///"))
    files = {entry.name: entry.read_bytes() for entry in path.with_name(f"{path.name}-files").iterdir()}
    given = sorted(execute(location, "SELECT name, seq FROM sqlite_sequence"))
    rows = {table: sorted(map(repr, rows)) for table, rows in frozen.content(path).items()}
    return {**rows, "files": files, "given": given}


def found(location: str) -> list[tuple[int, ...]]:
    with closing(Store.open(location)) as store:
        return [store.call_read(people.search, text, 20).ids for text in ("zoe muller", "agent settled", "5550", "e")]


def test_a_store_that_went_to_a_server_and_back_is_the_same(file: str, servers: list[str], tmp_path: Path) -> None:
    before, expected = content(file), found(file)
    assert all(before.values())
    assert expected[0] and expected[1]
    assert store_care.check(file) == ()
    way = [file, *servers, f"sqlite:///{tmp_path / 'house' / 'back.db'}", f"sqlite:///{tmp_path / 'last.db'}"]
    for source, target in pairwise(way):
        copied = moved(source, target)
        assert set(copied.counts) == {table.name for table in SQLModel.metadata.sorted_tables}
        assert all(copied.counts.values())
        assert (copied.files, copied.size, copied.missing, copied.is_behind) == (1, len(SENT), (), False)
        assert store_care.check(target) == ()
        assert found(target) == expected
    for location in way[3:]:
        assert content(location) == before
        path = Path(location.removeprefix("sqlite:///"))
        folder = path.with_name(f"{path.name}-files")
        modes = [stat.S_IMODE(each.stat().st_mode) for each in (path, folder, *folder.iterdir())]
        assert modes == [0o600, 0o700, 0o600]
        assert [each for each in path.parent.iterdir() if "unfinished" in each.name] == []
        assert execute(location, "PRAGMA journal_mode") == [("wal",)]


def test_ids_of_people_who_are_gone_are_not_given_again(file: str, servers: list[str]) -> None:
    (last,) = execute(file, "SELECT seq FROM sqlite_sequence WHERE name = 'contact'")[0]
    moved(file, servers[0])
    with closing(Store.open(servers[0])) as store:
        assert store.call(contacts.insert, NewContact(name="Ann")).id == last + 1
        assert store.call(settings.put, "key", "value") is None
    (newest,) = execute(servers[0], "SELECT max(seq) FROM change")[0]
    (fed,) = execute(file, "SELECT seq FROM sqlite_sequence WHERE name = 'change'")[0]
    assert newest > fed


def test_what_a_server_can_not_keep_stands_as_something_else(tmp_path: Path, servers: list[str]) -> None:
    location = f"sqlite:///{tmp_path / 'store.db'}"
    with closing(Store.open(location)) as store:
        ann = store.call(contacts.insert, NewContact(name="A\0nn", tags=("v\0ip", "\\u0000"))).id
    moved(location, servers[0])
    with closing(Store.open(servers[0])) as store:
        copy = store.call_read(lambda session, _: contacts.get(session, ann))
    assert copy is not None
    assert (copy.name, copy.tags) == ("A\ufffdnn", ("v\ufffdip", "\\u0000"))


def test_a_file_that_is_missing_already_is_named(file: str, servers: list[str]) -> None:
    path = Path(file.removeprefix("sqlite:///"))
    (copy,) = path.with_name(f"{path.name}-files").iterdir()
    copy.write_bytes(b"another")
    assert moved(file, servers[0]).missing == (copy.name,)
    assert execute(servers[0], "SELECT * FROM file_piece") == []


def test_only_an_empty_place_takes_a_store(file: str, servers: list[str], tmp_path: Path) -> None:
    there = tmp_path / "there.db"
    there.write_bytes(b"")
    for target, words in ((f"sqlite:///{there}", "already exists"), (file, "to itself")):
        with pytest.raises(StoreError, match=words):
            moved(file, target)
    assert there.read_bytes() == b""
    with closing(Store.open(servers[1])) as store:
        store.call(settings.put, "key", "value")
    with pytest.raises(StoreError, match=r"is not empty \(change, setting\)"):
        moved(file, servers[1])
    assert execute(servers[1], "SELECT count(*) FROM contact") == [(0,)]
    execute(servers[0], "CREATE TABLE other (id int)")
    with pytest.raises(StoreError, match="database of another program"):
        moved(file, servers[0])
    assert tables(servers[0]) == ["other"]


def test_only_a_store_of_this_form_that_nobody_works_with_is_copied(file: str, tmp_path: Path) -> None:
    target = tmp_path / "target.db"
    old = tmp_path / "old.db"
    frozen.build("0001", old)
    with pytest.raises(StoreError, match="form of an older contacts-tui"):
        moved(f"sqlite:///{old}", f"sqlite:///{target}")
    with pytest.raises(StoreError, match="there is no store at"):
        moved(f"sqlite:///{tmp_path / 'nowhere.db'}", f"sqlite:///{target}")
    with closing(Store.open(file)) as store:
        store.call(leases.take, "poll", "host/42/x", timedelta(minutes=1))
        with pytest.raises(StoreError, match=r"in use: process 42 on host \(poll, until"):
            moved(file, f"sqlite:///{target}")
    execute(file, "UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(StoreError, match="form of a newer contacts-tui"):
        moved(file, f"sqlite:///{target}")
    assert [entry.name for entry in tmp_path.iterdir() if "target" in entry.name] == []


@pytest.mark.parametrize(
    ("table", "change"),
    [
        ("note", "NEW.text := 'something else'"),
        ("contact", "NEW.tags := '[]'"),
        ("message", "NEW.at := NEW.at + 1"),
        ("file_piece", "NEW.content := 'x'"),
    ],
)
def test_a_copy_that_came_out_otherwise_is_refused(file: str, servers: list[str], table: str, change: str) -> None:
    execute(
        servers[1],
        f"CREATE FUNCTION spoil() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {change}; RETURN NEW; END $$; "
        f"CREATE TRIGGER spoil BEFORE INSERT ON {table} FOR EACH ROW EXECUTE FUNCTION spoil()",
    )
    with pytest.raises(StoreError, match=r"copy .*is not the same as the (store|file)"):
        moved(file, servers[1])
    assert all(execute(servers[1], f'SELECT count(*) FROM "{each}"') == [(0,)] for each in _filled(servers[1]))
    execute(servers[1], f"DROP TRIGGER spoil ON {table}")
    assert moved(file, servers[1]).files == 1


def test_a_row_that_is_lost_on_the_way_is_noticed(file: str, servers: list[str]) -> None:
    execute(
        servers[1],
        "CREATE FUNCTION lose() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NULL; END $$; "
        "CREATE TRIGGER lose BEFORE INSERT ON journal FOR EACH ROW EXECUTE FUNCTION lose()",
    )
    with pytest.raises(StoreError, match=r"“journal” .* and of the 0 that are there"):
        moved(file, servers[1])


def _filled(location: str) -> list[str]:
    return [name for name in tables(location) if name != "alembic_version"]


def test_what_is_stored_meanwhile_is_not_in_it_and_that_is_told(world: World, tmp_path: Path) -> None:
    told: list[tuple[int, int]] = []

    def write(done: int, of: int) -> None:
        if not told:
            world.store.call(settings.put, "key", "later")
        told.append((done, of))

    target = f"sqlite:///{tmp_path / 'target.db'}"
    assert store_copy.copy(world.location, target, "Kim", utc_now, write).is_behind
    assert told[-1][0] == told[-1][1]
    assert sorted(told) == told
    with closing(Store.open(target)) as store:
        assert store.call_read(lambda session, _: settings.get(session, "key")) == ""


def test_killed_on_the_way_to_a_server_nothing_is_there(file: str, servers: list[str]) -> None:
    with closing(psycopg.connect(servers[1])) as other:
        other.execute("LOCK TABLE message IN SHARE MODE")
        _killed_waiting(servers[1], file, servers[1])
    assert all(execute(servers[1], f'SELECT count(*) FROM "{each}"') == [(0,)] for each in _filled(servers[1]))
    assert moved(file, servers[1]).files == 1


def test_killed_on_the_way_to_a_file_or_a_new_database_no_store_is_there(
    file: str, servers: list[str], tmp_path: Path
) -> None:
    new, source = servers
    moved(file, source)
    target = tmp_path / "target.db"
    with closing(psycopg.connect(source)) as other:
        # Files are copied after all rows.
        other.execute("LOCK TABLE file_piece")
        _killed_waiting(source, source, f"sqlite:///{target}")
    with closing(psycopg.connect(source)) as other:
        other.execute("LOCK TABLE file_piece")
        _killed_waiting(source, source, new)
    assert tables(new) == []
    assert not target.exists()
    left = [entry for entry in tmp_path.iterdir() if entry.name.startswith(".target.db.unfinished-")]
    assert left
    for entry in left:
        with pytest.raises(StoreError):
            store_care.info(f"sqlite:///{entry}", utc_now)
    assert moved(source, f"sqlite:///{target}").files == 1
    assert moved(source, new).files == 1


def _killed_waiting(server: str, source: str, target: str) -> None:
    """Copy in a process of its own, and kill it as soon as it waits for a table of this server."""
    process = subprocess.Popen([sys.executable, "-c", COPY, source, target])
    deadline = time.monotonic() + LIMIT
    while not execute(server, WAITING):
        assert process.poll() is None and time.monotonic() < deadline, "it doesn't wait"
        time.sleep(0.02)
    process.send_signal(signal.SIGKILL)
    process.wait()
