"""New SQLite stores for tests, each a copy of one that the migrations made once in this process."""

import shutil
import tempfile
from functools import cache
from pathlib import Path

from contacts_tui.domain.clock import Clock
from contacts_tui.store import backends
from contacts_tui.store.store import Store

_FILE = "store.db"


def open_store(location: str, clock: Clock) -> Store:
    """Open a store; where there is none yet on SQLite, copy an empty one there first: the migrations take a while."""
    backend = backends.of(location)
    file = Path(backend.name)
    if location.startswith("sqlite:") and not file.exists() and file.parent.is_dir():
        shutil.copy(Path(_pattern().name, _FILE), file)
    return Store.open(location, clock)


@cache
def _pattern() -> tempfile.TemporaryDirectory[str]:
    """Make a folder with a file of empty tables, which stays as long as this process."""
    folder = tempfile.TemporaryDirectory(prefix="contacts-tui-pattern-")
    Store.open(backends.location_of(Path(folder.name, _FILE))).close()
    return folder
