"""`contacts-tui people import`: says what it will read, stores it, and names everything that didn't come in."""

import os
import shlex
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Annotated, Any, TextIO

from contacts_tui import paths
from contacts_tui.cli.declare import Argument, Json, Option, Unreadable, command
from contacts_tui.cli.exit import Exit
from contacts_tui.cli.open_store import open_store
from contacts_tui.cli.output import complain, say, say_json, say_table
from contacts_tui.cli.region import Region, read_region
from contacts_tui.config import Config
from contacts_tui.domain.text import counted, one_line
from contacts_tui.services import contacts_import
from contacts_tui.services.contacts_import import ColumnPlan, ImportPlan, ImportResult
from contacts_tui.services.errors import BadInput
from contacts_tui.services.exchange_cells import ATTRIBUTE
from contacts_tui.services.import_columns import Field
from contacts_tui.services.import_header import Meaning, read_attribute
from contacts_tui.services.import_matching import Duplicates
from contacts_tui.services.import_report import ImportReport
from contacts_tui.services.people_csv import CSV, Form, ImportProblem, ImportRow, PeopleFile
from contacts_tui.services.people_jsonl import JSON_LINES
from contacts_tui.services.people_vcard import VCARD
from contacts_tui.store.errors import StoreError
from contacts_tui.text_files import standard_input
from contacts_tui.text_source import TextSource, open_text

_SHOWN = 20
"""Problems that are shown on the screen; a report has all of them."""
_LISTED = 1000
"""Problems that JSON lists; a file may have millions."""


@dataclass(slots=True)
class _Tally:
    """What came of the rows so far."""

    result: ImportResult = field(default_factory=ImportResult)
    problems: list[ImportProblem] = field(default_factory=list)
    """The first ones."""
    problem_count: int = 0
    number: int | None = None
    """By which the journal knows the import; None when it changed nothing."""

    def add(self, rows: Iterable[ImportRow], result: ImportResult) -> None:
        self.result += result
        for row in rows:
            self.problem_count += len(row.problems)
            self.problems += row.problems[: _LISTED - len(self.problems)]


_FIELDS = ", ".join(field.value for field in Field if field is not Field.ATTRIBUTE)


def _mapped(text: str) -> tuple[str, Meaning]:
    heading, equals, name = text.rpartition("=")
    try:
        if not equals or not heading.strip():
            raise ValueError
        if name.strip().casefold().startswith(ATTRIBUTE):
            return heading, read_attribute(name.strip()[len(ATTRIBUTE) :])
        field = Field(name.strip().casefold().replace(" ", "_"))
        if field is Field.ATTRIBUTE:
            raise ValueError
        return heading, field
    except ValueError as error:
        known = f"{_FIELDS}, or {ATTRIBUTE}NAME"
        raise Unreadable(f"“{text}” is not HEADING=FIELD: a column's name, and one of {known}") from error


@command("contacts-tui people import contacts.csv --region NG --dry-run")
def import_file(
    config: Config,
    file: Annotated[
        str,
        Argument(
            "a CSV whose first line names the columns, as Google Contacts, Outlook, Chatwoot, HubSpot and others "
            "export it, vCards, or JSON lines; - for stdin",
            "FILE",
            completes="file",
        ),
    ],
    region: Region = "",
    mapped: Annotated[
        tuple[tuple[str, Meaning], ...],
        Option(
            f"name what a column holds: {_FIELDS}, where - leaves it out, or {ATTRIBUTE}NAME; repeat it",
            "HEADING=FIELD",
            _mapped,
            name="--map",
        ),
    ] = (),
    duplicates: Annotated[
        Duplicates,
        Option(
            "what becomes of people who are known: they stay as they are, get what is missing, or what the file says"
        ),
    ] = Duplicates.FILL,
    dry_run: Annotated[bool, Option("only show what each column means and what can't be read; store nothing")] = False,
    report: Annotated[
        str,
        Option(
            "write each row and cell that is left out, with line and reason, into a CSV to fix and import",
            "FILE",
            completes="file",
        ),
    ] = "",
    as_json: Json = False,
) -> Exit:
    """Add the people of a file. Nothing is stored before it was said what will be read; `people undo` takes it back."""
    known = read_region(region or config.default_region)
    with _source(file) as text:
        people = PeopleFile(text.lines, known, dict(mapped), _form(text.head))
        plan = contacts_import.plan(people)
        if not as_json:
            _say_plan(file, text.encoding, plan)
        with _report(report, file, people) as written:
            tally, failure = _dry_run(people, written) if dry_run else _store(people, written, config, duplicates)
    if as_json:
        say_json({"dry_run": dry_run, **_document(text.encoding, plan, tally)})
    else:
        _say_result(tally, report, dry_run=dry_run)
    if failure is not None:
        done = sum((tally.result.added, tally.result.updated, tally.result.unchanged, tally.result.refused))
        complain(f"{failure.sentence}. The first {counted(done, 'row')} of {plan.rows} are done; import the file again")
        return Exit.FAILED
    return Exit.DONE if tally.result.is_whole else Exit.PARTLY


def _source(name: str) -> TextSource:
    try:
        text = open_text(standard_input() if name == "-" else paths.expanded(name, "FILE"))
    except OSError as error:
        raise BadInput(f"{name} can't be read: {error.strerror}") from error
    for start, what in _OTHER_FORMATS.items():
        if text.head.lstrip().upper().startswith(start):
            text.close()
            raise BadInput(f"{name} is {what}")
    return text


_OTHER_FORMATS = {
    b"PK\x03\x04": "a workbook or an archive, not a CSV: open it in a spreadsheet and save it as CSV UTF-8",
    b"\xd0\xcf\x11\xe0": "an old Excel workbook, not a CSV: open it and save it as CSV UTF-8",
    b"%PDF": "a PDF, not a CSV: export the contacts as CSV",
    b"\x1f\x8b": "compressed: unpack it first",
}
"""How files begin that people take for a CSV."""


@contextmanager
def _report(name: str, imported: str, file: PeopleFile) -> Iterator[ImportReport | None]:
    """The report that was asked for, to be written to while the import goes on. Raises BadInput when it can't be."""
    if not name:
        yield None
        return
    path = paths.expanded(name, "--report")
    try:
        if imported != "-" and path.exists() and path.samefile(paths.expanded(imported)):
            raise BadInput(f"{path} is the file to import: give the report another name")
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    except OSError as error:
        raise BadInput(f"the report {path} can't be written: {error.strerror}") from error
    headings = [column.heading for column in file.header.columns]
    # With its mark, for a spreadsheet would take it for another encoding without.
    stream = os.fdopen(descriptor, "w", encoding="utf-8-sig", errors="backslashreplace", newline="")
    try:
        report = ImportReport(stream, headings, file.header.delimiter)
        stream.flush()
    except OSError as error:
        _close(stream)
        raise BadInput(f"the report {path} can't be written: {error.strerror}") from error
    try:
        yield report
    finally:
        if failure := _close(stream):
            complain(f"the report is not whole: {failure}. What was stored is stored")


def _close(stream: TextIO) -> str:
    """Close a file, whatever comes of it. Return why its last lines can't be written; empty when they were."""
    try:
        stream.close()
    except OSError as error:
        return error.strerror or str(error)
    return ""


def _dry_run(file: PeopleFile, report: ImportReport | None) -> tuple[_Tally, StoreError | None]:
    tally = _Tally()
    for rows in contacts_import.batches(file):
        taken = ImportResult(
            refused=sum(row.person is None for row in rows), incomplete=sum(row.is_incomplete for row in rows)
        )
        tally.add(rows, taken)
        report = _reported(report, rows)
    return tally, None


def _store(
    file: PeopleFile, report: ImportReport | None, config: Config, duplicates: Duplicates
) -> tuple[_Tally, StoreError | None]:
    """Store batch after batch. Returns how far it came, and what ended it early."""
    tally = _Tally()
    with open_store(config) as store:
        run = store.call_read(contacts_import.begin, config.agent, file, duplicates)
        for rows in contacts_import.batches(file):
            try:
                batch = store.call(contacts_import.take, rows, run)
            except StoreError as error:
                return tally, error
            tally.add(batch.rows, batch.result)
            tally.number = run.number
            report = _reported(report, batch.rows)
    return tally, None


def _reported(report: ImportReport | None, rows: Sequence[ImportRow]) -> ImportReport | None:
    """Write to the report what is done already: a disk that is full doesn't undo that. None when it can't go on."""
    if report is None:
        return None
    try:
        report.add(rows)
    except OSError as error:
        complain(f"the report is incomplete: {error.strerror}. The import continues")
        return None
    return report


def _say_plan(name: str, encoding: str, plan: ImportPlan) -> None:
    say(
        f"{'standard input' if name == '-' else name}: {counted(plan.rows, 'row')}, {encoding}, "
        + (f"cells separated by {plan.separator}" if plan.separator else plan.form)
    )
    read = [one for one in plan.columns if one.column.is_read]
    left = [one for one in plan.columns if not one.column.is_read]
    say_table(
        ("column", "read as", "filled in"),
        ((one.column.heading, _meaning(one), str(one.filled)) for one in read if one.filled or not plan.rows),
    )
    for what, listed in (
        ("read, but empty", [one for one in read if plan.rows and not one.filled]),
        ("LEFT OUT", [one for one in left if one.filled]),
        ("left out, and empty", [one for one in left if not one.filled]),
    ):
        if listed:
            say(f"{what}: {', '.join(_heading(one) for one in listed)}")
    for one in left:
        if one.suggestion:
            option = shlex.quote(f"{one.column.heading}={one.suggestion}")
            say(f"“{one_line(one.column.heading)}” seems to be {one.suggestion}: --map {option} reads it")
    reached = "all can be reached"
    if plan.unreachable:
        reached = f"{plan.unreachable:,} of them can't be reached (no number and no email)"
    say(f"{counted(plan.people, 'person', 'people')} can come in" + (f"; {reached}" if plan.people else ""))


def _meaning(one: ColumnPlan) -> str:
    if one.column.field is Field.ATTRIBUTE:
        return f"attribute {one.column.attribute}"
    return one.column.field.words if one.column.field else ""


def _form(head: bytes) -> Form:
    """Return what a text is, by its first bytes; most are CSV."""
    begin = head.replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n").upper()
    return VCARD if begin.startswith(b"BEGIN:VCARD") else JSON_LINES if begin.startswith(b"{") else CSV


def _heading(one: ColumnPlan) -> str:
    return one_line(one.column.heading) or "(without a heading)"


def _say_result(tally: _Tally, report: str, *, dry_run: bool) -> None:
    result = tally.result
    say()
    if dry_run:
        say("nothing was stored (--dry-run)")
    else:
        say(f"{result.added} added, {result.updated} updated, {result.unchanged} unchanged")
        if tally.number is not None:
            say(f"`people undo {tally.number}` takes all of it back")
    verb = "would not come in" if dry_run else "did not come in"
    if result.refused:
        say(f"{counted(result.refused, 'row')} {verb}")
    if result.incomplete:
        part = "would come in" if dry_run else "came in"
        say(f"{counted(result.incomplete, 'person', 'people')} {part} without a cell that can't be read")
    for problem in tally.problems[:_SHOWN]:
        say(one_line(problem.sentence))
    if tally.problem_count > _SHOWN:
        say(f"... and {tally.problem_count - _SHOWN} more" + ("" if report else ": --report FILE writes all of them"))
    if report and tally.problem_count:
        say(f"all of this is in {report}: mend it there and import that file")


def _document(encoding: str, plan: ImportPlan, tally: _Tally) -> dict[str, Any]:
    """What --json prints."""
    result = tally.result
    return {
        "number": tally.number,
        "form": plan.form,
        "encoding": encoding,
        "separator": plan.separator,
        "rows": plan.rows,
        "people": plan.people,
        "unreachable": plan.unreachable,
        "columns": [
            {
                "heading": one.column.heading,
                "field": one.column.field.value if one.column.field and one.column.is_read else None,
                "filled": one.filled,
                "suggestion": one.suggestion or None,
            }
            for one in plan.columns
        ],
        "added": result.added,
        "updated": result.updated,
        "unchanged": result.unchanged,
        "refused": result.refused,
        "incomplete": result.incomplete,
        "problems": tally.problems,
        "problem_count": tally.problem_count,
    }
