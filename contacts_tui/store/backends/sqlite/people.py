"""The people list's statements for SQLite's driver."""

import json
import sqlite3
from collections.abc import Callable, Iterable, Mapping
from contextlib import closing
from pathlib import Path
from typing import Any, TypeVar

from contacts_tui.store.backends.people_queries import PeopleQueries
from contacts_tui.store.backends.sqlite.revision import APPLICATION_ID, REVISION_QUERY
from contacts_tui.store.revision import HEAD

T = TypeVar("T")


def people(execute: Callable[[str, Mapping[str, Any]], Iterable[Any]]) -> PeopleQueries:
    """Return the reader of what the people list shows, by the driver's `execute`."""
    return PeopleQueries(execute, limit=":limit", among="IN (SELECT value FROM json_each(:ids))", ids=json.dumps)


def read_before(path: Path, read: Callable[[PeopleQueries], T]) -> T | None:
    """Read a store by a bare connection; return None when it can't simply be read."""
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True, timeout=0.1)) as connection:
            if connection.execute(REVISION_QUERY).fetchone() == (HEAD, APPLICATION_ID):
                return read(people(connection.execute))
    except sqlite3.Error:
        pass
    return None
