"""The column type of times."""

from datetime import datetime

from sqlalchemy import BigInteger, Dialect, TypeDecorator

from contacts_tui.store.timestamps import microseconds, moment


class Instant(TypeDecorator[datetime]):
    """An aware UTC datetime, kept as `times` says."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:
        """To microseconds. Raises ValueError for a naive datetime, which would be a programming error."""
        return None if value is None else microseconds(value)

    def process_result_value(self, value: int | None, dialect: Dialect) -> datetime | None:
        """To an aware datetime."""
        return None if value is None else moment(value)
