"""How a command comes to its store."""

from collections.abc import Iterator
from contextlib import closing, contextmanager

from contacts_tui.cli.output import complain
from contacts_tui.config import Config
from contacts_tui.store.store import Store


@contextmanager
def open_store(config: Config) -> Iterator[Store]:
    """The configured store for the time of the block; what there is to know of its opening is said on stderr.

    Raises StoreError.
    """
    with closing(Store.open(config.database)) as store:
        if store.notice:
            complain(store.notice)
        yield store
