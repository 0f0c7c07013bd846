"""The line of a CSV text that names its columns: where it is, what separates cells, and what each column means."""

import csv
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

from contacts_tui.domain.phone_reading import read_phones, visible
from contacts_tui.services.csv_records import Record, read_records
from contacts_tui.services.errors import BadInput
from contacts_tui.services.import_columns import Field, fields_of, label_of

COLUMNS = "name, phone, phone2 and so on, email, company, tags, note, owner, time_zone, whatsapp, sms"
"""The plain columns, for sentences and help."""

_DELIMITERS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars"}
_NO_HEADING = ' \t\r\n",;|'
"""What a line without any heading consists of."""
_SEPARATOR_LINE = re.compile(r'"?sep=(.)"?\s*', re.IGNORECASE)
"""The line that tells Excel how cells are separated."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column of the file."""

    heading: str
    field: Field | None
    """What it gives a person; None when nobody knows."""

    @property
    def is_read(self) -> bool:
        """Whether people get something from it."""
        return self.field not in (None, Field.NOTHING)


@dataclass(frozen=True, slots=True)
class Header:
    """How a CSV text begins."""

    skipped: int
    """Lines before the one with the headings."""
    delimiter: str
    columns: tuple[Column, ...]
    kinds: Mapping[int, int]
    """For the place of a column of numbers, the place of the column that says of which kind they are."""

    @property
    def separator(self) -> str:
        """What stands between cells, in a word."""
        return _DELIMITERS.get(self.delimiter, f"“{self.delimiter}”")


def read_header(lines: Iterable[str], mapping: Mapping[str, Field]) -> Header:
    """Find the headings of a text.

    `mapping` says what columns of some headings mean, in any case. Raises BadInput for an empty text, when no column is
    known, and for a heading in `mapping` that the text hasn't.
    """
    rest = without_mark(lines)
    skipped, heading, delimiter = _begin(rest, mapping)
    first = next(read_records(chain([heading], rest), delimiter), Record(skipped + 1, []))
    if first.problem:
        raise BadInput(f"line {skipped + 1}, with the columns' names: {first.problem}")
    headings = [text.strip() for text in first.cells]
    columns = tuple(map(Column, headings, _mapped(headings, mapping)))
    if not any(column.is_read for column in columns):
        raise BadInput(_no_headings(headings))
    return Header(skipped, delimiter, columns, _kinds(headings))


def without_mark(lines: Iterable[str]) -> Iterator[str]:
    """The lines without the byte order mark that may stand before them."""
    for number, line in enumerate(lines):
        yield line if number else line.removeprefix("\ufeff")


def address_field(cell: str) -> Field | None:
    """Whether a cell of a column that nobody knows holds a phone number with its country's code, or an email."""
    text = visible(cell)
    if re.fullmatch(r"\+\s?[1-9][\d\s().-]{6,}", text) and any(one.number for one in read_phones(text, None)):
        return Field.PHONE
    return Field.EMAIL if re.fullmatch(r"[^\s@]+@[^\s@]+\.[a-zA-Z]{2,}", text) else None


def _begin(lines: Iterator[str], mapping: Mapping[str, Field]) -> tuple[int, str, str]:
    """How many lines stand before the headings, the line with them, and what separates cells."""
    delimiter = ""
    for number, line in enumerate(lines):
        if not delimiter and (told := _SEPARATOR_LINE.fullmatch(line)):
            delimiter = told[1]
        elif line.strip(_NO_HEADING):
            return number, line, delimiter or _delimiter(line, mapping)
    raise BadInput(f"the file is empty: its first line has to name the columns ({COLUMNS})")


def _delimiter(heading: str, mapping: Mapping[str, Field]) -> str:
    """The delimiter under which most headings are known, or else that makes most columns."""

    def rank(delimiter: str) -> tuple[int, int]:
        headings = [text.strip() for text in next(csv.reader([heading], delimiter=delimiter), [])]
        return sum(field is not None for field in _fields(headings, mapping)), len(headings)

    try:
        return max(_DELIMITERS, key=rank)
    except csv.Error:
        return ","


def _mapped(headings: Sequence[str], mapping: Mapping[str, Field]) -> tuple[Field | None, ...]:
    known = {heading.casefold() for heading in headings}
    for heading in mapping:
        if heading.strip().casefold() not in known:
            listed = ", ".join(filter(None, headings))
            raise BadInput(f"the file has no column “{heading}”; it has {listed}")
    return _fields(headings, mapping)


def _fields(headings: Sequence[str], mapping: Mapping[str, Field]) -> tuple[Field | None, ...]:
    given = {heading.strip().casefold(): field for heading, field in mapping.items()}
    unsaid = fields_of(["" if heading.casefold() in given else heading for heading in headings])
    return tuple(given.get(heading.casefold(), field) for heading, field in zip(headings, unsaid, strict=True))


def _no_headings(headings: Sequence[str]) -> str:
    if any(map(address_field, headings)):
        return (
            "the first line is a person and not the columns' names: "
            f"write a line above it that names each column ({COLUMNS})"
        )
    return (
        f"no column is known: the first line has to name the columns ({COLUMNS}), as the exports of Google Contacts, "
        "Outlook, Chatwoot and HubSpot do; --map 'HEADING=phone' says what a column means"
    )


def _kinds(headings: Sequence[str]) -> dict[int, int]:
    """Where the kind of a number stands: the place of its column, for each column of numbers that has one."""
    kinds = {
        label_of(heading): place for place, heading in enumerate(headings) if not heading.casefold().endswith("value")
    }
    return {
        place: kinds[label_of(heading)]
        for place, heading in enumerate(headings)
        if label_of(heading) in kinds and heading.casefold().endswith("value")
    }
