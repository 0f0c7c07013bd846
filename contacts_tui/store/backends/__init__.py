"""What differs between databases, behind one protocol. The scheme of a store's location says which it is."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from contacts_tui.store.backends.postgresql import FORM, SCHEMES

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine

    from contacts_tui.store.backends.protocol import Backend, People

T = TypeVar("T")

FILE = "sqlite:///"
"""Prefix of the location of a store in a file."""

SERVER_FORM = FORM
"""The form of the location of a store on a server, in words."""

NO_FILES = tuple(scheme.removesuffix("//") for scheme in SCHEMES)
"""Prefixes that no file's path may have: a misspelt address may hold a password."""

FORMS = f"the path of a SQLite file, a {FILE} URL, or {SERVER_FORM}"
"""The forms of a store's location, in words."""


def of(location: str) -> "Backend":
    """Return the backend of the store at a location. Raise StoreError when the location names none."""
    # A backend imports SQLAlchemy, and the first page is shown before that.
    if location.startswith(SCHEMES):
        return _server(location)
    if location.startswith(FILE):
        from contacts_tui.store.backends.sqlite.backend import SQLite

        return SQLite(location.removeprefix(FILE))
    from contacts_tui.store.errors import StoreError

    raise StoreError(f"“{_scheme(location)}” isn't a store that can be opened: write {FORMS}")


def read_before(location: str, read: "Callable[[People], T]") -> T | None:
    """Read the first page of the store at a location before SQLAlchemy is imported.

    Return None where that can't simply be done: opening the store properly will say why.
    """
    if location.startswith(SCHEMES):
        from contacts_tui.store.backends.postgresql import people as server

        return server.read_before(location, read)
    from contacts_tui.store.backends.sqlite import people as file

    return file.read_before(Path(location.removeprefix(FILE)), read)


def of_bind(bind: "Engine | Connection | None") -> "Backend":
    """Return the backend of a session by its `bind`, or of an engine."""
    assert bind is not None
    backend: Backend = bind.engine.get_execution_options()["backend"]
    return backend


def shown(location: str) -> str:
    """Return a location as it may be shown, without a password."""
    if location.startswith(SCHEMES):
        from contacts_tui.store.backends.postgresql.location import shown as server_shown

        return server_shown(location)
    return location if location.startswith(FILE) else _scheme(location)


def location_of(file: Path) -> str:
    """Return the location of the store in a file."""
    return f"{FILE}{file}"


def _server(location: str) -> "Backend":
    """Return the backend of a store on a server. Raise StoreError when the driver isn't installed."""
    try:
        from contacts_tui.store.backends.postgresql.backend import PostgreSQL
    except ImportError as error:
        from contacts_tui.store.errors import StoreError

        if (error.name or "").partition(".")[0] != "psycopg":
            raise
        raise StoreError(
            "stores in PostgreSQL need its driver: install it by `pip install 'contacts-tui[postgresql]'`"
        ) from error
    return PostgreSQL(location)


def _scheme(location: str) -> str:
    """Return the scheme of a location alone, because the rest may hold a password."""
    scheme, colon, _ = location.partition(":")
    return f"{scheme}:…" if colon else location
