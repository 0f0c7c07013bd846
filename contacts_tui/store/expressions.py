"""Expressions that statements need and SQLAlchemy lacks. Each backend says how its database writes them."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import JSON, Dialect, TypeDecorator
from sqlalchemy.sql.functions import FunctionElement, GenericFunction, ReturnTypeFromArgs
from sqlalchemy.types import NullType, TypeEngine


class Each(FunctionElement[Any]):
    """The values of a set, as rows of one column `value`."""

    name = "each"
    inherit_cache = True


class Greatest(ReturnTypeFromArgs[Any]):
    """The greatest of several values of the first one's type; NULL when one of them is."""

    name = "greatest"
    inherit_cache = True


class Gathered(GenericFunction[Any]):
    """All values of a column in their order, as one JSON list."""

    type = JSON()
    name = "json_agg"
    inherit_cache = True


class ValueSet(TypeDecorator[Iterable[Any]]):
    """Any number of values as one. The driver adapts a list: see the backend."""

    impl = NullType
    cache_ok = True

    def __init__(self, of: TypeEngine[Any]) -> None:
        """Make the type of a set whose values are of the type `of`."""
        super().__init__()
        self.of = of

    def process_bind_param(self, value: Iterable[Any] | None, dialect: Dialect) -> Any:
        """Return the values as a list; empty for None."""
        return list(value or ())
