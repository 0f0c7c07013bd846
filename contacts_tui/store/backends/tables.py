"""What tables say of themselves that each database takes in words of its own."""

from sqlalchemy import Index, text

IDS_ONCE = {"sqlite_autoincrement": True}
"""For a table in which no id is given a second time, also when its row is gone."""


def partial_index(name: str, *columns: str, where: str, unique: bool = False) -> Index:
    """Return an index of those rows for which a condition holds.

    On PostgreSQL the migrations say so alone: its word here would import all its drivers' dialects, for 35 ms of each
    command on a file.
    """
    return Index(name, *columns, unique=unique, sqlite_where=text(where))
