"""The care of a store: backups and their return, what it is like, and whether all in it is sound."""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlmodel import Session

from contacts_tui.channels import local_errors
from contacts_tui.domain.clock import Clock
from contacts_tui.services import delivery
from contacts_tui.services.workers.heartbeat import process_of
from contacts_tui.store import attachments, backends, backup, invariants, outbox, sql
from contacts_tui.store.backends.sqlite.connections import connect_to_read
from contacts_tui.store.backends.sqlite.copies import Progress
from contacts_tui.store.backends.sqlite.errors import in_words
from contacts_tui.store.backends.sqlite.revision import APPLICATION_ID, REVISION_QUERY
from contacts_tui.store.backup import Backup
from contacts_tui.store.errors import StoreError
from contacts_tui.store.invariants import Finding
from contacts_tui.store.revision import HEAD
from contacts_tui.store.store import Store
from contacts_tui.store.timestamps import microseconds, moment

_HOLDERS = """
    SELECT owner, name, until FROM lease WHERE owner <> '' AND until > :now AND name <> 'tidy'
    UNION ALL
    SELECT lease_owner, 'outbox', max(lease_until) FROM outbox WHERE lease_until > :now GROUP BY lease_owner
"""
_WAITING = (
    "SELECT message_id FROM outbox JOIN message ON message.id = message_id WHERE task = 'send' AND status = 'queued' "
    "ORDER BY message_id"
)


@dataclass(frozen=True, slots=True)
class Holder:
    """A process that works with a store."""

    process: str
    """Host and process id."""
    does: str
    """The lease it holds."""
    until: datetime
    """When that ends unless it is renewed."""


@dataclass(frozen=True, slots=True)
class StoreInfo:
    """What a store is like."""

    path: str
    revision: str
    size: int
    """Bytes of its file."""
    log_size: int
    """Bytes of its write-ahead log."""
    files: int
    """Files of messages beside it."""
    free: int
    """Bytes that are free on its disk."""
    counts: dict[str, int]
    oldest_message_at: datetime | None
    newest_message_at: datetime | None
    holders: tuple[Holder, ...]


def take_backup(location: str, target: Path, clock: Clock, progress: Progress | None = None) -> Backup:
    """Copies a store into a new folder while others write to it, and verifies the copy. Raises StoreError."""
    return backup.take(Path(backends.of(location).name), target.absolute(), clock(), progress)


def restore(location: str, folder: Path, clock: Clock) -> tuple[Backup, Path | None, int, str]:
    """Puts a backup in the store's place.

    Returns what it holds, where the old store lies, how many messages are in doubt, and the notice of its opening.

    A message that waited to be sent when the backup was taken may have gone out since: it counts as unknown from now on
    and is never sent on a guess. Raises StoreError.
    """
    path = Path(backends.of(location).name)
    if path.is_file():
        try:
            holders = _described(path, clock()).holders
        except StoreError:
            holders = ()  # Too damaged to be asked: whoever has it open notices that it is replaced.
        if holders:
            raise StoreError(
                f"the store {path} is in use: {'; '.join(_words(each) for each in holders)}. Stop that first, or wait "
                "until its lease ends; nothing was changed"
            )
    held, kept = backup.restore(folder.absolute(), path, clock())
    with closing(Store.open(location, clock)) as store:
        doubtful = store.call(_put_in_doubt, held.taken_at)
        return held, kept, doubtful, store.notice


def info(location: str, clock: Clock) -> StoreInfo:
    """What a store is like. Locks nothing. Raises StoreError."""
    return _described(Path(backends.of(location).name), clock())


def check(location: str) -> tuple[Finding, ...]:
    """Every rule that doesn't hold in a store. Locks nothing. Raises StoreError where it can't be read at all."""
    path = Path(backends.of(location).name)
    with _opened(path) as (_, revision):
        if revision > HEAD:
            raise StoreError(
                f"the store {path} has the form of a newer contacts-tui (revision {revision}; this program knows "
                f"{HEAD}): update this program first"
            )
    with in_words(path):
        return tuple(invariants.findings(path))


def repair(location: str, findings: tuple[Finding, ...], clock: Clock) -> None:
    """Derives anew what can be, in one transaction. Raises StoreError."""
    with closing(Store.open(location, clock)) as store:
        store.call(_repair, findings)


def _repair(session: Session, clock: Clock, findings: tuple[Finding, ...]) -> None:
    for finding in findings:
        if finding.repairable:
            invariants.repair(session, clock, finding)
            session.flush()


def _put_in_doubt(session: Session, clock: Clock, taken_at: str) -> int:
    waiting = [row[0] for row in sql.several(session, _WAITING)]
    for message_id in waiting:
        attempt = outbox.begin_attempt(session, clock, message_id)
        detail = f"it waited when the backup of {taken_at} was taken, and may have been sent since"
        delivery.still_unknown(session, clock, message_id, attempt, local_errors.INTERRUPTED, detail)
    return len(waiting)


@contextmanager
def _opened(path: Path) -> Iterator[tuple[sqlite3.Connection, str]]:
    """A store to be looked at, and its revision. Raises StoreError."""
    if not path.is_file():
        raise StoreError(f"there is no store at {path}: name it by --database")
    with in_words(path), closing(connect_to_read(path, 1.0)) as connection:
        try:
            found = connection.execute(REVISION_QUERY).fetchone()
        except sqlite3.OperationalError as error:
            if "no such table" not in str(error):
                raise
            found = None
        if found is None or found[1] != APPLICATION_ID:
            raise StoreError(f"{path} is not a contacts-tui store: choose another file")
        yield connection, found[0]


def _described(path: Path, now: datetime) -> StoreInfo:
    log, folder = path.with_name(f"{path.name}-wal"), attachments.folder_of(path)
    with _opened(path) as (connection, revision):
        counts = {name: connection.execute(f"SELECT count(*) FROM {name}").fetchone()[0] for name in backup.TABLES}
        oldest, newest = connection.execute("SELECT min(at), max(at) FROM message").fetchone()
        holders = tuple(
            Holder(process_of(owner), name, moment(until))
            for owner, name, until in connection.execute(_HOLDERS, {"now": microseconds(now)})
        )
    space = os.statvfs(path)
    return StoreInfo(
        path=str(path),
        revision=revision,
        size=path.stat().st_size,
        log_size=log.stat().st_size if log.exists() else 0,
        files=sum(1 for _ in folder.iterdir()) if folder.is_dir() else 0,
        free=space.f_bavail * space.f_frsize,
        counts=counts,
        oldest_message_at=sql.read(oldest),
        newest_message_at=sql.read(newest),
        holders=holders,
    )


def _words(holder: Holder) -> str:
    host, _, pid = holder.process.partition("/")
    return f"process {pid} on {host} ({holder.does}, until {holder.until.astimezone():%H:%M:%S})"
