"""The line of a CSV text that names its columns: where it is, what separates cells, and what each column means."""

import csv
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain

from contacts_tui.domain.attributes import Kind, read_kind, read_name
from contacts_tui.domain.phone_reading import read_phones, visible
from contacts_tui.services.csv_records import Record, read_records
from contacts_tui.services.errors import BadInput
from contacts_tui.services.exchange_cells import ATTRIBUTE, MARK, guarded, joined
from contacts_tui.services.exchange_details import NOTES_HEADING
from contacts_tui.services.import_columns import LISTS, Field, fields_of, label_of

COLUMNS = "name, phone, phone2 and so on, email, company, tags, note, owner, time_zone, whatsapp, sms"
"""The plain columns, for sentences and help."""

Meaning = Field | tuple[str, Kind | None]
"""What a column means: a field, or a custom attribute as its name and its kind, None where no kind is given."""

SEPARATORS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars"}
"""What may separate cells, in a word."""
_NO_HEADING = ' \t\r\n",;|'
"""The characters of a line without any heading."""
_SEPARATOR_LINE = re.compile(r'"?sep=(.)"?\s*', re.IGNORECASE)
"""The line that tells Excel how cells are separated."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column of the file."""

    heading: str
    field: Field | None
    """What it holds; None when unknown."""
    attribute: str = ""
    """The name of the custom attribute that it holds."""
    kind: Kind | None = None
    """The kind of that attribute; None where it isn't given."""

    @property
    def is_read(self) -> bool:
        """Whether the import takes something from it."""
        return self.field not in (None, Field.NOTHING)


@dataclass(frozen=True, slots=True)
class Header:
    """How a CSV text begins."""

    skipped: int
    """Lines before the one with the headings."""
    delimiter: str
    columns: tuple[Column, ...]
    kinds: Mapping[int, int] = field(default_factory=dict)
    """The place of the column that says the kind of the numbers in another, by the place of that one."""

    form: str = "CSV"
    """The file's format, for agents."""
    is_ours: bool = False
    """Whether this program wrote the file: then its cells are taken as they are, see `exchange_cells`."""

    @property
    def separator(self) -> str:
        """What separates cells, in a word; empty for a file without cells."""
        return "" if self.form != "CSV" else SEPARATORS.get(self.delimiter, f"“{self.delimiter}”")


def read_header(lines: Iterable[str], mapping: Mapping[str, Meaning], separator: str = "") -> Header:
    """Find the headings of a text.

    `separator` separates cells; when empty, it is found in the text. `mapping` gives the meaning of columns by heading,
    in any case. Raise BadInput for an empty text, when no column is known, and for a heading in `mapping` that the text
    hasn't.
    """
    rest = without_mark(lines)
    skipped, heading, found = _begin(rest, mapping)
    delimiter = separator or found
    first = next(read_records(chain([heading], rest), delimiter), Record(skipped + 1, []))
    if first.problem:
        raise BadInput(f"line {skipped + 1}, with the columns' names: {first.problem}")
    headings = [text.strip() for text in first.cells]
    columns = columns_of(headings, mapping)
    if not any(column.is_read for column in columns):
        raise BadInput(_no_headings(headings))
    return Header(skipped, delimiter, columns, _kinds(headings), is_ours=MARK in headings)


def columns_of(headings: Sequence[str], mapping: Mapping[str, Meaning]) -> tuple[Column, ...]:
    """Return the columns of these headings. Raise BadInput for a heading in `mapping` that isn't among them."""
    known = {heading.casefold() for heading in headings}
    for heading in mapping:
        if heading.strip().casefold() not in known:
            listed = ", ".join(filter(None, headings))
            raise BadInput(f"the file has no column “{heading}”; it has {listed}")
    given = {heading.strip().casefold(): meaning for heading, meaning in mapping.items()}
    return tuple(
        _column(heading, given.get(heading.casefold(), field))
        for heading, field in zip(headings, _fields(headings, mapping), strict=True)
    )


def cell_of(values: Sequence[str], column: Column, header: Header) -> str:
    """Return the values of a record that has lists as one cell of a column."""
    if column.field is Field.PRIVATE_NOTES:
        return joined(values)
    if not header.is_ours:
        return "\n".join(values)
    return guarded(joined(values) if column.field in LISTS else "\n".join(values))


def read_attribute(text: str) -> tuple[str, Kind | None]:
    """Return the name and the kind of an attribute from `plan` or `seats:number`. Raise ValueError."""
    name, colon, kind = text.partition(":")
    return read_name(name), read_kind(kind) if colon else None


_OUR_HEADINGS = {MARK: Field.NOTHING, NOTES_HEADING: Field.PRIVATE_NOTES}


def _column(heading: str, meaning: Meaning | None) -> Column:
    if isinstance(meaning, tuple):
        return Column(heading, Field.ATTRIBUTE, *meaning)
    if meaning is None and heading.startswith(ATTRIBUTE):
        try:
            return Column(heading, Field.ATTRIBUTE, *read_attribute(heading.removeprefix(ATTRIBUTE)))
        except ValueError:
            return Column(heading, None)
    return Column(heading, _OUR_HEADINGS.get(heading, meaning))


def without_mark(lines: Iterable[str]) -> Iterator[str]:
    """Yield the lines without the byte order marks before the first: each program that handled a file may add one."""
    for number, line in enumerate(lines):
        yield line if number else line.lstrip("\ufeff")


def address_field(cell: str) -> Field | None:
    """Return PHONE or EMAIL for a cell that holds a number with its country's code or an email, else None."""
    text = visible(cell)
    if re.fullmatch(r"\+\s?[1-9][\d\s().-]{6,}", text) and any(one.number for one in read_phones(text, None)):
        return Field.PHONE
    return Field.EMAIL if re.fullmatch(r"[^\s@]+@[^\s@]+\.[a-zA-Z]{2,}", text) else None


def _begin(lines: Iterator[str], mapping: Mapping[str, Meaning]) -> tuple[int, str, str]:
    """Return the number of lines before the headings, the headings' line and the delimiter. Raise BadInput."""
    delimiter = ""
    for number, line in enumerate(lines):
        if not delimiter and (told := _SEPARATOR_LINE.fullmatch(line)):
            delimiter = told[1]
        elif line.strip(_NO_HEADING):
            return number, line, delimiter or _delimiter(line, mapping)
    raise BadInput(f"the file is empty: its first line has to name the columns ({COLUMNS})")


def _delimiter(heading: str, mapping: Mapping[str, Meaning]) -> str:
    """Return the delimiter under which the most headings are known; of several, the one that makes most columns."""

    def rank(delimiter: str) -> tuple[int, int]:
        headings = [text.strip() for text in next(csv.reader([heading], delimiter=delimiter), [])]
        return sum(field is not None for field in _fields(headings, mapping)), len(headings)

    try:
        return max(SEPARATORS, key=rank)
    except csv.Error:
        return ","


def _fields(headings: Sequence[str], mapping: Mapping[str, Meaning]) -> tuple[Field | None, ...]:
    """Return what the headings themselves say; NOTHING for one in `mapping`, to count it as known."""
    given = {heading.strip().casefold() for heading in mapping}
    unsaid = fields_of(["" if heading.casefold() in given else heading for heading in headings])
    return tuple(
        Field.NOTHING if heading.casefold() in given else field for heading, field in zip(headings, unsaid, strict=True)
    )


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
    """Return the place of the column with the kind of the numbers, by the place of their column."""
    kinds = {
        label_of(heading): place for place, heading in enumerate(headings) if not heading.casefold().endswith("value")
    }
    return {
        place: kinds[label_of(heading)]
        for place, heading in enumerate(headings)
        if label_of(heading) in kinds and heading.casefold().endswith("value")
    }
