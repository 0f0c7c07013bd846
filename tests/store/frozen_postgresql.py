"""Stores of earlier revisions on a server, with rows in every table, on which later programs are tried.

A server's history begins with revision 0007. A file is the output of `pg_dump --inserts --no-owner --no-privileges` for
a store that the program of that revision filled, without its settings (`SET`) and the lines of psql (`\\restrict`).
"""

from contextlib import closing
from pathlib import Path

import psycopg
from psycopg.rows import dict_row

FOLDER = Path(__file__).with_name("revisions") / "postgresql"
REVISIONS = sorted(file.stem for file in FOLDER.glob("*.sql"))

Row = dict[str, object]
_TABLES = "SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'alembic_version'"


def build(revision: str, location: str) -> None:
    """Make the store of a revision in a database without tables."""
    with closing(psycopg.connect(location, autocommit=True)) as connection:
        connection.execute((FOLDER / f"{revision}.sql").read_text(encoding="utf-8").encode())


def content(location: str) -> dict[str, list[Row]]:
    """Return every row of every table, without the revision."""
    with closing(psycopg.connect(location, row_factory=dict_row)) as connection:
        names = [row["tablename"] for row in connection.execute(_TABLES)]
        return {name: connection.execute(f'SELECT * FROM "{name}"'.encode()).fetchall() for name in names}
