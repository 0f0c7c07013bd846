"""Stores of every revision that there ever was, with data in them, on which later programs are tried.

`revisions/0001.sql` was made by the program of revision 0001 and is never edited. With a new revision comes a new file:

    python -m tests.store.frozen STORE > tests/store/revisions/0002.sql

writes the dump of a store that the program of that revision filled, with rows in every table.
"""

import sqlite3
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

FOLDER = Path(__file__).with_name("revisions")
REVISIONS = sorted(file.stem for file in FOLDER.glob("*.sql"))

Row = dict[str, object]


def build(revision: str, path: Path) -> None:
    """Make the store of a revision at `path`."""
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript((FOLDER / f"{revision}.sql").read_text(encoding="utf-8"))
        connection.execute("PRAGMA journal_mode = WAL")


def content(path: Path) -> dict[str, list[Row]]:
    """Return every row of every table, without SQLite's own bookkeeping, the search indexes and the revision."""
    with closing(sqlite3.connect(path)) as connection:
        connection.row_factory = sqlite3.Row
        return {
            name: [dict(row) for row in connection.execute(f'SELECT * FROM "{name}"')]
            for (kind, name, sql) in _objects(connection)
            if kind == "table" and "_search" not in name and name not in ("sqlite_sequence", "alembic_version")
        }


def dump(path: Path) -> Iterator[str]:
    """Yield the statements that make the store at `path` anew, its search indexes byte by byte (they can't be read)."""
    with closing(sqlite3.connect(path)) as connection:
        objects = _objects(connection)
        virtual = tuple(name for _, name, sql in objects if sql.startswith("CREATE VIRTUAL"))
        filled = {name for _, name, _ in objects if name.startswith(tuple(f"{each}_" for each in virtual))}
        filled.add("sqlite_sequence")
        yield f"PRAGMA application_id = {connection.execute('PRAGMA application_id').fetchone()[0]};"
        yield "BEGIN;"
        yield from (f"{sql};" for kind, name, sql in objects if kind == "table" and name not in filled)
        for kind, name, _ in objects:
            if kind == "table" and name not in virtual:
                if name in filled:
                    yield f'DELETE FROM "{name}";'
                yield from _inserts(connection, name)
        yield from (f"{sql};" for kind, _, sql in objects if kind != "table" and sql)
        yield "COMMIT;"


def _objects(connection: sqlite3.Connection) -> list[tuple[str, str, str]]:
    return connection.execute("SELECT type, name, coalesce(sql, '') FROM sqlite_master ORDER BY rowid").fetchall()


def _inserts(connection: sqlite3.Connection, table: str) -> Iterator[str]:
    columns = [row[1] for row in connection.execute(f'PRAGMA table_info("{table}")')]
    values = " || ', ' || ".join(f'quote("{column}")' for column in columns)
    for (row,) in connection.execute(f'SELECT {values} FROM "{table}"'):
        yield f'INSERT INTO "{table}" VALUES ({row});'


if __name__ == "__main__":
    sys.stdout.writelines(f"{line}\n" for line in dump(Path(sys.argv[1])))
