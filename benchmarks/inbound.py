"""Inbound messages through HTTP into the store, against plain SQLite that writes the same rows."""

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any

from benchmarks.figures import Figure
from benchmarks.serving import prepare, serving
from contacts_tui.domain.text import searchable
from contacts_tui.store import backends

MESSAGES = 3_000
"""Messages of each turn."""
TURNS = 3
SENDERS = 200
CONNECTIONS = 64
TARGET = 1 / 0.4
"""How many messages plain SQLite may write while one is received."""

Statement = tuple[str, Sequence[Any]]


@dataclass(frozen=True, slots=True)
class _Turn:
    plain: float
    """Messages a second."""
    ours: float


def figures(folder: Path) -> list[Figure]:
    """Measure messages a second through a `serve` process, and by plain SQLite with the same rows and tables."""
    turns = _turns(folder)
    return [
        Figure("plain SQLite: the same rows, one commit a message", median(turn.plain for turn in turns), "/s"),
        Figure("inbound messages: signed webhook to durable store", median(turn.ours for turn in turns), "/s"),
        Figure("plain SQLite to inbound messages", median(turn.plain / turn.ours for turn in turns), "×", TARGET),
    ]


def _turns(folder: Path) -> list[_Turn]:
    """Run and return all turns. Each goes on with the store of the one before, and plain SQLite with a copy of it."""
    location, inbox_id = prepare(folder / "inbound.db")
    file, plain = Path(backends.of(location).name), folder / "plain.db"
    found = []
    with serving(location, inbox_id, folder) as receiver:
        # These add the people, and make the receiver import what it needs.
        receiver.hear(0, SENDERS, senders=SENDERS, connections=CONNECTIONS)
        for turn in range(TURNS):
            _copy(file, plain)
            first = SENDERS + turn * MESSAGES
            taken = receiver.hear(first, MESSAGES, senders=SENDERS, connections=CONNECTIONS)
            found.append(_Turn(plain=MESSAGES / _replay(file, plain), ours=MESSAGES / taken))
    return found


def _copy(file: Path, to: Path) -> None:
    for old in to.parent.glob(f"{to.name}*"):
        old.unlink()
    with closing(sqlite3.connect(file)) as source, closing(sqlite3.connect(to)) as target:
        source.backup(target)


def _replay(file: Path, plain: Path) -> float:
    """Bring `plain` to `file` by plain SQLite, a transaction a message, as durable as ours. Return the seconds."""
    with closing(sqlite3.connect(file)) as source:
        source.row_factory = sqlite3.Row
        written = list(_writes(source, plain))
    assert len(written) == MESSAGES, f"{len(written)} messages came in"
    with closing(sqlite3.connect(plain, isolation_level=None)) as connection:
        for pragma in ("journal_mode = WAL", "synchronous = FULL", "foreign_keys = ON"):
            connection.execute(f"PRAGMA {pragma}")
        began = perf_counter()
        for statements in written:
            connection.execute("BEGIN IMMEDIATE")
            for statement, values in statements:
                connection.execute(statement, values)
            connection.execute("COMMIT")
        return perf_counter() - began


def _writes(source: sqlite3.Connection, plain: Path) -> Iterator[list[Statement]]:
    """Yield the statements that write each message that `plain` doesn't have."""
    with closing(sqlite3.connect(plain)) as known:
        newest, seq = known.execute("SELECT (SELECT max(id) FROM message), (SELECT max(seq) FROM change)").fetchone()
    events = {row["message_id"]: row for row in source.execute("SELECT * FROM provider_event")}
    changes = source.execute("SELECT * FROM change WHERE seq > ? ORDER BY seq", (seq,)).fetchall()
    statements: list[Statement] = []
    for change in changes:
        statements.append(_insert("change", change))
        if change["kind"] == "inbox":
            statements.append(("UPDATE inbox SET heard_at = ?", (change["at"],)))
        if change["kind"] == "message":
            (message,) = source.execute("SELECT * FROM message WHERE id = ?", (change["message_id"],))
            assert message["id"] > newest
            yield [*_message(message), _insert("provider_event", events[message["id"]]), *statements]
            statements = []


def _message(row: sqlite3.Row) -> list[Statement]:
    """Return the statements of a message: its row, what conversation, contact and inbox keep of it, and its index."""
    at, ident = row["at"], row["id"]
    return [
        _insert("message", row),
        (
            "UPDATE conversation SET last_inbound_at = ?, last_message_at = ?, unread = unread + 1 WHERE id = ?",
            (at, at, row["conversation_id"]),
        ),
        (
            "UPDATE contact SET activity_at = ?, last_message_id = ?, last_inbound_at = ?, unread = unread + 1 "
            "WHERE id = ?",
            (at, ident, at, row["contact_id"]),
        ),
        ("UPDATE inbox SET last_inbound_at = ? WHERE id = ?", (at, row["inbox_id"])),
        ("INSERT INTO message_search (rowid, body) VALUES (?, ?)", (ident, searchable(row["body"]))),
    ]


def _insert(table: str, row: sqlite3.Row) -> Statement:
    columns = ", ".join(row.keys())
    return f"INSERT INTO {table} ({columns}) VALUES ({', '.join('?' * len(row))})", tuple(row)
