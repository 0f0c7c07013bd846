"""On which line each key of a TOML text is written, which `tomllib` doesn't tell."""

import tomllib
from collections.abc import Iterator, Mapping

Path = tuple[str, ...]
"""The names that lead to a value, from the outermost table."""


def lines_of(text: str) -> dict[Path, int]:
    """Return the line, from 1, on which each table and key of a valid TOML text is written first.

    Each statement is read by itself, under the header of its table; one of several lines counts where it begins.
    """
    found: dict[Path, int] = {}
    header = statement = ""
    began = 1
    for number, line in enumerate(text.split("\n"), start=1):
        if not statement:
            began = number
        statement += f"{line}\n"
        try:
            is_header = statement.lstrip().startswith("[")
            read = tomllib.loads(statement if is_header else f"{header}\n{statement}")
        except tomllib.TOMLDecodeError:
            continue
        if is_header:
            header = statement
        if statement.strip() and not statement.lstrip().startswith("#"):
            for path in _paths(read):
                found.setdefault(path, began)
        statement = ""
    return found


def _paths(table: Mapping[str, object]) -> Iterator[Path]:
    for name, value in table.items():
        yield (name,)
        for inner in value if isinstance(value, list) else [value]:
            if isinstance(inner, dict):
                yield from ((name, *path) for path in _paths(inner))


def line_at(lines: Mapping[Path, int], path: Path) -> int:
    """Return the line of a key, or of the nearest table around it; 1 when neither is known."""
    around = (path[:length] for length in range(len(path), 0, -1))
    return next((lines[each] for each in around if each in lines), 1)
