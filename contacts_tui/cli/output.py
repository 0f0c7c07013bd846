"""What commands write. Text is cleaned here, once; JSON is plain ASCII, so that nothing raw reaches a terminal."""

import dataclasses
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta

from contacts_tui.cli.exit import Exit
from contacts_tui.cli.streams import streams
from contacts_tui.paths import PROGRAM

VERSION_OPTIONS = ("-V", "--version")
"""Options that are used so often, such as by installers, that they work before the command line is parsed."""


def version_line() -> str:
    """Return the program's name and the version that is installed."""
    from importlib.metadata import version

    return f"{PROGRAM} {version(PROGRAM)}"


def say(text: str = "") -> None:
    """Print a line, or several, for people to read; at once, even into a pipe."""
    from contacts_tui.domain.text import clean

    streams.write(clean(text) + "\n")


def complain(sentence: str) -> None:
    """Print on stderr a sentence about what went wrong."""
    from contacts_tui.domain.text import one_line

    streams.complain(one_line(sentence))


LONGEST_CELL = 40
"""The most cells of a table's column, so that one long name doesn't widen every line."""


def say_table(headers: Sequence[str], rows: Iterable[Sequence[str]], longest: Mapping[str, int] | None = None) -> None:
    """Print rows in columns as wide as their widest cell, at most LONGEST_CELL; the last column is never cut.

    `longest` has the limits, in cells, of the columns that need another one, by their headers.
    """
    from contacts_tui.domain.cells import fit, text_width
    from contacts_tui.domain.text import one_line

    lines = [tuple(headers), *(tuple(one_line(cell) for cell in row) for row in rows)]
    widths = [
        min(max(text_width(line[column]) for line in lines), (longest or {}).get(header, LONGEST_CELL))
        for column, header in enumerate(headers[:-1])
    ]
    for line in lines:
        cells = [fit(cell, width) for cell, width in zip(line, widths, strict=False)]
        say("  ".join([*cells, line[-1]]).rstrip())


def say_list(headers: Sequence[str], rows: Iterable[Sequence[str]], longest: Mapping[str, int] | None = None) -> None:
    """Print rows as a table at a terminal, and as plain lines in a pipe: whole cells, with a tab between two."""
    if streams.is_terminal:
        say_table(headers, rows, longest)
        return
    from contacts_tui.domain.text import one_line

    for row in (headers, *rows):
        streams.write("\t".join(one_line(cell) for cell in row) + "\n")


def say_json(value: object) -> None:
    """Print one JSON document: dataclasses as objects, times as ISO 8601 in UTC, spans of time in seconds."""
    import json

    streams.write(json.dumps(plain(value), ensure_ascii=True, indent=2) + "\n")


def say_done(value: object, *lines: str, as_json: bool) -> Exit:
    """Print what was done, as one JSON document or in lines. Return DONE."""
    if as_json:
        say_json(value)
    else:
        for line in lines:
            say(line)
    return Exit.DONE


def plain(value: object) -> object:
    """Return a value in JSON's own types, without internal fields. Raise TypeError when it has no form there."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        told = [field.name for field in dataclasses.fields(value) if not field.metadata.get("internal")]
        return {name: plain(getattr(value, name)) for name in told}
    if isinstance(value, tuple) and hasattr(value, "_asdict"):
        return {name: plain(item) for name, item in value._asdict().items()}
    match value:
        case datetime():
            return value.isoformat()
        case timedelta():
            return value.total_seconds()
        case Mapping():
            return {str(key): plain(item) for key, item in value.items()}
        case str() | int() | float() | None:
            return value
        case Iterable():
            return [plain(item) for item in value]
    raise TypeError(f"{type(value).__name__} has no form in JSON")


def local_time(at: datetime) -> str:
    """Return the text of a time in this machine's zone, to the second."""
    from contacts_tui.domain.local_time import here

    return here(at)
