"""People in a text: what its columns mean, and every row as a person or as its problems."""

import re
import shlex
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial

from contacts_tui.domain.address import alias_key
from contacts_tui.domain.attributes import Kind, read_value
from contacts_tui.domain.channel import Channel
from contacts_tui.domain.phone_reading import read_phones
from contacts_tui.services.csv_records import Record, read_records
from contacts_tui.services.exchange_cells import parted, unguarded
from contacts_tui.services.exchange_details import AddressMark, WrittenNote, read_answer, read_mark, read_note
from contacts_tui.services.import_cells import (
    NOT_MESSAGED,
    NOTHING,
    UNREADABLE,
    CellValue,
    phone_value,
    read_cell_language,
    read_emails,
    read_owner,
    read_tags,
    read_time_zone,
)
from contacts_tui.services.import_columns import CHANNELS, NAME_PARTS, NUMBERS, Field
from contacts_tui.services.import_header import Column, Header, Meaning, address_field, read_header, without_mark
from contacts_tui.services.import_row import ImportProblem, ImportRow, PersonEntry, whole_name
from contacts_tui.services.plain_rows import PlainRows


@dataclass(slots=True)
class _Cells:
    """The values of a row's cells so far."""

    texts: dict[Field, list[str]] = field(default_factory=dict)
    numbers: dict[tuple[Channel, str], str] = field(default_factory=dict)
    """Numbers by channel and alias key."""
    emails: list[str] = field(default_factory=list)
    tags: list[str] = field(default_factory=list)
    zone: str = ""
    language: str = ""
    attributes: dict[str, str] = field(default_factory=dict)
    kinds: dict[str, Kind] = field(default_factory=dict)
    notes: list[WrittenNote] = field(default_factory=list)
    marks: dict[Field, list[AddressMark]] = field(default_factory=dict)
    """Opt-outs and blocks."""
    problems: list[ImportProblem] = field(default_factory=list)

    def first(self, of: Field) -> str:
        """Return the first text of a field; empty when there is none."""
        return self.texts.get(of, [""])[0]


@dataclass(frozen=True, slots=True)
class Form:
    """A format of texts with people: how its columns and its records are read."""

    read_header: Callable[[Iterable[str], Mapping[str, Meaning]], Header]
    """Raises BadInput."""
    records: Callable[[Iterable[str], Header], Iterator[Record]]


def _csv_records(lines: Iterable[str], header: Header) -> Iterator[Record]:
    below = without_mark(lines)
    for _ in range(header.skipped):
        next(below)
    records = read_records(below, header.delimiter, header.skipped + 1)
    next(records)
    return records


CSV = Form(read_header, _csv_records)
"""A text whose first line with words names the columns."""


def csv_with(separator: str) -> Form:
    """Return the CSV form with this character between cells, whatever the text says."""
    return Form(partial(read_header, separator=separator), _csv_records)


class PeopleFile:
    """A text with people in it, which can be read any number of times."""

    def __init__(
        self,
        lines: Callable[[], Iterable[str]],
        default_region: str | None,
        mapping: Mapping[str, Meaning] | None = None,
        form: Form = CSV,
    ) -> None:
        """Read the header of a text; `lines` gives its lines from the start, at each call.

        `default_region` (ISO 3166, "NG") is the country of numbers without a code; `mapping` gives the meaning of
        columns by their headings. Raise BadInput, see `read_header`.
        """
        self._lines = lines
        self._region = default_region
        self._form = form
        self.header = form.read_header(lines(), mapping or {})
        columns = tuple(enumerate(self.header.columns))
        self._read = tuple((place, column, column.field) for place, column in columns if column.is_read)
        self._plain = None if self.header.is_ours else PlainRows(self.header)
        self._names = tuple((place, column.heading) for place, column in columns if column.field in NAME_PARTS)

    def rows(self) -> Iterator[ImportRow]:
        """Return an iterator over all rows of the file."""
        return map(self._row, self._form.records(self._lines(), self.header))

    def _row(self, record: Record) -> ImportRow:
        plain = self._plain and self._plain.read(record)
        return plain or self._any_row(record)

    def _any_row(self, record: Record) -> ImportRow:
        problem = record.problem or self._structure(record)
        if problem:
            return ImportRow(record.line, record.cells, None, (ImportProblem(record.line, "", problem),))
        cells = self._exact(record) if self.header.is_ours else self._cells(record)
        entry = PersonEntry(
            line=record.line,
            name=whole_name(cells.texts),
            company=cells.first(Field.COMPANY),
            emails=tuple(dict.fromkeys(cells.emails)),
            tags=tuple(dict.fromkeys(cells.tags)),
            note="\n".join(cells.texts.get(Field.NOTE, ())),
            owner=cells.first(Field.OWNER),
            given_time_zone=cells.zone,
            is_exact=self.header.is_ours,
            numbers=tuple((channel, number, key) for (channel, key), number in cells.numbers.items()),
            language=cells.language,
            attributes=cells.attributes,
            kinds=cells.kinds,
            notes=tuple(cells.notes),
            opt_outs=tuple(cells.marks.get(Field.OPTED_OUT, ())),
            blocks=tuple(cells.marks.get(Field.BLOCKED, ())),
        )
        if entry.opt_outs and not entry.numbers:
            heading = next(one.heading for one in self.header.columns if one.field is Field.OPTED_OUT)
            reason = "they are opted out, but have no number to which that can be noted"
            cells.problems.append(ImportProblem(record.line, heading, reason))
        refusal = self._refusal(record, entry, cells)
        if refusal is None:
            return ImportRow(record.line, record.cells, entry, tuple(cells.problems))
        others = (problem for problem in cells.problems if problem != refusal)
        return ImportRow(record.line, record.cells, None, (refusal, *others))

    def _structure(self, record: Record) -> str:
        """Return what is wrong with how the row fits the headings, as a clause; empty when it fits."""
        if any(cell.strip() for cell in record.cells[len(self.header.columns) :]):
            return f"it has {len(record.cells)} cells under {len(self.header.columns)} headings: check its quotes"
        if self.header.is_ours:
            return ""
        for number, text in enumerate(record.continued, record.line + 1):
            if self._looks_like_a_row(text):
                return f'a quote (") is open until line {number}, which looks like a row of its own: check the quotes'
        for place, heading in self._names:
            if place < len(record.cells) and UNREADABLE.search(record.cells[place]):
                return f"{heading} has characters that can't be read: save the file as UTF-8"
        return ""

    def _looks_like_a_row(self, text: str) -> bool:
        cells = text.split(self.header.delimiter)
        if len(cells) != len(self.header.columns) or len(cells) < 2:
            return False
        for cell, column in zip(cells, self.header.columns, strict=True):
            is_number = column.field in NUMBERS and len(re.findall(r"\d", cell)) > 6
            if is_number or (column.field is Field.EMAIL and "@" in cell):
                return True
        return False

    def _cells(self, record: Record) -> _Cells:
        cells = _Cells()
        for place, column, meant in self._read:
            text = record.cells[place].strip() if place < len(record.cells) else ""
            if not text:
                continue
            assert meant is not None
            if UNREADABLE.search(text):
                reason = "it has characters that can't be read: save the file as UTF-8"
                cells.problems.append(ImportProblem(record.line, column.heading, reason))
                continue
            if meant is Field.ATTRIBUTE:
                self._take_attribute(cells, column, text, record.line)
                continue
            if meant is Field.PRIVATE_NOTES:
                _take_details(cells, column, meant, text, record.line)
                continue
            for value in self._values(cells, meant, text, record, place):
                if value.problem:
                    problem = ImportProblem(
                        record.line, column.heading, value.problem, value.offered, is_lost=value.is_lost
                    )
                    cells.problems.append(problem)
        return cells

    def _exact(self, record: Record) -> _Cells:
        """Return the values of a row that this program wrote."""
        cells = _Cells()
        for cell, column in zip(record.cells, self.header.columns, strict=False):
            text = unguarded(cell)
            match column.field:
                case Field.EMAIL:
                    cells.emails += parted(text)
                case Field.TAGS:
                    cells.tags += parted(text)
                case Field.PHONE | Field.SMS | Field.WHATSAPP:
                    for number in parted(text):
                        for channel in CHANNELS[column.field]:
                            cells.numbers.setdefault((channel, alias_key(channel, number)), number)
                case Field.TIME_ZONE:
                    cells.zone = text
                case Field.LANGUAGE:
                    cells.language = text
                case Field.PRIVATE_NOTES | Field.OPTED_OUT | Field.BLOCKED as told if text:
                    _take_details(cells, column, told, text, record.line)
                case Field.ATTRIBUTE if text:
                    cells.attributes[column.attribute] = text
                    cells.kinds[column.attribute] = column.kind or Kind.TEXT
                case Field() as told if text and told is not Field.NOTHING:
                    cells.texts.setdefault(told, []).append(text)
        return cells

    def _values(self, cells: _Cells, meant: Field, text: str, record: Record, place: int) -> Iterable[CellValue]:
        """Take the values of a cell, and return them with the problems that each has."""
        if meant in CHANNELS:
            kind = self.header.kinds.get(place, -1)
            if 0 <= kind < len(record.cells) and NOT_MESSAGED.search(record.cells[kind]):
                return [CellValue(problem=f"“{text}” is a {record.cells[kind].strip()} and can't receive messages")]
            found = [phone_value(reading) for reading in read_phones(text, self._region)]
            for value in filter(lambda value: value.value, found):
                key = alias_key(Channel.SMS, value.value)
                for channel in CHANNELS[meant]:
                    cells.numbers.setdefault((channel, key), value.value)
            return found
        if meant is Field.EMAIL:
            found = list(read_emails(text))
            cells.emails += [value.value for value in found if value.value]
            return found
        if meant is Field.TIME_ZONE:
            zone = read_time_zone(text)
            cells.zone = cells.zone or zone.value
            return [zone]
        if meant is Field.LANGUAGE:
            language = read_cell_language(text)
            cells.language = cells.language or language.value
            return [language]
        if meant in (Field.OPTED_OUT, Field.BLOCKED):
            mark, told = read_answer(text)
            cells.marks.setdefault(meant, []).extend(filter(None, [mark]))
            return [told]
        if meant is Field.OWNER and (fault := read_owner(text)):
            return [fault]
        if meant is Field.TAGS:
            cells.tags += read_tags(text)
        elif not NOTHING.fullmatch(text):
            cells.texts.setdefault(meant, []).append(text)
        return ()

    def _take_attribute(self, cells: _Cells, column: Column, text: str, line: int) -> None:
        try:
            cells.attributes[column.attribute] = read_value(column.kind or Kind.TEXT, text)
        except ValueError as error:
            cells.problems.append(ImportProblem(line, column.heading, str(error)))
            return
        if column.kind is not None:
            cells.kinds[column.attribute] = column.kind

    def _refusal(self, record: Record, entry: PersonEntry, cells: _Cells) -> ImportProblem | None:
        """Return the problem for which the person of a row can't come in, or None."""
        if entry.numbers or entry.emails:
            return None
        if lost := next((one for one in cells.problems if one.is_lost and self._is_address(one.column)), None):
            return lost
        for cell, column in zip(record.cells, self.header.columns, strict=False):
            if column.field is None and (field := address_field(cell)):
                option = f"--map {shlex.quote(f'{column.heading}={field.value}')}"
                reason = f"it has no number and no email in a column that is read, but “{cell.strip()}” here: {option}"
                return ImportProblem(record.line, column.heading, reason)
        if not entry.name:
            return ImportProblem(record.line, "", "it has no name, no number and no email: give at least one")
        return None

    def _is_address(self, heading: str) -> bool:
        fields = (column.field for column in self.header.columns if column.heading == heading)
        return any(field is Field.EMAIL or field in NUMBERS for field in fields)


def _take_details(cells: _Cells, column: Column, meant: Field, text: str, line: int) -> None:
    """Take the notes, opt-outs or blocks of a cell that is written in this program's format."""
    for value in parted(text):
        try:
            if meant is Field.PRIVATE_NOTES:
                cells.notes.append(read_note(value))
            else:
                cells.marks.setdefault(meant, []).append(read_mark(value))
        except ValueError as error:
            cells.problems.append(ImportProblem(line, column.heading, str(error)))
