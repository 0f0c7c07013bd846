"""The check that a store's file is still the one that this process opened.

SQLite goes on with a file that was moved or deleted, and with one that was overwritten, as if nothing had happened:
what is written then is lost, or damages the file that took its place. So each transaction checks the file first.

A checkpoint changes the file as well, whichever process does it. It is announced in the index of the write-ahead log,
which all processes share (https://www.sqlite.org/walformat.html, "The WAL-Index File Format"); a change that wasn't
announced is no checkpoint. Nor is one after which the file's change counter
(https://www.sqlite.org/fileformat2.html, "File change counter") is behind: that is an earlier or another store.
"""

import os
import zlib
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from contacts_tui.store.backends.sqlite.files import index_of, log_of

_HEAD = 4096
_TAIL = 16 * 1024
"""Bytes of the file's beginning and end that are compared when it changed: `touch` changes neither."""
_MAGIC = b"SQLite format 3\0"
_COUNTER = slice(24, 28)
_SALT = slice(32, 40)
_BACKFILLED = slice(96, 100)
_ATTEMPTED = slice(128, 132)
_INDEX = 136

_held: dict[tuple[int, int], list[int]] = {}
_holders: Counter[tuple[int, int]] = Counter()


class Changed(Exception):
    """The file is not what it was."""


class Gone(Changed):
    """There is nothing at the path any more."""


class Replaced(Changed):
    """Another file has the path."""


class Overwritten(Changed):
    """The file has another content, which no transaction wrote."""


@dataclass(frozen=True, slots=True)
class _Marks:
    """How far checkpoints got."""

    log: bytes
    """The salt of the log, which is another one when the log begins anew."""
    attempted: bytes
    backfilled: bytes

    @property
    def is_checkpoint_over(self) -> bool:
        """Whether no checkpoint is under way, and none was interrupted."""
        return self.attempted == self.backfilled


@dataclass(frozen=True, slots=True)
class _Noted:
    """The file as it was found."""

    marks: _Marks | None
    seen: tuple[int, int]
    """The size in bytes, and when it was changed (in nanoseconds)."""
    counter: bytes
    """The change counter: big-endian, so that bytes compare as numbers."""
    sample: int


class Guard:
    """The guard of one store's file, as long as the store is open. Made before SQLite opens the file."""

    def __init__(self, path: Path, named: Path) -> None:
        """Open the file at `path`; `named` is the path that was asked for: `path`, or a link to it. Raise OSError."""
        self._path = path
        self._named = named
        self._file, self._identity = _hold(path)
        self._index: int | None = None
        self._index_identity: tuple[int, int] | None = None
        self._log_identity: tuple[int, int] | None = None
        self._noted = _Noted(None, (0, 0), b"", 0)
        """Replaced as a whole: one thread writes it while others read it."""

    def begin(self) -> None:
        """Take the file as it is now for the one to compare with. SQLite has opened its log before."""
        with suppress(OSError):
            self._index, self._index_identity = _hold(index_of(self._path))
            found = self._log.stat()
            self._log_identity = found.st_dev, found.st_ino
        self._note()

    @property
    def _log(self) -> Path:
        return log_of(self._path)

    def check(self, *, is_writing: bool) -> None:
        """Raise Changed when the file is not what it was.

        `is_writing`: the caller holds SQLite's write lock, so that no log can begin anew meanwhile.
        """
        # Read first: whatever is found from here on is as new as this, or newer.
        noted = self._noted
        try:
            found = os.stat(self._named)
        except OSError as error:
            raise Gone from error
        if (found.st_dev, found.st_ino) != self._identity:
            raise Replaced
        marks = self._read_marks()
        if (found.st_size, found.st_mtime_ns) == noted.seen:
            if is_writing and marks != noted.marks and marks is not None and marks.is_checkpoint_over:
                self._note()
            return
        head = os.pread(self._file, _HEAD, 0)
        if not head.startswith(_MAGIC) or head[_COUNTER] < noted.counter:
            raise Overwritten
        was_told = marks is None or noted.marks is None or marks != noted.marks or not noted.marks.is_checkpoint_over
        if not was_told and self._sampled(head, found.st_size) != noted.sample:
            raise Overwritten
        if is_writing:
            self._note()

    def is_in_place(self) -> bool:
        """Return whether the file that was opened is where it was: a link that led to it may lead elsewhere now."""
        try:
            found = self._path.stat()
        except OSError:
            return False
        return (found.st_dev, found.st_ino) == self._identity

    def owns_log(self) -> bool:
        """Return whether the log beside the path is still that of the file that was opened."""
        try:
            found = self._log.stat()
        except OSError:
            return False
        return (found.st_dev, found.st_ino) == self._log_identity

    def close(self) -> None:
        """Close the files. SQLite has closed them before."""
        _let_go(self._identity)
        if self._index_identity is not None:
            _let_go(self._index_identity)

    def _note(self) -> None:
        """Note the file as it is now.

        The marks are read first: when a checkpoint begins after that, the rest may be from before it or after it, and
        the next check finds other marks.
        """
        marks = self._read_marks()
        found = os.fstat(self._file)
        head = os.pread(self._file, _HEAD, 0)
        sample = self._sampled(head, found.st_size)
        self._noted = _Noted(marks, (found.st_size, found.st_mtime_ns), head[_COUNTER], sample)

    def _sampled(self, head: bytes, size: int) -> int:
        return zlib.crc32(os.pread(self._file, _TAIL, max(0, size - _TAIL)), zlib.crc32(head))

    def _read_marks(self) -> _Marks | None:
        """Return how far checkpoints got; None when no log is in use."""
        if self._index is None:
            return None
        read = os.pread(self._index, _INDEX, 0)
        return _Marks(read[_SALT], read[_ATTEMPTED], read[_BACKFILLED])


def _hold(path: Path) -> tuple[int, tuple[int, int]]:
    """Open a file to read it, and return its descriptor and its identity: device and inode. Raise OSError.

    To close a file that SQLite has open in the same process takes away SQLite's locks on it (POSIX), so none is closed
    while another store of this process has it.
    """
    descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    found = os.fstat(descriptor)
    identity = found.st_dev, found.st_ino
    _held.setdefault(identity, []).append(descriptor)
    _holders[identity] += 1
    return descriptor, identity


def _let_go(identity: tuple[int, int]) -> None:
    _holders[identity] -= 1
    if not _holders[identity]:
        del _holders[identity]
        for descriptor in _held.pop(identity):
            os.close(descriptor)
