"""Migrations: from an empty file and from every revision, all or nothing, and only when needed."""

import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine, event

from contacts_tui.store import settings
from contacts_tui.store.engine import open_engine
from contacts_tui.store.errors import StoreError, in_words
from contacts_tui.store.migrate import configuration, upgrade
from contacts_tui.store.revision import HEAD
from contacts_tui.store.store import Store
from contacts_tui.store.tables import ContactRow
from tests.services.world import START

REVISIONS = [script.revision for script in ScriptDirectory.from_config(configuration()).walk_revisions()]

OPEN = """
import sys
from contacts_tui.store.store import Store
sys.stdin.readline()
Store.open(sys.argv[1]).close()
print("alembic" in sys.modules)
"""


def test_the_constant_is_the_newest_revision() -> None:
    assert ScriptDirectory.from_config(configuration()).get_heads() == [HEAD]


def test_migrations_make_what_the_tables_say(location: str, tmp_path: Path) -> None:
    Store.open(location).close()
    with create_engine(location).connect() as connection:
        context = MigrationContext.configure(connection, opts={"include_name": _is_mapped})
        assert compare_metadata(context, ContactRow.metadata) == []


def _is_mapped(name: str | None, kind: str, _parents: object) -> bool:
    return kind != "table" or name in ContactRow.metadata.tables


@pytest.mark.parametrize("revision", REVISIONS)
def test_every_revision_comes_to_the_head(location: str, tmp_path: Path, revision: str) -> None:
    engine = open_engine(location)
    upgrade(engine, START, revision)
    engine.dispose()
    store = Store.open(location)
    store.call(settings.put, "key", "value")
    store.close()
    assert _version(tmp_path / "store.db") == HEAD


def test_a_newer_store_is_refused_and_stays_as_it_is(location: str, tmp_path: Path) -> None:
    Store.open(location).close()
    path = tmp_path / "store.db"
    with sqlite3.connect(path) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9876'")
    connection.close()
    before = path.read_bytes()
    with pytest.raises(StoreError, match=r"written by a newer contacts-tui \(revision 9876\)"):
        Store.open(location)
    assert path.read_bytes() == before


def test_a_failed_migration_changes_nothing(location: str, tmp_path: Path) -> None:
    engine = open_engine(location)

    @event.listens_for(engine, "connect")
    def _small_disk(connection: sqlite3.Connection, _record: object) -> None:
        connection.execute("PRAGMA max_page_count = 10")

    with pytest.raises(StoreError, match="no room left"), in_words(tmp_path / "store.db"):
        upgrade(engine, START)
    engine.dispose()
    with sqlite3.connect(tmp_path / "store.db") as connection:
        assert connection.execute("SELECT count(*) FROM sqlite_master").fetchone() == (0,)
    connection.close()
    Store.open(location).close()
    assert _version(tmp_path / "store.db") == HEAD


def test_processes_that_open_a_new_store_at_once_all_succeed(location: str, tmp_path: Path) -> None:
    processes = [_opening(location) for _ in range(4)]
    for process in processes:
        assert process.stdin is not None
        process.stdin.write("now\n")
        process.stdin.flush()
    answers = [process.communicate(timeout=60) for process in processes]
    assert [process.returncode for process in processes] == [0, 0, 0, 0], answers
    assert _version(tmp_path / "store.db") == HEAD


def test_alembic_is_not_imported_for_a_store_that_is_up_to_date(location: str) -> None:
    assert _opening(location).communicate("now\n", timeout=60)[0] == "True\n"
    assert _opening(location).communicate("now\n", timeout=60)[0] == "False\n"


def _opening(location: str) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-c", OPEN, location], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )


def _version(path: Path) -> str:
    connection = sqlite3.connect(path)
    (version,) = connection.execute("SELECT version_num FROM alembic_version").fetchone()
    connection.close()
    return str(version)
