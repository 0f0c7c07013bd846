"""A store on a server is never left behind, either: those of earlier revisions open with the program of today."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, closing

import pytest

from contacts_tui.services import people, threads
from contacts_tui.store.backends.postgresql.backend import PostgreSQL
from contacts_tui.store.backends.postgresql.engines import Mode
from contacts_tui.store.migrate import upgrade
from contacts_tui.store.revision import HEAD
from contacts_tui.store.schema import WAITING
from contacts_tui.store.store import Store
from tests.other_program import execute, locked
from tests.patience import LIMIT
from tests.postgresql import Databases
from tests.services.world import START, people_in
from tests.store import frozen_postgresql as frozen
from tests.store.test_revisions import KNOWN

ON_SERVERS = KNOWN[KNOWN.index("0007") :]
"""Every revision that a server ever had, oldest first."""
OPEN = """
import sys
from contacts_tui.domain.clock import utc_now
from contacts_tui.store.store import Store
store = Store.open(sys.argv[1], utc_now, lambda words: print(words, flush=True))
print(store.notice, flush=True)
store.close()
"""


@pytest.fixture
def empty(databases: Databases) -> Iterator[str]:
    """Yield the address of a database without tables."""
    location = databases.new()
    yield location
    databases.drop(location)


def test_every_revision_before_the_last_is_frozen_with_something_in_every_column(databases: Databases) -> None:
    assert set(ON_SERVERS[:-1]) <= set(frozen.REVISIONS) <= set(ON_SERVERS)
    for revision in frozen.REVISIONS:
        location = databases.new()
        frozen.build(revision, location)
        for table, rows in frozen.content(location).items():
            assert rows, table
            for column in rows[0]:
                assert any(row[column] not in (None, "", 0, [], {}) for row in rows), f"{table}.{column}"
        databases.drop(location)


@pytest.mark.parametrize(
    ("revision", "later"),
    [(each, later) for each in frozen.REVISIONS for later in ON_SERVERS[ON_SERVERS.index(each) + 1 :]],
)
def test_each_later_revision_keeps_every_row(empty: str, revision: str, later: str) -> None:
    """A migration that moves something elsewhere has to say here where it is now."""
    frozen.build(revision, empty)
    before = frozen.content(empty)
    engine = PostgreSQL(empty).engine(Mode.MAKE)
    upgrade(engine, START, later)
    engine.dispose()
    after = frozen.content(empty)
    for table, rows in before.items():
        for row in rows:
            assert any(row.items() <= now.items() for now in after[table]), (table, row)


@pytest.mark.parametrize("revision", frozen.REVISIONS)
def test_the_program_of_today_works_on_it(empty: str, revision: str) -> None:
    frozen.build(revision, empty)
    known = {str(row["name"]): int(str(row["id"])) for row in frozen.content(empty)["contact"]}
    with closing(Store.open(empty)) as store:
        assert (revision == HEAD) == (store.notice == "")
        assert sorted(people_in(store)) == sorted(known.values())
        zoe = known["Zoë Müller"]
        assert store.call_read(people.search, "zoe muller", 5).ids == (zoe,)
        assert store.call_read(people.search, "agent settled", 5).ids == (zoe,)
        page = store.call_read(threads.timeline, zoe, limit=100)
        assert "goes out and is read" in [view.message.body for view in page.messages]


def test_of_several_programs_that_find_an_old_store_one_changes_it_while_the_others_wait(empty: str) -> None:
    frozen.build(frozen.REVISIONS[0], empty)
    with ExitStack() as stack:
        with locked(empty):
            programs = [
                stack.enter_context(
                    subprocess.Popen([sys.executable, "-c", OPEN, empty], stdout=subprocess.PIPE, text=True)
                )
                for _ in range(3)
            ]
            for program in programs:
                assert program.stdout is not None
                assert program.stdout.readline() == f"{WAITING}\n"
            assert execute(empty, "SELECT version_num FROM alembic_version") == [(frozen.REVISIONS[0],)]
        told = [program.communicate(timeout=LIMIT)[0] for program in programs]
    assert [program.returncode for program in programs] == [0, 0, 0]
    assert all("was upgraded for this program" in each for each in told)
    assert execute(empty, "SELECT version_num FROM alembic_version") == [(HEAD,)]
