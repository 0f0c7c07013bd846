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
from contacts_tui.store.backends.sqlite.backend import SQLite
from contacts_tui.store.backends.sqlite.errors import in_words
from contacts_tui.store.errors import StoreError
from contacts_tui.store.migrate import configuration, upgrade
from contacts_tui.store.people_tables import ContactRow
from contacts_tui.store.revision import HEAD
from contacts_tui.store.store import Store
from tests.services.world import START

pytestmark = pytest.mark.engine("sqlite")

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


@pytest.mark.engine("sqlite", "postgresql")
def test_migrations_make_what_the_tables_say(location: str, engine: str) -> None:
    Store.open(location).close()
    is_file = engine == "sqlite"
    # On a server, types are those of the dialect.
    opts = {"include_name": _is_mapped if is_file else _is_mapped_on_a_server, "compare_type": is_file}
    with create_engine(location.replace("postgresql:", "postgresql+psycopg:")).connect() as connection:
        context = MigrationContext.configure(connection, opts=opts)
        found = compare_metadata(context, ContactRow.metadata)
    # On a server, no text, which may be long, is in an index beside what is sorted by.
    wanted = [] if is_file else ["ix_contact_activity"]
    assert [change[1].name for change in found] == wanted, found


def _is_mapped(name: str | None, kind: str, _parents: object) -> bool:
    return kind != "table" or name in ContactRow.metadata.tables


def _is_mapped_on_a_server(name: str | None, kind: str, parents: object) -> bool:
    return _is_mapped(name, kind, parents) and name not in ("ix_contact_search", "ix_contact_activity")


@pytest.mark.parametrize("revision", REVISIONS)
def test_every_revision_comes_to_the_head(location: str, tmp_path: Path, revision: str) -> None:
    engine = SQLite(str(tmp_path / "store.db")).engine()
    upgrade(engine, START, revision)
    engine.dispose()
    store = Store.open(location)
    store.call(settings.put, "key", "value")
    store.close()
    assert _version(tmp_path / "store.db") == HEAD


_BEFORE = """
    INSERT INTO contact (id, name, company, emails, tags, note, owner, time_zone, created_at, search_text, activity_at,
        unread, failing) SELECT value, 'Ann ' || value, '', '[]', '[]', '', '', '', 1, '', 0, 0, 0
        FROM json_each('[1, 2, 3, 4, 5]');
    INSERT INTO inbox (id, name, channel, provider, address, account, secret, base_url, options, human_agent,
        created_at, connected_at, last_error_code) SELECT value ->> 0, value ->> 1, value ->> 1, 'any', value ->> 1, '',
        '', '', '{}', 0, 1, 1, '' FROM json_each('[[1, "sms"], [2, "whatsapp"], [3, "telegram"]]');
    INSERT INTO identity (id, contact_id, channel, address, key, scope, profile_name, opted_out_at, blocked_at,
        refusal_code, name_asks) VALUES
        (1, 1, 'sms', '+12025550142', '+12025550142', 0, '', 100, NULL, '', 0),
        (2, 2, 'whatsapp', '+12025550142', '+12025550142', 0, '', 100, NULL, '', 0),
        (3, 3, 'whatsapp', '+12025550143', '+12025550143', 0, '', 170, NULL, '', 0),
        (4, 4, 'telegram', '42', '42', 3, '', 100, 120, '', 0),
        (5, 5, 'whatsapp', 'US.aBc1', 'us.abc1', 0, '', NULL, NULL, '', 0);
    INSERT INTO conversation (id, identity_id, inbox_id, contact_id, unread) VALUES
        (1, 1, 1, 1, 0), (2, 2, 2, 2, 0), (3, 3, 2, 3, 0), (4, 4, 3, 4, 0), (5, 5, 2, 5, 0);
    INSERT INTO message (uid, conversation_id, contact_id, inbox_id, direction, body, media, author, status, error_code,
        provider_id, at, stored_at, human_agent) SELECT 'u' || id, id, contact_id, inbox_id, 'in', 'STOP', '[]', '', '',
        '', '', 100, 100, 0 FROM conversation;
"""
"""A store of the first revision: opt-outs by the provider and by a word, a block, and a user id."""


def test_what_was_no_opt_out_becomes_a_wish_and_user_ids_get_their_case_back(location: str, tmp_path: Path) -> None:
    engine = SQLite(str(tmp_path / "store.db")).engine()
    upgrade(engine, START, "0001")
    engine.dispose()
    path = tmp_path / "store.db"
    with sqlite3.connect(path) as connection:
        connection.executescript(_BEFORE)
    connection.close()
    Store.open(location).close()
    with sqlite3.connect(path) as connection:
        found = connection.execute(
            "SELECT opted_out_at, stop_asked_at, blocked_at FROM identity ORDER BY id"
        ).fetchall()
        address = connection.execute("SELECT address, key, scope FROM identity WHERE id = 5").fetchone()
    connection.close()
    assert found == [(100, None, None), (None, 100, None), (170, None, None), (None, 100, 120), (None, None, None)]
    assert address == ("US.aBc1", "US.aBc1", 2)


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
    engine = SQLite(str(tmp_path / "store.db")).engine()

    @event.listens_for(engine, "connect")
    def _small_disk(connection: sqlite3.Connection, _record: object) -> None:
        connection.execute("PRAGMA max_page_count = 10")

    with pytest.raises(StoreError, match="no space left"), in_words(tmp_path / "store.db"):
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
