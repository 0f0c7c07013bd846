"""What the columns of the tables have in common.

Rows stay in the store: repositories turn them into the dataclasses of `domain`. Full-text tables are no SQLModel
classes: see `search.py`.
"""

from datetime import datetime
from typing import Any, cast

from sqlalchemy import JSON, BigInteger, Dialect, TypeDecorator
from sqlmodel import Field, SQLModel

from contacts_tui.store.timestamps import microseconds, moment


class Row(SQLModel):
    """The base class of every table."""

    # No code makes instances of these classes, so their validators are never built: that saves 20 ms of each command.
    model_config = {"defer_build": True}


class Instant(TypeDecorator[datetime]):
    """An aware UTC datetime, stored as `timestamps` says."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:
        """Convert a datetime to microseconds. Raise ValueError for a naive one, which is a programming error."""
        return None if value is None else microseconds(value)

    def process_result_value(self, value: int | None, dialect: Dialect) -> datetime | None:
        """Convert microseconds to an aware datetime."""
        return None if value is None else moment(value)


def id_column() -> Any:
    return Field(default=None, primary_key=True)


def time_column(**options: Any) -> Any:
    return Field(sa_type=Instant, **options)


def list_column() -> Any:
    return Field(default_factory=list, sa_type=JSON)


def json_column() -> Any:
    """Return a column of JSON that may be missing: None is stored as NULL, and not as the word `null`."""
    return Field(default=None, sa_type=cast(Any, JSON(none_as_null=True)))
