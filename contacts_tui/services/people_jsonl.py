"""People in JSON lines: one object in each line, whose names are the columns. A list gives several values."""

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from contacts_tui.services.csv_records import Record
from contacts_tui.services.errors import BadInput
from contacts_tui.services.exchange_cells import ATTRIBUTE, MARK
from contacts_tui.services.exchange_details import NOTES_HEADING
from contacts_tui.services.import_header import Header, Meaning, cell_of, columns_of, without_mark
from contacts_tui.services.people_csv import Form
from contacts_tui.text_source import LONGEST_LINE

_ATTRIBUTES = "attributes"
_NOTES = "private_notes"


def _read_header(lines: Iterable[str], mapping: Mapping[str, Meaning]) -> Header:
    headings: dict[str, None] = {}
    is_ours, count = True, 0
    for _, found, _ in _objects(without_mark(lines)):
        if found is not None:
            count += 1
            is_ours = is_ours and MARK in found
            headings |= dict.fromkeys(heading for heading, _ in _cells(found))
    if not count:
        raise BadInput('there is no whole object in the file: each line is to be one, such as {"name": "Ann"}')
    return Header(0, "", columns_of(list(headings), mapping), form="JSON lines", is_ours=is_ours)


def _records(lines: Iterable[str], header: Header) -> Iterator[Record]:
    for number, found, problem in _objects(without_mark(lines)):
        values: dict[str, list[str]] = {}
        for heading, value in _cells(found or {}):
            values.setdefault(heading, []).append(value)
        yield Record(number, [cell_of(values.get(one.heading, ()), one, header) for one in header.columns], problem)


JSON_LINES = Form(_read_header, _records)
"""One object in each line."""


def _objects(lines: Iterable[str]) -> Iterator[tuple[int, dict[str, Any] | None, str]]:
    """Yield the number of every line that isn't empty, the object in it or None, and why there is none."""
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        if len(line) >= LONGEST_LINE:
            yield number, None, f"it is longer than {LONGEST_LINE:,} characters"
            continue
        try:
            found = json.loads(line)
        except (ValueError, RecursionError):
            found = None
        yield (number, found, "") if isinstance(found, dict) else (number, None, "it isn't a JSON object")


def _cells(found: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield the heading and the text of each value of an object."""
    for name, value in found.items():
        if name == _ATTRIBUTES and isinstance(value, dict):
            for attribute, told in value.items():
                if isinstance(told, dict):
                    yield f"{ATTRIBUTE}{attribute}:{told.get('kind')}", str(told.get("value", ""))
                else:
                    yield f"{ATTRIBUTE}{attribute}", _text(told)
        elif name == _NOTES and isinstance(value, list):
            yield from ((NOTES_HEADING, _text(each)) for each in value)
        elif isinstance(value, list):
            yield from ((name, _text(each)) for each in value)
        else:
            yield name, _text(value)


def _text(value: Any) -> str:
    match value:
        case str():
            return value
        case None:
            return ""
        case bool():
            return "yes" if value else "no"
        case _:
            return json.dumps(value, ensure_ascii=False)
