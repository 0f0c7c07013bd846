"""SQLite's errors in sentences, by its primary result code (https://www.sqlite.org/rescode.html)."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy.exc import DBAPIError

from contacts_tui.store.errors import Contradiction, ReadOnlyStore, StoreBusy, StoreError

DRIVER_ERRORS = (sqlite3.Error, DBAPIError)
"""What the driver raises, by itself and through SQLAlchemy."""

NO_INDEX = frozenset({"SQLITE_CANTOPEN", "SQLITE_READONLY"})
"""The codes by which SQLite refuses a store whose log would need an index that can't be written."""

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
_KINDS = {"SQLITE_CONSTRAINT": Contradiction, "SQLITE_BUSY": StoreBusy}


@contextmanager
def in_words(path: Path) -> Iterator[None]:
    """Turn every error of the database in the block into a StoreError about the store at `path`; others pass."""
    try:
        yield
    except DRIVER_ERRORS as error:
        raise _store_error(cause(error), path) from error
    except UnicodeEncodeError as error:
        raise Contradiction(f"a text holds half a character, which {path} can't keep; nothing was stored") from error


def cause(error: BaseException) -> BaseException:
    """Return the driver's own error, which SQLAlchemy may have wrapped."""
    return (error.orig or error) if isinstance(error, DBAPIError) else error


def code(error: BaseException) -> str:
    """Return the primary result code ("SQLITE_BUSY" for SQLITE_BUSY_SNAPSHOT too); empty for other errors."""
    return "_".join(_exact_code(error).split("_")[:2])


def _exact_code(error: BaseException) -> str:
    found: str = getattr(cause(error), "sqlite_errorname", "")
    return found


def _store_error(error: BaseException, path: Path) -> StoreError:
    name = code(error)
    if name == "SQLITE_CONSTRAINT" and str(error) == "constraint failed":
        # For our own tables SQLite names the constraint; without a name, a full-text index is inconsistent.
        name = "SQLITE_CORRUPT"
    sentence = _SENTENCES.get(name, "the store {path} refused: {detail}; nothing was stored")
    # The extended codes of SQLITE_READONLY are about the log's index, on a connection that only reads.
    kind = ReadOnlyStore if _exact_code(error) == "SQLITE_READONLY" else _KINDS.get(name, StoreError)
    return kind(sentence.format(path=path, detail=error))
