"""The care of a store: taking and restoring backups, describing, checking and repairing it."""

from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import func, literal
from sqlmodel import Session, SQLModel, col

from contacts_tui.channels import local_errors
from contacts_tui.domain.clock import Clock
from contacts_tui.domain.roles import Right
from contacts_tui.services import delivery, rights
from contacts_tui.services.workers.heartbeat import process_of
from contacts_tui.store import attempts, backends, invariants, outbox, repairs, sql
from contacts_tui.store.backends.protocol import Backend
from contacts_tui.store.backup import TABLES, Backup, Progress
from contacts_tui.store.columns import Instant
from contacts_tui.store.errors import StoreError
from contacts_tui.store.invariants import Finding
from contacts_tui.store.message_tables import MessageRow
from contacts_tui.store.process_tables import LeaseRow, OutboxRow
from contacts_tui.store.revision import HEAD
from contacts_tui.store.store import Store

PATIENCE = 1.0
"""Seconds to wait for a process that locks out even readers."""


def _counting(table: str) -> sql.Statement:
    return sql.statement(lambda: sql.query(func.count()).select_from(SQLModel.metadata.tables[table]))


_HOLDERS = sql.statement(
    lambda: (
        sql.query(LeaseRow.owner, LeaseRow.name, LeaseRow.until)
        .where(col(LeaseRow.owner) != "", col(LeaseRow.until) > sql.param("now"), col(LeaseRow.name) != "tidy")
        .union_all(
            sql.query(OutboxRow.lease_owner, literal("outbox"), func.max(OutboxRow.lease_until))
            .where(col(OutboxRow.lease_until) > sql.param("now"))
            .group_by(col(OutboxRow.lease_owner))
        )
    )
)
_ROWS = {name: _counting(name) for name in TABLES}
_AGES = sql.statement(lambda: sql.query(func.min(MessageRow.at, type_=Instant), func.max(MessageRow.at, type_=Instant)))


@dataclass(frozen=True, slots=True)
class Holder:
    """A process that works with a store."""

    process: str
    """Host and process id."""
    does: str
    """The lease it holds."""
    until: datetime
    """When the lease ends unless it is renewed."""


@dataclass(frozen=True, slots=True)
class StoreInfo:
    """The description of a store."""

    path: str
    revision: str
    size: int
    """Bytes of its file."""
    engine: str
    """The database's product and version."""
    tables: dict[str, int]
    """Bytes of each of the largest tables with its indexes, by name; empty where the database doesn't say."""
    log_size: int | None
    """Bytes of its write-ahead log; None where a server keeps that for all its databases."""
    files: int
    """Files of messages."""
    free: int | None
    """Bytes that are free on its disk; None where a server doesn't say."""
    counts: dict[str, int]
    oldest_message_at: datetime | None
    newest_message_at: datetime | None
    holders: tuple[Holder, ...]


def take_backup(location: str, target: Path, clock: Clock, progress: Progress | None = None) -> Backup:
    """Copy a store into a new folder while others write to it, and verify the copy. Raise StoreError."""
    return backends.of(location).take_backup(target.absolute(), clock(), progress)


def restore(location: str, agent: str, folder: Path, clock: Clock) -> tuple[Backup, Path | None, int, str]:
    """Replace the store by a backup.

    Return the backup, where the old store is now, how many outcomes are unknown now, and the new store's notice.

    A message that waited to be sent when the backup was taken may have been sent since: its outcome counts as unknown,
    and it is never sent on a guess. Raise StoreError, and NotAllowed.
    """
    backend = backends.of(location)
    # A store that is missing or too damaged to be read names no administrators, so any agent may restore it. A
    # process that has it open notices that it is replaced.
    holders: tuple[Holder, ...] = ()
    with suppress(StoreError), _looked_at(backend) as (session, _):
        rights.check(session, clock, agent, Right.STORE)
    with suppress(StoreError):
        holders = _described(backend, clock()).holders
    _refuse_held(backend, holders)
    held, kept = backend.restore(folder.absolute(), clock())
    with closing(Store.open(location, clock)) as store:
        unknown = store.call(_make_unknown, held.taken_at)
        return held, kept, unknown, store.notice


def info(location: str, clock: Clock) -> StoreInfo:
    """Return the description of a store. Lock nothing. Raise StoreError."""
    return _described(backends.of(location), clock())


def check(location: str) -> tuple[Finding, ...]:
    """Return every rule that doesn't hold in a store. Lock nothing. Raise StoreError where it can't be read at all."""
    backend = backends.of(location)
    with _looked_at(backend) as (session, revision):
        _refuse_newer(backend, revision)
        return tuple(invariants.findings(session))


def repair(location: str, agent: str, findings: tuple[Finding, ...], clock: Clock) -> None:
    """Repair what can be derived again from other data, in one transaction. Raise StoreError, and NotAllowed."""
    with closing(Store.open(location, clock)) as store:
        store.call(_repair, agent, findings)


def _repair(session: Session, clock: Clock, agent: str, findings: tuple[Finding, ...]) -> None:
    rights.check(session, clock, agent, Right.STORE)
    for finding in findings:
        if finding.repairable:
            repairs.repair(session, clock, finding)


def _make_unknown(session: Session, clock: Clock, taken_at: str) -> int:
    waiting = outbox.unsent(session)
    for message_id in waiting:
        attempt = attempts.begin(session, clock, message_id)
        detail = f"it waited when the backup of {taken_at} was taken, and may have been sent since"
        delivery.still_unknown(session, clock, message_id, attempt, local_errors.INTERRUPTED, detail)
    return len(waiting)


@contextmanager
def to_copy(location: str, agent: str, clock: Clock) -> Iterator[Session]:
    """Hold open a snapshot of a store at HEAD that no process works with. Raise StoreError, and NotAllowed."""
    backend = backends.of(location)
    with _looked_at(backend) as (session, revision):
        _refuse_newer(backend, revision)
        if revision != HEAD:
            raise StoreError(
                f"the store {backend.name} has the form of an older contacts-tui (revision {revision}; this program "
                f"knows {HEAD}): open it once with this program, which upgrades it, and copy it then"
            )
        rights.check(session, clock, agent, Right.STORE)
        _refuse_held(backend, _holders(session, clock()))
        yield session


def _refuse_newer(backend: Backend, revision: str) -> None:
    if revision > HEAD:
        raise StoreError(
            f"the store {backend.name} has the form of a newer contacts-tui (revision {revision}; this program "
            f"knows {HEAD}): update this program first"
        )


def _refuse_held(backend: Backend, holders: tuple[Holder, ...]) -> None:
    if holders:
        raise StoreError(
            f"the store {backend.name} is in use: {'; '.join(_words(each) for each in holders)}. Stop that first, or "
            "wait until its lease ends; nothing was changed"
        )


def _holders(session: Session, now: datetime) -> tuple[Holder, ...]:
    return tuple(
        Holder(process_of(owner), name, until) for owner, name, until in sql.several(session, _HOLDERS, now=now)
    )


@contextmanager
def _looked_at(backend: Backend) -> Iterator[tuple[Session, str]]:
    """Hold open a store for reading, and give its revision too. Raise StoreError."""
    with backend.look(PATIENCE) as session:
        revision = backend.revision(session.connection())
        if revision is None:
            raise StoreError(f"{backend.name} is not a contacts-tui store: choose another file")
        yield session, revision


def _described(backend: Backend, now: datetime) -> StoreInfo:
    with _looked_at(backend) as (session, revision):
        counts = {name: sql.one(session, rows)[0] for name, rows in _ROWS.items()}
        oldest, newest = sql.one(session, _AGES)
        holders = _holders(session, now)
    space = backend.space()
    return StoreInfo(
        path=backend.name,
        revision=revision,
        size=space.size,
        engine=space.engine,
        tables=dict(space.tables),
        log_size=space.log_size,
        files=space.files,
        free=space.free,
        counts=counts,
        oldest_message_at=oldest,
        newest_message_at=newest,
        holders=holders,
    )


def _words(holder: Holder) -> str:
    host, _, pid = holder.process.partition("/")
    return f"process {pid} on {host} ({holder.does}, until {holder.until.astimezone():%H:%M:%S})"
