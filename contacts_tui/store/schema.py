"""The tables of the store, brought to this program's revision. Migrations are imported only when needed."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection, Engine

from contacts_tui.store import backends
from contacts_tui.store.revision import HEAD

WAITING = "waiting for another program that writes to the store"
"""What a `Tell` is told during the wait for the right to write."""

Tell = Callable[[str], None]
"""Is called with words for what is being done now, without a full stop."""


def tell_nobody(_: str) -> None:
    """Ignore the words: no person waits for what is being done."""


def ensure(engine: Engine, now: datetime, tell: Tell = tell_nobody) -> Path | None:
    """Bring the store to HEAD, and return where a copy of it from before an upgrade is; None without one.

    Raise StoreError when it is newer than this program, or not a store.
    """
    with engine.connect() as connection:
        if backends.of_bind(engine).revision(connection) == HEAD:
            return None
    # Costs half a second of imports, and most starts don't need it.
    from contacts_tui.store.migrate import upgrade

    return upgrade(engine, now, tell=tell)


def make(connection: Connection, now: datetime) -> None:
    """Make the tables of HEAD in the transaction of a connection that has the right to write.

    Raise StoreError when what is there is newer than this program, or not a store.
    """
    from contacts_tui.store.migrate import bring

    bring(connection, now)
