"""The files that go with messages, in the database: every process of a team finds them there, in pieces.

Each machine that needed a file has a copy, named by the digest of its content.
"""

import os
import tempfile
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import IO

from sqlmodel import Session

from contacts_tui.store import attachments, sql

_PIECE = 512 * 1024
"""Bytes of a row: few enough for a server to take at once, also beside many others."""

_IS_HELD = "SELECT 1 FROM file_piece WHERE name = %s LIMIT 1"
_ADD = "INSERT INTO file_piece (name, place, content) VALUES (%s, %s, %b)"
_PIECES = "SELECT content FROM file_piece WHERE name = %s AND place = %s"
_DROP = "DELETE FROM file_piece WHERE name = ANY(%s)"
_NAMES = "SELECT DISTINCT name FROM file_piece"


def hold(session: Session, copy: Path) -> None:
    """Put a file into the database, unless it is there. Raise OSError."""
    if sql.one(session, _IS_HELD, copy.name) is not None:
        return
    with copy.open("rb") as stream:
        put(session, copy.name, stream)


def put(session: Session, name: str, content: IO[bytes]) -> None:
    """Put a file into the database that isn't there yet."""
    for place, piece in enumerate(iter(lambda: content.read(_PIECE), b"")):
        sql.write(session, _ADD, name, place, piece)


def content(session: Session, name: str) -> Iterator[bytes]:
    """Yield a file of the database piece by piece; nothing where it is missing."""
    for place in count():
        row = sql.one(session, _PIECES, name, place)
        if row is None:
            return
        yield row[0]


def find(session: Session, copy: Path) -> Path:
    """Return where a file of the database is on this machine, after copying it there when needed. Raise OSError."""
    if not copy.exists() and sql.one(session, _IS_HELD, copy.name) is not None:
        copy.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor, name = tempfile.mkstemp(dir=copy.parent, prefix=attachments.UNDONE)
        made = Path(name)
        try:
            with open(descriptor, "wb") as stream:
                stream.writelines(content(session, copy.name))
                stream.flush()
                os.fsync(stream.fileno())
            made.replace(copy)
        except BaseException:
            made.unlink(missing_ok=True)
            raise
    return copy


def held(session: Session) -> set[str]:
    """Return the names of all files in the database."""
    return {name for (name,) in sql.several(session, _NAMES)}


def drop(session: Session, names: list[str]) -> None:
    """Take files out of the database."""
    sql.write(session, _DROP, names)
