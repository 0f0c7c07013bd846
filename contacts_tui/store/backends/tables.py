"""Options of tables that each database has in a form of its own."""

from sqlalchemy import Index, text

IDS_ONCE = {"sqlite_autoincrement": True}
"""The options of a table in which no id is given a second time, even when its row is gone."""


def partial_index(name: str, *columns: str, where: str, unique: bool = False) -> Index:
    """Return an index of those rows for which a condition holds.

    For PostgreSQL only the migrations have the condition: its option here would import the dialects of all its drivers,
    which takes 35 ms of each command on a file.
    """
    return Index(name, *columns, unique=unique, sqlite_where=text(where))
