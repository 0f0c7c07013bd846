"""The store read by a bare connection, before SQLAlchemy is imported: only what the first screen shows."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from contacts_tui.store.backends.sqlite.revision import APPLICATION_ID, REVISION_QUERY
from contacts_tui.store.people_list import Query
from contacts_tui.store.revision import HEAD


@contextmanager
def read_first_page(location: str) -> Iterator[Query | None]:
    """A query on the store, or None when it can't simply be read: opening it properly will say why."""
    path = Path(location.removeprefix("sqlite:///"))
    try:
        connection = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True, timeout=0.1)
    except sqlite3.Error:
        yield None
        return
    with closing(connection):
        try:
            readable = connection.execute(REVISION_QUERY).fetchone() == (HEAD, APPLICATION_ID)
        except sqlite3.Error:
            readable = False
        yield connection.execute if readable else None
