"""A store is never left behind: stores of every earlier revision, with data, open with the program of today."""

import re
import resource
import sqlite3
import stat
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from alembic.script import ScriptDirectory

from contacts_tui.services import people, threads
from contacts_tui.store.backends.sqlite.backend import SQLite
from contacts_tui.store.errors import StoreError
from contacts_tui.store.migrate import configuration, upgrade
from contacts_tui.store.revision import HEAD
from contacts_tui.store.store import Store
from tests.services.world import START, people_in
from tests.store import frozen
from tests.store.tomorrow import Tomorrow

KNOWN = [script.revision for script in ScriptDirectory.from_config(configuration()).walk_revisions()][::-1]
"""Every revision, oldest first."""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "store.db"


@pytest.fixture(scope="session")
def tomorrow(tmp_path_factory: pytest.TempPathFactory) -> Tomorrow:
    return Tomorrow(tmp_path_factory.mktemp("tomorrow"))


def test_every_revision_before_the_last_is_frozen() -> None:
    assert set(KNOWN[:-1]) <= set(frozen.REVISIONS) <= set(KNOWN)
    assert "0001" in frozen.REVISIONS


@pytest.mark.parametrize("revision", frozen.REVISIONS)
def test_a_frozen_store_has_rows_in_every_table_and_something_in_every_column(path: Path, revision: str) -> None:
    frozen.build(revision, path)
    for table, rows in frozen.content(path).items():
        assert rows, table
        for column in rows[0]:
            assert any(row[column] not in (None, "", 0, "[]", "{}", "null") for row in rows), f"{table}.{column}"


def _later() -> Iterator[tuple[str, str]]:
    for revision in frozen.REVISIONS:
        yield from ((revision, later) for later in KNOWN[KNOWN.index(revision) + 1 :])


@pytest.mark.parametrize(("revision", "later"), [*_later(), *((each, each) for each in frozen.REVISIONS)])
def test_each_later_revision_keeps_every_row(path: Path, revision: str, later: str) -> None:
    """A migration that moves something elsewhere has to say here where it is now."""
    frozen.build(revision, path)
    before = frozen.content(path)
    engine = SQLite(str(path)).engine()
    upgrade(engine, START, later)
    engine.dispose()
    after = frozen.content(path)
    for table, rows in before.items():
        for row in rows:
            assert any(row.items() <= now.items() for now in after[table]), (table, row)
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []


@pytest.mark.parametrize("revision", frozen.REVISIONS)
def test_the_program_of_today_works_on_it(path: Path, revision: str) -> None:
    frozen.build(revision, path)
    known = {str(row["name"]): int(str(row["id"])) for row in frozen.content(path)["contact"]}
    store = Store.open(f"sqlite:///{path}")
    try:
        assert (revision == HEAD) == (store.notice == "")
        shown = people_in(store)
        assert sorted(shown) == sorted(known.values())
        zoe = known["Zoë Müller"]
        assert store.call_read(people.search, "zoe muller", 5).ids == (zoe,)
        assert store.call_read(people.search, "agent settled", 5).ids == (zoe,)
        page = store.call_read(threads.timeline, zoe, limit=100)
        assert "goes out and is read" in [view.message.body for view in page.messages]
    finally:
        store.close()


def test_a_store_is_copied_before_it_is_changed_and_the_copy_is_named(path: Path, tomorrow: Tomorrow) -> None:
    frozen.build(frozen.REVISIONS[-1], path)
    Store.open(f"sqlite:///{path}").close()
    before = frozen.content(path)
    code, out, err = tomorrow.run(path, "people", "list", "--json")
    assert (code, err.count("\n")) == (0, 1), err
    named = re.fullmatch(
        rf"contacts-tui: the store {path} was upgraded for this program; a copy of the old one is kept: (.*)\n", err
    )
    assert named, err
    copy = Path(named[1])
    assert re.fullmatch(rf"store\.db-revision-{HEAD}-\d{{8}}T\d{{12}}Z", copy.name)
    assert copy.parent == path.parent
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600
    assert frozen.content(copy) == before
    assert '"name"' in out
    assert all(row["pronouns"] == "" for row in frozen.content(path)["contact"])
    # The next start has nothing to do, and nothing to report; the copy stays.
    assert tomorrow.run(path, "people", "list")[2] == ""
    assert copy.exists()
    # The program of today leaves a newer store alone, and works with the copy.
    with pytest.raises(StoreError, match="written by a newer contacts-tui"):
        Store.open(f"sqlite:///{path}")
    Store.open(f"sqlite:///{copy}").close()


def test_of_several_that_find_an_old_store_one_copies_and_changes_it(path: Path, tomorrow: Tomorrow) -> None:
    Store.open(f"sqlite:///{path}").close()
    started = [tomorrow.start(path, "people", "list") for _ in range(3)]
    told = [(process.communicate(timeout=60)[1], process.returncode) for process in started]
    assert [code for _, code in told] == [0, 0, 0], told
    assert sum("is kept:" in err for err, _ in told) == 1
    assert len(list(path.parent.glob("store.db-revision-*"))) == 1


def test_a_new_store_is_not_copied(path: Path, tomorrow: Tomorrow) -> None:
    assert tomorrow.run(path, "people", "list")[::2] == (0, "")
    assert list(path.parent.glob("store.db-revision-*")) == []


def test_without_room_for_the_copy_nothing_is_changed(path: Path, tomorrow: Tomorrow) -> None:
    Store.open(f"sqlite:///{path}").close()
    before = path.read_bytes()
    limit = len(before) // 2
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limits[1]))
    try:
        process = tomorrow.start(path, "people", "list")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    _, err = process.communicate(timeout=60)
    assert process.returncode == 1
    assert "can't be copied before that" in err
    assert "free some space for a copy" in err
    assert path.read_bytes() == before
    assert [file.name for file in path.parent.iterdir() if "revision" in file.name] == []
    assert tomorrow.run(path, "people", "list")[0] == 0


def test_a_dump_makes_the_same_store(path: Path, tmp_path: Path) -> None:
    frozen.build("0001", path)
    written = subprocess.run(
        [sys.executable, "-m", "tests.store.frozen", str(path)], capture_output=True, text=True, check=True
    ).stdout
    again = tmp_path / "again.db"
    with closing(sqlite3.connect(again)) as connection:
        connection.executescript(written)
    assert frozen.content(again) == frozen.content(path)
    store = Store.open(f"sqlite:///{again}")
    assert len(store.call_read(people.search, "agent settled", 5).ids) == 1
    store.close()
