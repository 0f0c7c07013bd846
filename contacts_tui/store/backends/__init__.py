"""What differs between databases, behind one protocol. The scheme of a store's location says which it is."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine

    from contacts_tui.store.backends.protocol import Backend, People

T = TypeVar("T")

_FILE = "sqlite:///"

FORMS = f"the path of a SQLite file, or a {_FILE} URL"
"""What names a store, in words."""


def of(location: str) -> "Backend":
    """Return the backend of the store at a location. Raises StoreError where the location names none."""
    from contacts_tui.store.errors import StoreError

    if not location.startswith(_FILE):
        raise StoreError(f"only SQLite stores can be opened so far: write {_FILE}path, not {_scheme(location)}")
    # SQLAlchemy comes along, and the first page is shown before that.
    from contacts_tui.store.backends.sqlite.backend import SQLite

    return SQLite(location.removeprefix(_FILE))


def read_before(location: str, read: "Callable[[People], T]") -> T | None:
    """Read the first page of the store at a location before SQLAlchemy is imported.

    None where that can't simply be done: opening the store properly will say why.
    """
    from contacts_tui.store.backends.sqlite import people

    return people.read_before(Path(location.removeprefix(_FILE)), read)


def behind(bind: "Engine | Connection | None") -> "Backend":
    """Return the backend of a session by its `bind`, or of an engine."""
    assert bind is not None
    backend: Backend = bind.engine.get_execution_options()["backend"]
    return backend


def location_of(file: Path) -> str:
    """Return the location of the store in a file."""
    return f"{_FILE}{file}"


def _scheme(location: str) -> str:
    """Return the part before the address, which may hold a password."""
    scheme, colon, _ = location.partition(":")
    return f"{scheme}:…" if colon else f"“{location}”"
