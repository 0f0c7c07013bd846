"""Plain statements on the session's connection: for what every message runs through, where the mapped classes would
take most of the time.

Rows that the session holds are written before such a statement, and read anew after one that writes.
"""

import json
import sqlite3
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Integer, Select, String, column, func, select
from sqlmodel import Session

from contacts_tui.store.timestamps import microseconds, moment


def one(session: Session, query: str, *values: Any) -> Any:
    """The first row that a query finds with the values of its question marks, or None."""
    return _execute(session, query, values).fetchone()


def several(session: Session, query: str, *values: Any, **named: Any) -> list[Any]:
    """Every row that a query finds, with the values of its question marks or of its names."""
    return _execute(session, query, named or values).fetchall()


def write(session: Session, statement: str, *values: Any, **named: Any) -> sqlite3.Cursor:
    """Runs a statement that writes, with the values of its question marks or of its names."""
    cursor = _execute(session, statement, named or values)
    session.expire_all()
    return cursor


def stored(at: datetime | None) -> int | None:
    """A time as a column keeps it."""
    return None if at is None else microseconds(at)


def read(value: int | None) -> datetime | None:
    """A time as a column kept it."""
    return None if value is None else moment(value)


def among(values: Iterable[int | str]) -> str:
    """Any number of values as one, for `IN (SELECT value FROM json_each(?))`."""
    return json.dumps(list(values))


def as_json(value: Any) -> str:
    """A JSON column's text, as the mapped classes write it."""
    return json.dumps(value)


def from_json(value: str) -> Any:
    """What a JSON column's text says."""
    return json.loads(value)


def _execute(session: Session, statement: str, values: tuple[Any, ...] | Mapping[str, Any]) -> sqlite3.Cursor:
    session.flush()
    connection = session.connection().connection.driver_connection
    assert isinstance(connection, sqlite3.Connection)
    return connection.execute(statement, values)


def ids_among(ids: Iterable[int]) -> Select[int]:
    """A subquery of these ids, for `in_`."""
    return select(func.json_each(json.dumps(list(ids))).table_valued(column("value", Integer)).c.value)


def texts_among(texts: Iterable[str]) -> Select[str]:
    """A subquery of these texts, for `in_`."""
    return select(func.json_each(json.dumps(list(texts))).table_valued(column("value", String)).c.value)
