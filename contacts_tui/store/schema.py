"""Which shape the store's tables have. The check at a start is one plain query; migrations load when needed."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import OperationalError

from contacts_tui.store.errors import StoreError, error_name
from contacts_tui.store.revision import APPLICATION_ID, HEAD, REVISION_QUERY

_REVISION = text(REVISION_QUERY)

WAITING = "waiting for another program that writes to the store"
"""What is told while the store's lock is waited for."""

Tell = Callable[[str], None]
"""Takes words for what is being done now, without an end mark."""


def tell_nobody(_: str) -> None:
    """For whom nobody waits."""


def is_ready(engine: Engine) -> bool:
    """Whether the store has this program's form already; nothing is locked for the look. Raises as `revision` does."""
    with engine.connect() as connection:
        logged = connection.execute(text("PRAGMA journal_mode")).scalar_one() == "wal"
        return logged and revision(connection) == HEAD


def ensure(engine: Engine, now: datetime, tell: Tell = tell_nobody) -> Path | None:
    """Brings the store to HEAD. Returns where a copy of it as it was before lies, when it was behind.

    Raises StoreError when it is newer than this program, or not a store.
    """
    with engine.connect() as connection:
        if revision(connection) == HEAD:
            return None
    # Costs half a second of imports, and most starts don't need it.
    from contacts_tui.store.migrate import upgrade

    return upgrade(engine, now, tell=tell)


def revision(connection: Connection) -> str | None:
    """The revision of the store; None for an empty file. Raises StoreError for another program's database."""
    try:
        row = connection.execute(_REVISION).one_or_none()
    except OperationalError as error:
        if error_name(error.orig or error) != "SQLITE_ERROR":
            raise
        row = None
        if connection.execute(text("SELECT count(*) FROM sqlite_master")).scalar_one() == 0:
            return None
    if row is None or row[1] != APPLICATION_ID:
        raise StoreError(
            f"{connection.engine.url.database} is a database of another program, not a contacts-tui store: "
            "choose another file; nothing was changed"
        )
    return str(row[0])
