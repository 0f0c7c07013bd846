"""The files of outbound messages: copies named by what is in them, so that every try sends the same.

They lie in a folder that is closed to other users: the store's own (`contacts.db-files`), or this machine's for a
store that is elsewhere. Such a store holds a file itself as soon as a message names it; whoever needs it gets it there.

How long one stays: for as long as a message names it, whatever became of that message. One that waits or failed has to
send the same bytes at its next try, of one that was sent the thread still saves the file, and no message is ever
deleted. A draft needs no copy, for it names the original. So a copy that no message names was made for a message that
was never stored: the send was refused, or the program ended in between. It goes when it is older than GRACE, and so
does what was copied halfway.
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
"""What `Media.url` begins with for a file of ours; the digest of its content follows."""

GRACE: Final = timedelta(days=1)
"""Age up to which a copy stays though no message names it: another process may be about to store the one it is for.
That takes it a moment, or as long as its machine sleeps."""

_DIGEST = re.compile(r"[0-9a-f]{64}")
UNDONE = ".new-"
"""What the name of a file begins with that is no copy yet, or none any more."""
_PIECE = 1024 * 1024

_BEGUN = sql.lookup(InboxRow, (), func.min(InboxRow.created_at))
_NAMED = sql.lookup(MessageRow, "direction", "media", where=[cast(MessageRow.media, String).contains(PREFIX)])


def path_of(session: Session, url: str) -> Path | None:
    """The copy that a `Media.url` names, there or not; None when it names none of ours."""
    digest = digest_of(url)
    return None if digest is None else backends.of_bind(session.bind).find_file(session, digest)


def hold(session: Session, url: str) -> None:
    """Let every process that has the store find a file that is in the folder. Raises OSError when it is gone."""
    digest = digest_of(url)
    assert digest is not None, "only files of ours are held"
    backends.of_bind(session.bind).hold_file(session, digest)


def drop(session: Session, urls: Iterable[str]) -> None:
    """Let nobody find these files any more; copies in the folder stay."""
    names = [digest for url in urls if (digest := digest_of(url)) is not None]
    backends.of_bind(session.bind).drop_files(session, names)


def digest_of(url: str) -> str | None:
    """The digest in a `Media.url`, which is the name of the copy; None when it names none of ours."""
    digest = url.removeprefix(PREFIX)
    return digest if digest != url and _DIGEST.fullmatch(digest) else None


def is_whole(copy: Path, size: int | None = None) -> bool:
    """Whether a copy is there with the content that its name says, and this many bytes of it."""
    found = hashlib.sha256()
    try:
        with copy.open("rb") as stream:
            while piece := stream.read(_PIECE):
                found.update(piece)
        return found.hexdigest() == copy.name and size in (None, copy.stat().st_size)
    except OSError:
        return False


def put(folder: Path, source: BinaryIO, limit: int) -> tuple[str, int]:
    """Copies a file, at most `limit` bytes of it, and returns its `Media.url` and size.

    The copy is on the disk before this returns. The same content is kept once. Raises OSError, and ValueError for a
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
    """The names of the files that may go, by the rule above. Looks at every message when there is an old file."""
    (begun,) = sql.one(session, _BEGUN)
    if begun is None:
        return frozenset()
    # What is older than the store's first inbox belongs to another store, which was put aside and may come back.
    old = {name for name, made_at in _files(_folder(session)) if begun <= made_at < clock() - GRACE}
    # A file becomes a part of the store together with its message.
    found = old | backends.of_bind(session.bind).held_files(session)
    if found:
        found.difference_update(named(session))
    return frozenset(found)


def named(session: Session) -> Iterator[str]:
    """Yield the name of each file that a message of ours names, as often as one does."""
    for (media,) in sql.each(session, _NAMED, direction=Direction.OUT.value):
        yield from (digest for file in json_columns.media(media) if (digest := digest_of(file.url)) is not None)


def prune(session: Session, clock: Clock) -> int:
    """Removes the files that are `unused`, and returns how many. One that can't be removed stays.

    It happens in a transaction that writes, so that nobody stores a message about a copy between the look and the end:
    whoever comes after it looks whether the copy is there, in their own transaction.
    """
    folder, youngest, names = _folder(session), clock() - GRACE, unused(session, clock)
    backends.of_bind(session.bind).drop_files(session, names)
    return sum(_remove(folder, name, youngest) for name in names)


def _remove(folder: Path, name: str, youngest: datetime) -> bool:
    """Removes a file unless it was put there anew since it was looked at."""
    path, aside = folder / name, folder / f"{UNDONE}{name.removeprefix(UNDONE)}"
    try:
        # Out of the way first: what is judged is then what is removed, whoever puts the same content meanwhile.
        path.replace(aside)
        if _made_at(aside.stat()) >= youngest:
            aside.replace(path)
            return False
        aside.unlink()
    except OSError:
        return False
    return True


def sync(path: Path) -> None:
    """Bring a file, or the names in a folder, to the disk. Raises OSError."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _folder(session: Session) -> Path:
    """Where the files of a session's store lie."""
    return backends.of_bind(session.bind).files


def _files(folder: Path) -> Iterator[tuple[str, datetime]]:
    """The names of copies, whole and not, with the times they were made; nothing of a folder that can't be read."""
    with contextlib.suppress(OSError), os.scandir(folder) as entries:
        for entry in entries:
            if _DIGEST.fullmatch(entry.name) or entry.name.startswith(UNDONE):
                with contextlib.suppress(FileNotFoundError):  # Just removed, or given its name.
                    yield entry.name, _made_at(entry.stat())


def _made_at(found: os.stat_result) -> datetime:
    return datetime.fromtimestamp(found.st_mtime, UTC)
