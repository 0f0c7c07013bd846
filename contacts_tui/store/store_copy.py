"""The copy of every row and every file of a store into another one, compared with the original at the end.

Values are copied as they are kept: times as numbers, JSON as its text. Ids stay. Rows that were inserted are read back:
both stores must have the same number of rows in each table, and the same sum of the digests of all of them.
"""

import hashlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from tempfile import SpooledTemporaryFile
from typing import IO, Any

from sqlalchemy import JSON, BigInteger, Column, MetaData, String, Table, cast, func
from sqlalchemy import insert as insert_into
from sqlalchemy.types import UserDefinedType
from sqlmodel import Session, SQLModel

from contacts_tui.store import (  # noqa: F401  # the modules of tables declare them
    attachments,
    backends,
    message_tables,
    people_tables,
    process_tables,
    queue_tables,
    search,
    sql,
)
from contacts_tui.store.backup import Progress
from contacts_tui.store.columns import Instant
from contacts_tui.store.errors import StoreError

_BATCH = 500
"""Rows that are held and inserted at once."""
_IN_MEMORY = 8 * 1024 * 1024
"""Bytes of a file that are held in memory; a larger one goes to a temporary file."""
_SUM = 2**128


@dataclass(slots=True)
class Copied:
    """What was copied."""

    counts: dict[str, int] = field(default_factory=dict)
    """Rows by table."""
    files: int = 0
    size: int = 0
    """Bytes of the files."""
    missing: tuple[str, ...] = ()
    """Files that messages name and that were missing, or not whole, in the store already."""


class _JsonText(UserDefinedType[str]):
    """JSON as its text."""

    cache_ok = True

    def get_col_spec(self, **_: Any) -> str:
        return "JSON"


@dataclass(slots=True)
class _Sum:
    """The sum of the digests of any number of rows, in any order."""

    rows: int = 0
    total: int = 0

    def add(self, row: tuple[Any, ...]) -> None:
        digest = hashlib.blake2b(repr(row).encode("utf-8", "surrogatepass"), digest_size=16).digest()
        self.rows += 1
        self.total = (self.total + int.from_bytes(digest)) % _SUM


class _TableCopy:
    """One table, with its values as they are kept."""

    def __init__(self, table: Table) -> None:
        self.name = table.name
        numbered = table.autoincrement_column
        self.numbered = None if numbered is None else numbered.name
        """The column in which the database gives ids."""
        kept = Table(table.name, MetaData(), *(Column(column.name, _kept(column.type)) for column in table.columns))
        self.names = [column.name for column in kept.columns]
        self.json = [place for place, column in enumerate(kept.columns) if isinstance(column.type, _JsonText)]
        """Places of the values that are JSON."""
        shown = [cast(column, String) if isinstance(column.type, _JsonText) else column for column in kept.columns]
        by_key = [kept.columns[column.name] for column in table.primary_key]
        self.count = sql.statement(lambda: sql.query(func.count()).select_from(kept))
        self.rows = sql.statement(lambda: sql.query(*shown).select_from(kept).order_by(*by_key))
        self.insertion = sql.Statement(lambda _: insert_into(kept), self.names)


def _kept(type_: Any) -> Any:
    if isinstance(type_, JSON):
        return _JsonText()
    return BigInteger() if isinstance(type_, Instant) else type_


_TABLES = tuple(map(_TableCopy, SQLModel.metadata.sorted_tables))
"""Every table, each after those that it refers to."""


def copy(source: Session, target: Session, progress: Progress) -> Copied:
    """Copy all that is in a store into an empty one, and compare the two.

    Both sessions have begun a transaction; that of `target` is to be rolled back when this raises. Raise StoreError.
    """
    _refuse_filled(target)
    copied = Copied(counts={table.name: sql.one(source, table.count)[0] for table in _TABLES})
    of = 2 * sum(copied.counts.values())
    done = 0

    def tell(rows: int) -> None:
        nonlocal done
        done += rows
        progress(done, of)

    sums = [_copy_rows(table, source, target, tell) for table in _TABLES]
    _copy_ids(source, target)
    _copy_files(source, target, copied)
    for table, expected in zip(_TABLES, sums, strict=True):
        _compare(table, expected, target, tell)
    return copied


def _refuse_filled(target: Session) -> None:
    backend = backends.of_bind(target.bind)
    filled = [table.name for table in _TABLES if sql.one(target, table.count)[0]]
    if filled or backend.held_files(target):
        raise StoreError(
            f"the store {backend.name} is not empty ({', '.join(filled) or 'it has files'}), and nothing is "
            "overwritten: choose an empty database or a new file"
        )


def _copy_rows(table: _TableCopy, source: Session, target: Session, tell: Callable[[int], None]) -> _Sum:
    backend, found = backends.of_bind(target.bind), _Sum()
    rows = _read(source, table)
    while batch := [_as_kept(row, table, backend.kept_text, backend.kept_json) for row in islice(rows, _BATCH)]:
        for row in batch:
            found.add(row)
        named = [dict(zip(table.names, row, strict=True)) for row in batch]
        sql.write_all(target, table.insertion, named)
        if table.name == message_tables.MessageRow.__tablename__:
            search.index_messages(target, ((row["id"], row["body"]) for row in named))
        tell(len(batch))
    return found


def _as_kept(
    row: tuple[Any, ...], table: _TableCopy, text: Callable[[str], str], json: Callable[[str], str]
) -> tuple[Any, ...]:
    kept = [text(value) if isinstance(value, str) else value for value in row]
    for place in table.json:
        kept[place] = None if row[place] is None else json(row[place])
    return tuple(kept)


def _read(session: Session, table: _TableCopy) -> Iterator[tuple[Any, ...]]:
    """Yield every row of a table; an error is reported as one of this session's store."""
    with backends.of_bind(session.bind).in_words():
        yield from sql.each(session, table.rows)


def _copy_ids(source: Session, target: Session) -> None:
    """Make the target give no id again, even if its row is gone, so that followers find no change twice either."""
    giver, taker = backends.of_bind(source.bind), backends.of_bind(target.bind)
    for table in _TABLES:
        if table.numbered is not None and (last := giver.last_id(source, table.name, table.numbered)):
            taker.ids_taken(target, table.name, last, table.numbered)


def _compare(table: _TableCopy, expected: _Sum, target: Session, tell: Callable[[int], None]) -> None:
    found, rows = _Sum(), _read(target, table)
    while batch := list(islice(rows, _BATCH)):
        for row in batch:
            found.add(tuple(row))
        tell(len(batch))
    if found != expected:
        raise StoreError(
            f"the copy is not the same as the store: in the table “{table.name}” {expected.rows:,} rows were copied, "
            f"and of the {found.rows:,} that are there now some differ; nothing was kept of the copy"
        )


def _copy_files(source: Session, target: Session, copied: Copied) -> None:
    backend, missing = backends.of_bind(target.bind), []
    for name in sorted(set(attachments.named(source))):
        with SpooledTemporaryFile(_IN_MEMORY) as content:
            is_whole = _digest(_kept_pieces(_file(source, name), content)) == name
            if not is_whole:
                missing.append(name)
                continue
            copied.size += content.tell()
            copied.files += 1
            content.seek(0)
            backend.add_file(target, name, content)
        if _digest(backend.file_content(target, name)) != name:
            raise StoreError(f"the copy of the file {name} is not the same as the file; nothing was kept of the copy")
    copied.missing = tuple(missing)


def _file(session: Session, name: str) -> Iterator[bytes]:
    """Yield a file of the store in pieces. Raise StoreError when it can't be read."""
    backend = backends.of_bind(session.bind)
    try:
        with backend.in_words():
            yield from backend.file_content(session, name)
    except OSError as error:
        raise StoreError(
            f"the file {name} of the store {backend.name} can't be read: {error.strerror or error}"
        ) from error


def _kept_pieces(pieces: Iterable[bytes], content: IO[bytes]) -> Iterator[bytes]:
    for piece in pieces:
        content.write(piece)
        yield piece


def _digest(pieces: Iterable[bytes]) -> str:
    found = hashlib.sha256()
    for piece in pieces:
        found.update(piece)
    return found.hexdigest()
