"""How a command opens its store."""

import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from contacts_tui.cli.output import complain
from contacts_tui.config import Config
from contacts_tui.store import backends
from contacts_tui.store.errors import ReadOnlyStore
from contacts_tui.store.store import Store


@contextmanager
def open_store(config: Config) -> Iterator[Store]:
    """Open the configured store for the time of the block, and print the notice of its opening, if any, on stderr.

    Raise StoreError, also for a store that can't be written, so that no command stops halfway.
    """
    with open_to_read(config) as store:
        if store.read_only:
            raise ReadOnlyStore(store.read_only)
        yield store


@contextmanager
def open_to_read(config: Config) -> Iterator[Store]:
    """Open the store as `open_store` does, for a command that only reads: also one that can't be written."""
    with closing(Store.open(config.database)) as store:
        if store.notice:
            complain(store.notice)
        yield store


@contextmanager
def open_to_compare(config: Config) -> Iterator[Store]:
    """Open the store as `open_to_read` does, to see who is known; where there is none yet, an empty temporary one."""
    if backends.of(config.database).exists():
        with open_to_read(config) as store:
            yield store
        return
    with tempfile.TemporaryDirectory() as folder:
        location = backends.location_of(Path(folder) / "nobody.db")
        with closing(Store.open(location)) as store:
            yield store
