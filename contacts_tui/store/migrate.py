"""Migrations: how a store is brought to a revision. Imported only when the store is empty or behind."""

from datetime import datetime
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import Connection, Engine

from contacts_tui.store import backends
from contacts_tui.store.errors import StoreError
from contacts_tui.store.revision import HEAD
from contacts_tui.store.schema import WAITING, Tell, tell_nobody

_SCRIPTS = Path(__file__).with_name("migrations")


def configuration() -> Config:
    """Return Alembic's configuration; there is no alembic.ini, so that an installed package needs none."""
    config = Config()
    config.set_main_option("script_location", str(_SCRIPTS).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config


def upgrade(engine: Engine, now: datetime, target: str = HEAD, tell: Tell = tell_nobody) -> Path | None:
    """Bring the store to the revision `target` in one transaction: all of it happens, or nothing.

    A store that had a revision before is copied first (see `Backend.keep`); return where the copy is, which is never
    removed, or None. The transaction holds the write lock, so of two processes that open a new store at once, the
    second waits and then finds nothing left to do. Raise StoreError when the store is newer than this program or can't
    be copied.
    """
    tell(WAITING)
    with engine.begin() as connection:
        tell("bringing the store up to date")
        return bring(connection, now, target)


def bring(connection: Connection, now: datetime, target: str = HEAD) -> Path | None:
    """Bring the store to `target` as `upgrade` does, in the transaction of a connection that has the right to write."""
    config, backend = configuration(), backends.of_bind(connection)
    before = backend.revision(connection)
    _refuse_newer(ScriptDirectory.from_config(config), before)
    if before == target:
        return None
    copied = None if before is None else backend.keep(before, now)
    if before is None:
        backend.begin_history(connection)
    config.attributes["connection"] = connection
    command.upgrade(config, target)
    backend.mark(connection)
    return copied


def _refuse_newer(scripts: ScriptDirectory, current: str | None) -> None:
    if current is None:
        return
    try:
        scripts.get_revision(current)
    except CommandError as error:
        raise StoreError(
            f"this store was written by a newer contacts-tui (revision {current}): update the program; "
            "nothing was changed"
        ) from error
