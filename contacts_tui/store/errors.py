"""What can go wrong with the store, in sentences; and how a database's own error becomes one of them."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy.exc import DBAPIError

from contacts_tui.domain.contact import Identity


class StoreError(Exception):
    """The store can't be opened, read or written. Nothing of the call that met it was stored."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        """What happened, and what to do, for a status line or standard error."""


class Contradiction(StoreError):
    """What was to be stored contradicts what is there, or can't be kept at all: a busy store is not meant."""


class StoreBusy(StoreError):
    """Another program kept the store locked, or the caller could not wait any longer."""


class ReadOnlyStore(StoreError):
    """The store can be read, and nothing can be stored in it."""


class StoreLost(StoreError):
    """The store is not the one any more that this process opened: nothing it asks for can be done from now on."""


class InboxExists(StoreError):
    """An inbox with this name, or for this address, is there already."""


class IdentityTaken(Exception):
    """The address belongs to another contact."""

    def __init__(self, identity: Identity) -> None:
        super().__init__(f"{identity.address} belongs to another contact")
        self.identity = identity
        """The address as the other contact has it."""


_SENTENCES = {
    "SQLITE_BUSY": "the store {path} is busy: another program kept it locked; nothing was stored: try again",
    "SQLITE_CONSTRAINT": "this contradicts what is in the store {path} ({detail}); nothing was stored",
    "SQLITE_NOTADB": (
        "{path} is not a contacts-tui store, or its beginning is destroyed: choose another file, or put a backup in "
        "its place by `contacts-tui store restore`; nothing was changed"
    ),
    "SQLITE_CORRUPT": (
        "the store {path} is damaged ({detail}): `contacts-tui store check` says what, and repairs what it "
        "can; `contacts-tui store restore` puts back what `contacts-tui store backup` kept"
    ),
    "SQLITE_READONLY": "the store {path} can't be written: make the file and its folder writable",
    "SQLITE_FULL": (
        "there is no space left for the store {path}: free some space; waiting messages then go on; nothing was stored"
    ),
    "SQLITE_CANTOPEN": "the store {path} can't be opened: check that its folder exists and can be written",
    "SQLITE_PERM": "the store {path} can't be opened: you don't have permission",
    "SQLITE_IOERR": (
        "the disk under the store {path} is full or failed ({detail}): free some space or check the disk; "
        "nothing was stored"
    ),
    "SQLITE_NOMEM": "there is not enough memory for the store {path}: close other programs and try again",
}
"""By SQLite's primary result code. https://www.sqlite.org/rescode.html"""


@contextmanager
def in_words(path: Path) -> Iterator[None]:
    """Turns every database error inside into a StoreError about the store at `path`; others pass."""
    try:
        yield
    except DBAPIError as error:
        raise _store_error(error.orig or error, path) from error
    except sqlite3.Error as error:
        raise _store_error(error, path) from error
    except UnicodeEncodeError as error:
        raise Contradiction(f"a text holds half a character, which {path} can't keep; nothing was stored") from error


@contextmanager
def no_writes() -> Iterator[None]:
    """Turns SQLite's refusal to write on a reading connection into what it is: our own mistake, a RuntimeError."""
    try:
        yield
    except (DBAPIError, sqlite3.Error) as error:
        cause = error.orig if isinstance(error, DBAPIError) else error
        if getattr(cause, "sqlite_errorname", "") == "SQLITE_READONLY":
            raise RuntimeError("a function that writes was given to Store.read: use Store.run") from error
        raise


def _store_error(error: BaseException, path: Path) -> StoreError:
    name = error_name(error)
    if name == "SQLITE_CONSTRAINT" and str(error) == "constraint failed":
        # Of our own tables SQLite names what failed; so says a full-text index whose pieces don't fit together.
        name = "SQLITE_CORRUPT"
    sentence = _SENTENCES.get(name, "the store {path} refused: {detail}; nothing was stored")
    kind = {"SQLITE_CONSTRAINT": Contradiction, "SQLITE_BUSY": StoreBusy}.get(name, StoreError)
    return kind(sentence.format(path=path, detail=error))


def error_name(error: BaseException) -> str:
    """SQLite's primary result code ("SQLITE_BUSY" for SQLITE_BUSY_SNAPSHOT too); empty for other errors."""
    name = getattr(error, "sqlite_errorname", "")
    return "_".join(name.split("_")[:2])
