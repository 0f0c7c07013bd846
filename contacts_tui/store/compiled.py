"""A statement as one engine's driver takes it: see `sql`."""

from collections.abc import Callable, Iterable, Sequence
from operator import itemgetter
from typing import Any

from sqlalchemy import BindParameter, Dialect
from sqlalchemy.sql import visitors
from sqlalchemy.sql.sqltypes import NullType

Row = tuple[Any, ...]
_Convert = Callable[[Any], Any]
_NO_VALUE: Any = object()


class Param(BindParameter[Any]):
    """The place of a value that each call gives by name."""

    inherit_cache = True


class Compiled:
    """A statement's text, the order of its values, and what converts these and the columns of its rows."""

    __slots__ = ("_constants", "_conversions", "_pick", "_results", "text")

    text: str

    def __init__(self, expression: Any, dialect: Dialect, columns: list[str]) -> None:
        for part in visitors.iterate(expression):
            if isinstance(part, BindParameter) and not isinstance(part, Param) and not isinstance(part.value, dict):
                # A constant is written into the text, so that the database can choose a partial index by it.
                part.literal_execute = True
        found = expression.compile(dialect=dialect, column_keys=columns or None)
        expanded = found.construct_expanded_state(dict.fromkeys(columns))
        self.text = expanded.statement
        names = list(expanded.positiontup)
        self._pick = _picking(names)
        """Returns the values of a call in the order of their places."""
        self._constants: dict[str, Any] = {}
        """Values that are always the same and can't stand in the text."""
        self._conversions: list[tuple[int, _Convert]] = []
        for place, name in enumerate(names):
            bound = found.binds.get(name)
            convert = None if bound is None else bound.type.dialect_impl(dialect).bind_processor(dialect)
            if convert is not None:
                self._conversions.append((place, convert))
            if not isinstance(bound, Param) and name not in columns:
                self._constants[name] = expanded.parameters[name]
            elif bound is not None and isinstance(bound.type, NullType):
                raise TypeError(f"no column says what type the value “{name}” has: give it to `param`")
        self._results: list[tuple[int, _Convert]] = []
        if found.returning or expression.is_select:
            for place, result in enumerate(expression.exported_columns):
                if convert := result.type.dialect_impl(dialect).result_processor(dialect, None):
                    self._results.append((place, convert))

    def values(self, given: dict[str, Any]) -> list[Any]:
        """Return the values in the driver's order, converted. Raise KeyError for one that the call doesn't give."""
        if self._constants:
            given = given | self._constants
        values = list(self._pick(given))
        for place, convert in self._conversions:
            values[place] = convert(values[place])
        return values

    def every(self, rows: Iterable[dict[str, Any]]) -> list[list[Any]]:
        """Return the values of many calls as `values` does; the same object in consecutive rows is converted once."""
        constants = self._constants
        picked = [list(self._pick(given | constants if constants else given)) for given in rows]
        for place, convert in self._conversions:
            last, made = _NO_VALUE, None
            for values in picked:
                value = values[place]
                if value is not last:
                    last, made = value, convert(value)
                values[place] = made
        return picked

    def text_for(self, count: int) -> str:
        """Return the text of an INSERT of `count` rows."""
        begin, values, row = self.text.partition(" RETURNING ")[0].rpartition(" VALUES ")
        return f"{begin}{values}{', '.join([row] * count)}"

    def row(self, found: Row) -> Row:
        """Return a row of the driver's with its values converted to the columns' types."""
        if not self._results:
            return found
        row = list(found)
        for place, convert in self._results:
            row[place] = convert(row[place])
        return tuple(row)


def _picking(names: Sequence[str]) -> Callable[[dict[str, Any]], Iterable[Any]]:
    """Return a function that picks the values of these names, in their order."""
    if len(names) > 1:
        return itemgetter(*names)
    return lambda given: [given[name] for name in names]
