"""Which shape the store's tables have. Migrations load when needed."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection, Engine

from contacts_tui.store import backends
from contacts_tui.store.revision import HEAD

WAITING = "waiting for another program that writes to the store"
"""What is told while the right to write is waited for."""

Tell = Callable[[str], None]
"""Takes words for what is being done now, without an end mark."""


def tell_nobody(_: str) -> None:
    """For whom nobody waits."""


def ensure(engine: Engine, now: datetime, tell: Tell = tell_nobody) -> Path | None:
    """Brings the store to HEAD. Returns where a copy of it as it was before lies, when it was behind.

    Raises StoreError when it is newer than this program, or not a store.
    """
    with engine.connect() as connection:
        if backends.of_bind(engine).revision(connection) == HEAD:
            return None
    # Costs half a second of imports, and most starts don't need it.
    from contacts_tui.store.migrate import upgrade

    return upgrade(engine, now, tell=tell)


def make(connection: Connection, now: datetime) -> None:
    """Makes the tables of HEAD in the transaction of a connection that has the right to write.

    Raises StoreError when what is there is newer than this program, or not a store.
    """
    from contacts_tui.store.migrate import bring

    bring(connection, now)
