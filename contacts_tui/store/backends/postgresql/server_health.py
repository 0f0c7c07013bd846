"""The health of a server: its version, settings and activity, and what of these may harm a store.

https://www.postgresql.org/docs/current/monitoring-stats.html
"""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from sqlmodel import Session

from contacts_tui.domain.durations import ago_words
from contacts_tui.domain.media import size_words
from contacts_tui.domain.text import counted, one_line
from contacts_tui.store import sql
from contacts_tui.store.backends.protocol import Concern

LONG = timedelta(minutes=10)
"""A transaction that is open for longer is reported: nothing that was deleted since can be cleared away."""
MUCH_LOG = 2 * 1024**3
"""Bytes of the server's log that one replication slot may hold before this is reported."""
FULL, NEARLY_FULL = 0.95, 0.8
"""Shares of a server's connections in use from which on this is a failure, or is reported with a remedy."""
OLD = 1_000_000_000
"""Transactions after which a database that wasn't vacuumed is reported: at twice as many the server stops."""
_MOST_TABLES = 5

_SAFE = {
    "fsync": ("on", "the server doesn't wait for its disk, so a power cut can damage the store"),
    "full_page_writes": ("on", "the server writes pages in a way that a power cut can damage"),
    "synchronous_commit": ("on", "what was stored last can be lost in a power cut, though it was acknowledged"),
    "zero_damaged_pages": ("off", "the server empties damaged pages silently"),
    "ignore_checksum_failure": ("off", "the server goes on with damaged pages"),
    "autovacuum": ("on", "the server never clears away what was deleted, so the store grows and gets slow"),
    "data_checksums": ("on", "the server doesn't notice damaged pages"),
}
"""Settings that matter: the value that is safe, and what another means."""
_SAFER = {"synchronous_commit": ("on", "remote_write", "remote_apply")}
_STOPPED = {"data_checksums": "stop the server, and run `pg_checksums --enable`"}
"""The remedies of settings that aren't a line in the server's configuration."""

_SETTING = "SELECT current_setting(%s, true)"
_CONNECTIONS = (
    "SELECT count(*), current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int "
    "FROM pg_stat_activity WHERE backend_type = 'client backend'"
)
_OLDEST = (
    "SELECT extract(epoch FROM clock_timestamp() - xact_start), coalesce(usename, ''), application_name, pid "
    "FROM pg_stat_activity WHERE datname = current_database() AND backend_type = 'client backend' "
    "AND pid <> pg_backend_pid() AND xact_start IS NOT NULL ORDER BY xact_start LIMIT 1"
)
_PREPARED = (
    "SELECT extract(epoch FROM clock_timestamp() - prepared), gid FROM pg_prepared_xacts "
    "WHERE database = current_database() ORDER BY prepared LIMIT 1"
)
_SLOTS = (
    "SELECT slot_name, active, coalesce(wal_status, ''), pg_wal_lsn_diff(CASE WHEN pg_is_in_recovery() "
    "THEN pg_last_wal_replay_lsn() ELSE pg_current_wal_lsn() END, restart_lsn)::bigint "
    "FROM pg_replication_slots WHERE restart_lsn IS NOT NULL OR wal_status = 'lost' ORDER BY slot_name"
)
_AGE = "SELECT age(datfrozenxid) FROM pg_database WHERE datname = current_database()"
_TELLS = (
    "SELECT tgenabled IN ('O', 'A') FROM pg_trigger WHERE tgrelid = to_regclass('change') AND tgname = 'tell_of_change'"
)
_DAMAGED = "SELECT coalesce(checksum_failures, 0) FROM pg_stat_database WHERE datname = current_database()"
_INVALID = (
    "SELECT pg_class.relname FROM pg_index JOIN pg_class ON pg_class.oid = pg_index.indexrelid "
    "WHERE pg_class.relnamespace = to_regnamespace(current_schema()) AND NOT pg_index.indisvalid ORDER BY 1"
)
_SIZE = "SELECT pg_database_size(current_database())"
_TABLES = (
    "SELECT relname, pg_total_relation_size(oid) FROM pg_class WHERE relkind = 'r' "
    f"AND relnamespace = to_regnamespace(current_schema()) ORDER BY 2 DESC, 1 LIMIT {_MOST_TABLES}"
)


def version(session: Session) -> str:
    """Return the server's product and version."""
    return f"PostgreSQL {_setting(session, 'server_version').partition(' ')[0]}"


def size(session: Session) -> int:
    """Return the size of the database in bytes."""
    return int(sql.one(session, _SIZE)[0])


def tables(session: Session) -> dict[str, int]:
    """Return the bytes of the largest tables with their indexes, the largest first."""
    return {name: int(taken) for name, taken in sql.several(session, _TABLES)}


def damage(session: Session) -> str:
    """Return what the server found damaged, as a clause; mostly empty."""
    found = []
    (pages,) = sql.one(session, _DAMAGED)
    if pages:
        found.append(f"the server met {counted(pages, 'damaged page')}, and its log says where")
    if invalid := [name for (name,) in sql.several(session, _INVALID)]:
        found.append(f"not used, for they were never finished, are the indexes {', '.join(invalid)}: REINDEX them")
    return "; ".join(found)


def concerns(session: Session) -> Iterator[Concern]:
    """Yield what there is to know about the server's settings and activity."""
    yield Concern("server", f"it is {version(session)}")
    for name, (safe, what) in _SAFE.items():
        value = _setting(session, name)
        if value and value not in _SAFER.get(name, (safe,)):
            remedy = _STOPPED.get(name, f"set {name} = {safe} in the server's configuration")
            yield Concern("server", f"{what} ({name} = {value})", remedy)
    yield from _connections(session)
    yield from _transactions(session)
    yield from _slots(session)
    yield from _age(session)
    if sql.one(session, _TELLS) != (True,):
        yield Concern(
            "changes",
            "nobody is told of changes, so they are seen some seconds late",
            "as the owner of the table: ALTER TABLE change ENABLE TRIGGER tell_of_change; where it is gone, put a "
            "backup back",
        )


def _connections(session: Session) -> Iterator[Concern]:
    used, of = sql.one(session, _CONNECTIONS)
    said = f"{used:,} of {of:,} are used"
    if used < NEARLY_FULL * of:
        yield Concern("connections", said)
    else:
        remedy = "raise max_connections at the server, or put a pooler before it: docs/team.md"
        yield Concern("connections", said, remedy, is_failure=used >= FULL * of)


def _transactions(session: Session) -> Iterator[Concern]:
    oldest: Any = sql.one(session, _OLDEST)
    if oldest is not None and (open_for := timedelta(seconds=float(oldest[0]))) > LONG:
        _, role, program, process = oldest
        whose = f"{one_line(role)}{f' ({one_line(program)})' if program.strip() else ''}"
        yield Concern(
            "transactions",
            f"one of {whose} has been open for {_for(open_for)}, and keeps what was deleted since",
            f"end that program, or let an administrator run SELECT pg_terminate_backend({process})",
        )
    prepared: Any = sql.one(session, _PREPARED)
    if prepared is not None and (open_for := timedelta(seconds=float(prepared[0]))) > LONG:
        gid = one_line(prepared[1])
        yield Concern(
            "transactions",
            f"a prepared one, “{gid}”, has waited for {_for(open_for)}, and keeps what was deleted since",
            "COMMIT PREPARED or ROLLBACK PREPARED it",
        )


def _slots(session: Session) -> Iterator[Concern]:
    for name, is_active, status, held in sql.several(session, _SLOTS):
        slot = f"the slot “{one_line(name)}”"
        drop = f"let its replica go on, or drop it by SELECT pg_drop_replication_slot('{one_line(name)}')"
        if status == "lost":
            yield Concern("replication", f"{slot} can no longer be followed, for its log is gone", drop)
        elif held is not None and held > MUCH_LOG:
            whose = "whose replica is behind" if is_active else "which nobody uses"
            said = f"{slot}, {whose}, keeps {size_words(int(held))} of the server's log, and can fill its disk"
            yield Concern("replication", said, drop)


def _age(session: Session) -> Iterator[Concern]:
    (age,) = sql.one(session, _AGE)
    if age > OLD:
        said = f"the database was not vacuumed for {age:,} transactions, and at 2,000,000,000 the server stops"
        yield Concern("vacuum", said, "let an administrator run VACUUM FREEZE, and end what keeps it from that")


def _setting(session: Session, name: str) -> str:
    return sql.one(session, _SETTING, name)[0] or ""


def _for(span: timedelta) -> str:
    return ago_words(span).removesuffix(" ago")
