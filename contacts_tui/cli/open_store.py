"""How a command comes to its store."""

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
    """The configured store for the time of the block; what there is to know of its opening is said on stderr.

    Raises StoreError, also for a store that can't be written: nothing is half done then.
    """
    with open_to_read(config) as store:
        if store.read_only:
            raise ReadOnlyStore(store.read_only)
        yield store


@contextmanager
def open_to_read(config: Config) -> Iterator[Store]:
    """As `open_store`, for a command that only reads: it works where nothing can be written, too."""
    with closing(Store.open(config.database)) as store:
        if store.notice:
            complain(store.notice)
        yield store


@contextmanager
def open_to_compare(config: Config) -> Iterator[Store]:
    """As `open_to_read`, for a command that only looks who is known: where there is no store yet, none is made."""
    if backends.of(config.database).exists():
        with open_to_read(config) as store:
            yield store
        return
    with tempfile.TemporaryDirectory() as folder:
        location = backends.location_of(Path(folder) / "nobody.db")
        with closing(Store.open(location)) as store:
            yield store
