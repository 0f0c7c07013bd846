"""What statements need and SQLAlchemy has no expression for. A backend says how its database writes it."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import JSON, Dialect, Integer, TypeDecorator
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement, GenericFunction, ReturnTypeFromArgs
from sqlalchemy.types import TypeEngine


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

    impl = Integer
    cache_ok = True

    def __init__(self, of: TypeEngine[Any]) -> None:
        """`of` is the type of each value."""
        super().__init__()
        self.of = of

    def process_bind_param(self, value: Iterable[Any] | None, dialect: Dialect) -> Any:
        """To a list."""
        return list(value or ())


@compiles(Each)
def _each(element: Each, compiler: SQLCompiler, **options: Any) -> str:
    (values,) = element.clauses
    if isinstance(values.type, JSON):
        # The function calls its column `value` by itself.
        return f"json_array_elements_text({compiler.process(values, **options)})"
    assert isinstance(values.type, ValueSet)
    array = f"{compiler.dialect.type_compiler_instance.process(values.type.of)}[]"
    return f"(SELECT unnest(CAST({compiler.process(values, **options)} AS {array})) AS value)"
