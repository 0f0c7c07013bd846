"""Backups: a folder with the store as it was at one moment, the files of its messages, and a list of both.

    PATH/contacts.db          the store; it can be opened where it is
    PATH/contacts.db-files/   the files of messages that we sent, named by their SHA-256
    PATH/backup.json          what belongs to it: sizes, digests, counts, revision and time

Only their owner can read the folder and the files.
"""

import contextlib
import hashlib
import json
import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import asdict
from datetime import datetime
from pathlib import Path

from contacts_tui.store import attachments
from contacts_tui.store.backends.sqlite import copies, files
from contacts_tui.store.backends.sqlite.errors import in_words
from contacts_tui.store.backends.sqlite.revision import APPLICATION_ID, REVISION_QUERY
from contacts_tui.store.backup import TABLES, Backup, Progress
from contacts_tui.store.errors import StoreError
from contacts_tui.store.revision import HEAD

DATABASE, LIST = "contacts.db", "backup.json"
_ROOM = 1.05
"""How much free space a copy asks for, as a multiple of its size."""


def take(store: Path, target: Path, now: datetime, progress: Progress | None = None) -> Backup:
    """Copy the store at `store` into a new folder `target` while others write to it, and verify the copy.

    Return what the copy holds. Raise StoreError; nothing is left of the copy then.
    """
    if target.exists() or target.is_symlink():
        raise StoreError(f"{target} already exists, and nothing is overwritten: choose another path")
    if not store.is_file():
        raise StoreError(f"there is no store at {store}: name it by --database")
    _ask_for_room(target.parent, _size(store))
    made = target.with_name(f".{target.name}.unfinished-{os.getpid()}")
    try:
        made.mkdir(mode=0o700)
        with in_words(store):
            copies.copy(store, made / DATABASE, progress)
        names, missing = _copy_files(store, made)
        with in_words(store):
            backup = _described(made / DATABASE, now, len(names), missing)
        files.write(made / LIST, [json.dumps(asdict(backup), indent=2).encode()])
        attachments.sync(made)
        try:
            verify(made)
        except StoreError as error:
            raise StoreError(
                f"no backup was made of the store {store}, for the copy is not sound: `contacts-tui store check` says "
                "what is damaged"
            ) from error
        made.rename(target)
        attachments.sync(target.parent)
    except OSError as error:
        raise StoreError(f"no backup can be written to {target}: {error.strerror or error}") from error
    finally:
        shutil.rmtree(made, ignore_errors=True)
    return backup


def verify(folder: Path) -> Backup:
    """Open a backup again, read every byte of it, and return what it holds. Raise StoreError."""
    try:
        listed = json.loads((folder / LIST).read_bytes())
        backup = Backup(**{**listed, "missing": tuple(listed["missing"])})
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise StoreError(
            f"{folder} is not a backup made by `contacts-tui store backup`: {LIST} can't be read"
        ) from error
    database = folder / DATABASE
    try:
        is_same = _digest(database) == backup.sha256 and database.stat().st_size == backup.size
    except OSError as error:
        raise StoreError(f"the backup {folder} can't be read: {error.strerror}") from error
    if not is_same:
        raise StoreError(f"the backup {folder} is damaged: {DATABASE} is not what {LIST} says")
    with in_words(database), closing(_opened(database)) as connection:
        (told,) = connection.execute("PRAGMA integrity_check(1)").fetchone()
        found = connection.execute(REVISION_QUERY).fetchone()
        named = _named(connection)
    if told != "ok" or found != (backup.revision, APPLICATION_ID):
        raise StoreError(f"the backup {folder} is damaged: {told}")
    lost = [
        name
        for name in named
        if name not in backup.missing and not attachments.is_whole(files.folder_of(database) / name)
    ]
    if lost:
        raise StoreError(f"the backup {folder} is incomplete: {len(lost)} files of messages are missing or damaged")
    return backup


def restore(folder: Path, store: Path, now: datetime) -> tuple[Backup, Path | None]:
    """Put a verified backup in the store's place at once; what was there is kept beside it, at the path returned.

    No other process may have the store open. Raise StoreError; the store is then as it was.
    """
    backup = verify(folder)
    if backup.revision > HEAD:
        raise StoreError(
            f"the backup {folder} was made by a newer contacts-tui (revision {backup.revision}; this program knows "
            f"{HEAD}): update this program first"
        )
    _ask_for_room(store.parent, _size(folder / DATABASE))
    made = store.with_name(f".{store.name}.restored-{os.getpid()}")
    kept = store.with_name(f"{store.name}-before-restore-{now:%Y%m%dT%H%M%SZ}")
    try:
        store.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        bring_files(files.folder_of(folder / DATABASE), files.folder_of(store))
        copies.copy(folder / DATABASE, made)
        with _alone(store) as is_there:
            if is_there:
                os.link(store, kept)
                kept.chmod(0o600)
            made.replace(store)
            attachments.sync(store.parent)
    except FileExistsError as error:
        raise StoreError(f"{kept} already exists: try again in a second; nothing was changed") from error
    except OSError as error:
        raise StoreError(
            f"the backup can't be put into {store.parent}: {error.strerror or error}; nothing was changed"
        ) from error
    finally:
        with contextlib.suppress(OSError):
            made.unlink()
    return backup, kept if is_there else None


@contextlib.contextmanager
def _alone(store: Path) -> Iterator[bool]:
    """Hold the store alone for the time of the block, with all of it in its file; the value is whether there is one.

    Raise StoreError when another process has it open.
    """
    if not store.exists():
        # A log without its store would be taken for that of the new one.
        files.log_of(store).unlink(missing_ok=True)
        files.index_of(store).unlink(missing_ok=True)
        yield False
        return
    with closing(sqlite3.connect(store, timeout=1.0, isolation_level=None)) as connection:
        try:
            # To leave the log, this connection has to have the file alone; all that is in the log goes into the file.
            connection.execute("PRAGMA journal_mode = DELETE")
            connection.execute("BEGIN EXCLUSIVE")
        except sqlite3.OperationalError as error:
            raise StoreError(
                f"another program has the store {store} open: stop it first (`contacts-tui store info` says who works "
                "with it); nothing was changed"
            ) from error
        except sqlite3.DatabaseError:
            # Too damaged to be opened: it is put aside as it is, with its log.
            connection.close()
            log = files.log_of(store)
            if log.exists():
                log.rename(store.with_name(f"{log.name}-before-restore"))
            files.index_of(store).unlink(missing_ok=True)
        yield True


def _described(database: Path, now: datetime, count: int, missing: tuple[str, ...]) -> Backup:
    with closing(_opened(database)) as connection:
        found = connection.execute(REVISION_QUERY).fetchone()
        if found is None or found[1] != APPLICATION_ID:
            raise StoreError("this is another program's database, not a contacts-tui store: choose another file")
        counts = {table: connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in TABLES}
    return Backup(now.isoformat(), found[0], database.stat().st_size, _digest(database), counts, count, missing)


def _opened(database: Path) -> sqlite3.Connection:
    """Return a connection to a copy that no process writes to; it leaves nothing beside the copy."""
    return sqlite3.connect(f"{database.absolute().as_uri()}?mode=ro&immutable=1", uri=True)


def _named(connection: sqlite3.Connection) -> set[str]:
    """Return the names of the files that messages need."""
    rows = connection.execute(
        "SELECT media FROM message WHERE direction = 'out' AND media LIKE ?", (f"%{attachments.PREFIX}%",)
    )
    digests = (attachments.digest_of(file["url"]) for (media,) in rows for file in json.loads(media))
    return {digest for digest in digests if digest is not None}


def _copy_files(store: Path, made: Path) -> tuple[set[str], tuple[str, ...]]:
    """Copy the files of messages; return the names of those copied, and of those that were missing or damaged."""
    source, target = files.folder_of(store), files.folder_of(made / DATABASE)
    target.mkdir(mode=0o700)
    with in_words(store), closing(_opened(made / DATABASE)) as connection:
        named = _named(connection)
    for name in named:
        with contextlib.suppress(FileNotFoundError):
            _copy(source / name, target / name)
    whole = {name for name in named if attachments.is_whole(target / name)}
    for name in named - whole:
        (target / name).unlink(missing_ok=True)
    attachments.sync(target)
    return whole, tuple(sorted(named - whole))


def bring_files(source: Path, target: Path) -> None:
    """Copy the files of a backup to those of the store. A whole file that is there has the same content, and stays."""
    names = [entry.name for entry in source.iterdir()] if source.is_dir() else []
    if names:
        target.mkdir(mode=0o700, parents=True, exist_ok=True)
    for name in names:
        if not attachments.is_whole(target / name):
            part = target / f"{attachments.UNDONE}{name}"
            part.unlink(missing_ok=True)
            _copy(source / name, part)
            part.replace(target / name)


def _copy(source: Path, target: Path) -> None:
    with source.open("rb") as stream:
        files.write(target, files.pieces(stream))


def _digest(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _size(store: Path) -> int:
    """Return the bytes of a store with its log and the files of its messages."""
    folder = files.folder_of(store)
    copies_of_files = sum(entry.stat().st_size for entry in folder.iterdir()) if folder.is_dir() else 0
    return store.stat().st_size + files.size(files.log_of(store)) + copies_of_files


def _ask_for_room(folder: Path, size: int) -> None:
    """Raise StoreError when a copy of `size` bytes doesn't fit into the folder, or the folder can't be used."""
    try:
        found = os.statvfs(folder)
    except OSError as error:
        raise StoreError(f"the folder {folder} can't be used: {error.strerror}") from error
    free = found.f_bavail * found.f_frsize
    if free < size * _ROOM:
        raise StoreError(f"there is not enough space in {folder}: {size:,} bytes are needed, and {free:,} are free")
