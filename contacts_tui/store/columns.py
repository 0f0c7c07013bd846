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
    """What every table is declared with."""

    # Nobody makes rows of these classes, so nothing that checks them is built: 20 ms of each command.
    model_config = {"defer_build": True}


class Instant(TypeDecorator[datetime]):
    """An aware UTC datetime, kept as `timestamps` says."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:
        """To microseconds. Raises ValueError for a naive datetime, which would be a programming error."""
        return None if value is None else microseconds(value)

    def process_result_value(self, value: int | None, dialect: Dialect) -> datetime | None:
        """To an aware datetime."""
        return None if value is None else moment(value)


def id_column() -> Any:
    return Field(default=None, primary_key=True)


def time_column(**options: Any) -> Any:
    return Field(sa_type=Instant, **options)


def list_column() -> Any:
    return Field(default_factory=list, sa_type=JSON)


def json_column() -> Any:
    """JSON that may be missing: None is NULL, and not the word `null`."""
    return Field(default=None, sa_type=cast(Any, JSON(none_as_null=True)))
