"""Runs the migrations. Imported only when the store is empty or behind."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import Engine

from contacts_tui.store.errors import StoreError
from contacts_tui.store.revision import APPLICATION_ID
from contacts_tui.store.schema import revision

_SCRIPTS = Path(__file__).with_name("migrations")


def configuration() -> Config:
    """Alembic's configuration; there is no alembic.ini, so that an installed package needs none."""
    config = Config()
    config.set_main_option("script_location", str(_SCRIPTS).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config


def upgrade(engine: Engine, target: str = "head") -> None:
    """Brings the store to the revision `target` in one transaction: all of it happens, or nothing.

    The transaction holds the write lock, so of two processes that open a new store at once, the second waits and
    then finds nothing left to do. Raises StoreError when the store is newer than this program.
    """
    config = configuration()
    with engine.begin() as connection:
        _refuse_newer(ScriptDirectory.from_config(config), revision(connection))
        config.attributes["connection"] = connection
        command.upgrade(config, target)
        connection.exec_driver_sql(f"PRAGMA application_id = {APPLICATION_ID}")


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
