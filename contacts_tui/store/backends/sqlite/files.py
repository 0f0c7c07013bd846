"""The files of a store: its own, and those that SQLite puts beside it."""

import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import IO

from contacts_tui.store.errors import StoreError

_PIECE = 1024 * 1024


def log_of(store: Path) -> Path:
    """Return where the write-ahead log of the store is while there is one."""
    return store.with_name(f"{store.name}-wal")


def index_of(store: Path) -> Path:
    """Return where the index of the write-ahead log is while there is one."""
    return store.with_name(f"{store.name}-shm")


def folder_of(store: Path) -> Path:
    """Return the folder of the files of messages."""
    return store.with_name(f"{store.name}-files")


def size(file: Path) -> int:
    """Return the size of a file in bytes; 0 for one that isn't there."""
    return file.stat().st_size if file.exists() else 0


def write(path: Path, pieces: Iterable[bytes]) -> None:
    """Write a new file that only its owner can read, and bring it to the disk. Raise OSError."""
    descriptor = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    with open(descriptor, "wb") as stream:
        stream.writelines(pieces)
        stream.flush()
        os.fsync(stream.fileno())


def pieces(stream: IO[bytes]) -> Iterator[bytes]:
    """Yield what is left of a stream, in pieces that need little memory."""
    return iter(lambda: stream.read(_PIECE), b"")


def why_not_written(path: Path) -> str:
    """Return why an existing store can only be read, as a sentence; empty when it can be written."""
    try:
        is_read_only = bool(os.statvfs(path).f_flag & os.ST_RDONLY)
    except OSError:
        is_read_only = False
    if is_read_only:
        return f"the store {path} can't be written: it lies on a file system that is mounted read-only"
    for place, what in ((path, "it"), (path.parent, "its folder")):
        if not os.access(place, os.W_OK):
            why = f"you don't have permission to write to {what}; its owner can change that"
            return f"the store {path} can't be written: {why}"
    return ""


def prepare(path: Path) -> None:
    """Make folder and file so that no other user of the machine can read them; what exists stays as it is.

    Raise StoreError.
    """
    if path.is_dir():
        raise StoreError(f"{path} is a folder: the store has to be a file")
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise StoreError(f"the folder {path.parent} can't be made: {error.strerror}") from error
    try:
        # SQLite gives its -wal and -shm files the permissions of the store itself. A file that is there is not opened:
        # closing it would take away the locks that another connection of this process has on it.
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
    except FileExistsError:
        return
    except OSError as error:
        raise StoreError(f"the store {path} can't be written: {error.strerror}") from error
