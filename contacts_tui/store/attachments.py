"""The files of outbound messages: copies named by the digest of their content, so that every attempt sends the same.

They are in a folder that is closed to other users: the store's own (`contacts.db-files`), or this machine's for a
store on a server. Such a store keeps a file itself as soon as a message names it; other machines get it from there.

A copy stays for as long as a message names it, whatever became of that message: one that waits or failed has to send
the same bytes at its next attempt, and the file of one that was sent can still be saved from the thread. A draft needs
no copy, because it names the original. So a copy that no message names was made for a message that was never stored
(the send was refused, or the program ended in between) or that was taken back before it left. It is removed when it is
older than GRACE, and so is an unfinished copy.
"""

import contextlib
import hashlib
import os
import re
import tempfile
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import BinaryIO, Final

from sqlalchemy import String, cast, func
from sqlmodel import Session

from contacts_tui.domain.clock import Clock
from contacts_tui.domain.message import Direction
from contacts_tui.store import backends, json_columns, sql
from contacts_tui.store.message_tables import InboxRow, MessageRow

PREFIX: Final = "attachment:"
"""Prefix of the `Media.url` of a file of ours; the digest of its content follows."""

GRACE: Final = timedelta(days=1)
"""The age up to which a copy stays that no message names: another process may be about to store its message.

That takes a moment, or as long as the machine of that process is suspended.
"""

_DIGEST = re.compile(r"[0-9a-f]{64}")
UNDONE = ".new-"
"""Prefix of the name of a file that is not a finished copy yet, or is being removed."""
_PIECE = 1024 * 1024

_BEGUN = sql.lookup(InboxRow, (), func.min(InboxRow.created_at))
_NAMED = sql.lookup(MessageRow, "direction", "media", where=[cast(MessageRow.media, String).contains(PREFIX)])


def path_of(session: Session, url: str) -> Path | None:
    """Return the path of the copy that a `Media.url` names, there or not; None for no file of ours. Raise OSError."""
    digest = digest_of(url)
    return None if digest is None else backends.of_bind(session.bind).find_file(session, digest)


def hold(session: Session, url: str) -> None:
    """Make a file of the folder findable for every process that has the store. Raise OSError when it is gone."""
    digest = digest_of(url)
    assert digest is not None, "only files of ours are held"
    backends.of_bind(session.bind).hold_file(session, digest)


def drop(session: Session, urls: Iterable[str]) -> None:
    """Take these files out of the store, so that no process finds them; copies in the folder stay."""
    names = [digest for url in urls if (digest := digest_of(url)) is not None]
    backends.of_bind(session.bind).drop_files(session, names)


def digest_of(url: str) -> str | None:
    """Return the digest in a `Media.url`, which is the name of the copy; None when it names no file of ours."""
    digest = url.removeprefix(PREFIX)
    return digest if digest != url and _DIGEST.fullmatch(digest) else None


def is_whole(copy: Path, size: int | None = None) -> bool:
    """Return whether a copy can be read, has the content that its name says, and `size` bytes (None: any number)."""
    found = hashlib.sha256()
    try:
        with copy.open("rb") as stream:
            while piece := stream.read(_PIECE):
                found.update(piece)
        return found.hexdigest() == copy.name and size in (None, copy.stat().st_size)
    except OSError:
        return False


def put(folder: Path, source: BinaryIO, limit: int) -> tuple[str, int]:
    """Copy a file of at most `limit` bytes into the folder, and return its `Media.url` and its size in bytes.

    The copy is on the disk before this returns. The same content is kept once. Raise OSError, and ValueError for a
    file over the limit; nothing is left then.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    digest, size = hashlib.sha256(), 0
    descriptor, name = tempfile.mkstemp(dir=folder, prefix=UNDONE)
    made = Path(name)
    try:
        with open(descriptor, "wb") as copy:
            while piece := source.read(_PIECE):
                size += len(piece)
                if size > limit:
                    raise ValueError(size)
                digest.update(piece)
                copy.write(piece)
            copy.flush()
            os.fsync(copy.fileno())
        made.replace(folder / digest.hexdigest())
        sync(folder)
    except BaseException:
        made.unlink(missing_ok=True)
        raise
    return PREFIX + digest.hexdigest(), size


def unused(session: Session, clock: Clock) -> frozenset[str]:
    """Return the names of files to remove, by the rule above. Read all messages with files where there may be any."""
    (begun,) = sql.one(session, _BEGUN)
    if begun is None:
        return frozenset()
    # A file older than the store's first inbox belongs to another store, which was put aside and may come back.
    old = {name for name, made_at in _files(_folder(session)) if begun <= made_at < clock() - GRACE}
    # A file in the store itself needs no grace: it is stored in the same transaction as its message.
    found = old | backends.of_bind(session.bind).held_files(session)
    if found:
        found.difference_update(named(session))
    return frozenset(found)


def named(session: Session) -> Iterator[str]:
    """Yield the name of each file that a message of ours names, once for each message that names it."""
    for (media,) in sql.each(session, _NAMED, direction=Direction.OUT.value):
        yield from (digest for file in json_columns.media(media) if (digest := digest_of(file.url)) is not None)


def prune(session: Session, clock: Clock) -> int:
    """Remove the files that are `unused`, and return how many left the folder. One that can't be removed stays.

    Call it in a transaction that writes: so no process stores a message that names a copy between the look and the
    removal, and a process that comes later checks in its own transaction whether the copy is there.
    """
    folder, youngest, names = _folder(session), clock() - GRACE, unused(session, clock)
    backends.of_bind(session.bind).drop_files(session, names)
    return sum(_remove(folder, name, youngest) for name in names)


def _remove(folder: Path, name: str, youngest: datetime) -> bool:
    """Remove a file, unless it was put there anew since it was looked at. Return whether it was removed."""
    path, aside = folder / name, folder / f"{UNDONE}{name.removeprefix(UNDONE)}"
    try:
        # Renamed first: so the file that is checked is the one that is removed, even if its content is put anew now.
        path.replace(aside)
        if _made_at(aside.stat()) >= youngest:
            aside.replace(path)
            return False
        aside.unlink()
    except OSError:
        return False
    return True


def sync(path: Path) -> None:
    """Bring a file, or the names in a folder, to the disk. Raise OSError."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _folder(session: Session) -> Path:
    """Return the folder of the files of a session's store."""
    return backends.of_bind(session.bind).files


def _files(folder: Path) -> Iterator[tuple[str, datetime]]:
    """Yield the names of copies, finished or not, and when each was made; nothing where the folder can't be read."""
    with contextlib.suppress(OSError), os.scandir(folder) as entries:
        for entry in entries:
            if _DIGEST.fullmatch(entry.name) or entry.name.startswith(UNDONE):
                with contextlib.suppress(FileNotFoundError):  # Just removed or renamed.
                    yield entry.name, _made_at(entry.stat())


def _made_at(found: os.stat_result) -> datetime:
    return datetime.fromtimestamp(found.st_mtime, UTC)
