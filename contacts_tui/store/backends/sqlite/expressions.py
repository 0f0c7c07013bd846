"""Expressions that SQLite has in its own form: sets of values, the greatest of several, and a column as one value."""

import json
import sqlite3
from typing import Any

from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler

from contacts_tui.store.expressions import Each, Gathered, Greatest


def adapt() -> None:
    """Let the driver take a list as one value: JSON, which `json_each` turns into rows."""
    sqlite3.register_adapter(list, json.dumps)


@compiles(Each, "sqlite")
def _each(element: Each, compiler: SQLCompiler, **options: Any) -> str:
    return f"json_each({compiler.process(element.clauses, **options)})"


@compiles(Greatest, "sqlite")
def _greatest(element: Greatest, compiler: SQLCompiler, **options: Any) -> str:
    return f"max({compiler.process(element.clauses, **options)})"


@compiles(Gathered, "sqlite")
def _gathered(element: Gathered, compiler: SQLCompiler, **options: Any) -> str:
    return f"json_group_array({compiler.process(element.clauses, **options)})"
