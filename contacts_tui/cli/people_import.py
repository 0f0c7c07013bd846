"""`contacts-tui people import`: says what it will read, stores it, and names everything that didn't come in."""

import os
import shlex
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Annotated, Any, TextIO

from contacts_tui import paths
from contacts_tui.cli.declare import Argument, Json, Option, Unreadable, command
from contacts_tui.cli.exit import Exit
from contacts_tui.cli.open_store import open_store, open_to_compare
from contacts_tui.cli.output import complain, say, say_json, say_table
from contacts_tui.cli.progress import progress_line, show_progress
from contacts_tui.cli.region import Region, read_region
from contacts_tui.config import Config
from contacts_tui.domain.text import counted, one_line
from contacts_tui.services import contacts_import, import_preview, import_run
from contacts_tui.services.contacts_import import ColumnPlan, ImportPlan
from contacts_tui.services.errors import BadInput
from contacts_tui.services.exchange_cells import ATTRIBUTE
from contacts_tui.services.import_columns import TO_CHOOSE, Field
from contacts_tui.services.import_header import Meaning, read_attribute
from contacts_tui.services.import_matching import By, Duplicates
from contacts_tui.services.import_preview import CountWatch, ImportCounts
from contacts_tui.services.import_report import ImportReport
from contacts_tui.services.import_row import ImportProblem, ImportRow
from contacts_tui.services.import_run import ImportTally, ImportWatch
from contacts_tui.services.import_source import ImportSource, Reading
from contacts_tui.services.people_csv import PeopleFile
from contacts_tui.text_files import standard_input
from contacts_tui.text_source import ENCODINGS

_SHOWN = 20
"""The most problems that are printed; a report has all of them."""

_FIELDS = ", ".join(field.value for field in TO_CHOOSE)


def _mapped(text: str) -> tuple[str, Meaning]:
    heading, equals, name = text.rpartition("=")
    try:
        if not equals or not heading.strip():
            raise ValueError
        if name.strip().casefold().startswith(ATTRIBUTE):
            return heading, read_attribute(name.strip()[len(ATTRIBUTE) :])
        field = Field(name.strip().casefold().replace(" ", "_"))
        if field not in TO_CHOOSE:
            raise ValueError
        return heading, field
    except ValueError as error:
        known = f"{_FIELDS}, or {ATTRIBUTE}NAME"
        raise Unreadable(f"“{text}” is not HEADING=FIELD: a column's name, and one of {known}") from error


def _mapping(given: Iterable[tuple[str, Meaning]]) -> dict[str, Meaning]:
    """Return the meaning that each --map gives, by its heading. Raise BadInput for a heading with two meanings."""
    found: dict[str, Meaning] = {}
    for heading, meaning in given:
        if found.setdefault(heading.strip().casefold(), meaning) != meaning:
            raise BadInput(f"--map says two things of the column “{heading.strip()}”: say one")
    return dict(given)


def _encoding(text: str) -> str:
    if not text:
        return ""
    for name in ENCODINGS:
        if text.casefold() == name.casefold():
            return name
    raise Unreadable(f"“{text}” is not an encoding that can be read: {', '.join(ENCODINGS)}")


def _character(text: str) -> str:
    if len(text) > 1:
        raise Unreadable(f"“{text}” is not one character, such as ;")
    return text


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
    encoding: Annotated[
        str,
        Option(f"how letters are stored, where that is found out wrong: {', '.join(ENCODINGS)}", "NAME", _encoding),
    ] = "",
    separator: Annotated[
        str, Option("the character between cells, where that is found out wrong", "CHARACTER", _character)
    ] = "",
    duplicates: Annotated[
        Duplicates,
        Option(
            "what becomes of people who are known: they stay as they are, get what is missing, or what the file says"
        ),
    ] = Duplicates.FILL,
    dry_run: Annotated[
        bool, Option("only show what each column means, who is new or known, and what can't be read; store nothing")
    ] = False,
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
    """Print how a file is read (with --json: at the end), then import its people. `people undo` takes it back."""
    reading = Reading(read_region(region or config.default_region), _mapping(mapped), encoding, separator)
    source = standard_input() if file == "-" else paths.expanded(file, "FILE")
    with ImportSource(source, file, encoding) as opened, progress_line():
        people = opened.people(reading)
        plan = contacts_import.plan(people, _progress(as_json, "read"))
        if not as_json:
            _say_plan(file, opened.encoding, plan)
        with _report(report, file, people) as written:
            show, keep = _progress(as_json, "done", plan.rows), _Reporting(written).add
            if dry_run:
                counts = _count(people, CountWatch(keep, lambda counts: show(counts.rows)), config, duplicates)
            else:
                watch = ImportWatch(keep, lambda tally: show(tally.rows))
                tally = _store(people, watch, config, duplicates)
    if dry_run:
        if as_json:
            say_json(_plan_document(opened.encoding, plan) | _counts_document(counts))
        else:
            _say_counts(counts, report)
        return Exit.PARTLY if counts.refused or counts.incomplete else Exit.DONE
    if as_json:
        say_json(_plan_document(opened.encoding, plan) | _document(tally))
    else:
        _say_result(tally, report)
    if tally.failure is not None:
        complain(
            f"{tally.failure.sentence}. The first {counted(tally.rows, 'row')} of {plan.rows} are done; "
            "import the file again"
        )
        return Exit.FAILED
    return Exit.DONE if tally.result.is_whole else Exit.PARTLY


def _progress(as_json: bool, verb: str, of: int = 0) -> Callable[[int], None]:
    """Return a function that shows how many rows are done; with `as_json` it shows nothing."""
    total = f" of {of:,}" if of else ""
    return lambda rows: None if as_json else show_progress(f"{rows:,}{total} rows {verb}")


@contextmanager
def _report(name: str, imported: str, file: PeopleFile) -> Iterator[ImportReport | None]:
    """Open the report for the time of the block; None without a name. Raise BadInput when it can't be written."""
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
    # With a byte order mark: without it, a spreadsheet would take the file for another encoding.
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
    """Close a file. Return why its last lines can't be written; empty when they were."""
    try:
        stream.close()
    except OSError as error:
        return error.strerror or str(error)
    return ""


def _store(file: PeopleFile, watch: ImportWatch, config: Config, duplicates: Duplicates) -> ImportTally:
    with open_store(config) as store:
        return import_run.run(store, config.agent, file, duplicates, watch)


def _count(file: PeopleFile, watch: CountWatch, config: Config, duplicates: Duplicates) -> ImportCounts:
    with open_to_compare(config) as store:
        return import_preview.count(store, file, duplicates, watch)


class _Reporting:
    """Writes to a report the rows that are done already: a full disk doesn't undo these, and ends the report alone."""

    def __init__(self, report: ImportReport | None) -> None:
        self._report = report

    def add(self, rows: Iterable[ImportRow]) -> None:
        """Write the rows that have problems. Complain when that fails, and write no more."""
        if self._report is None:
            return
        try:
            self._report.add(rows)
        except OSError as error:
            complain(f"the report is incomplete: {error.strerror}. The import continues")
            self._report = None


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


def _heading(one: ColumnPlan) -> str:
    return one_line(one.column.heading) or "(without a heading)"


def _say_result(tally: ImportTally, report: str) -> None:
    result = tally.result
    say()
    say(f"{result.added} added, {result.updated} updated, {result.unchanged} unchanged")
    if tally.number is not None:
        say(f"`people undo {tally.number}` takes all of it back")
    if result.refused:
        say(f"{counted(result.refused, 'row')} did not come in")
    if result.incomplete:
        say(f"{counted(result.incomplete, 'person', 'people')} came in without a cell that can't be read")
    _say_problems(tally.problems, tally.problem_count, report)


def _say_counts(counts: ImportCounts, report: str) -> None:
    say()
    say("nothing was stored (--dry-run)")
    say(f"{counts.new:,} new, {import_preview.known_words(counts)}, {counts.repeated:,} twice in the file")
    if counts.refused:
        conflict = f" ({counts.doubtful:,} in conflict with people who are known)" if counts.doubtful else ""
        say(f"{counted(counts.refused, 'row')} would not come in{conflict}")
    if counts.incomplete:
        say(f"{counted(counts.incomplete, 'person', 'people')} would come in without a cell that can't be read")
    for count, what in ((counts.opted_out, "opted out"), (counts.blocked, "blocked")):
        if count:
            say(f"{counted(count, 'person', 'people')} would come in {what}, for the file says so")
    _say_problems(counts.problems, counts.problem_count, report)


def _say_problems(problems: Sequence[ImportProblem], count: int, report: str) -> None:
    for problem in problems[:_SHOWN]:
        say(one_line(problem.sentence))
    if count > _SHOWN:
        say(f"... and {count - _SHOWN} more" + ("" if report else ": --report FILE writes all of them"))
    if report and count:
        say(f"all of this is in {report}: mend it there and import that file")


def _plan_document(encoding: str, plan: ImportPlan) -> dict[str, Any]:
    """Return the part of --json's document on the file."""
    return {
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
    }


def _document(tally: ImportTally) -> dict[str, Any]:
    """Return the part of --json's document on an import."""
    result = tally.result
    return {
        "dry_run": False,
        "number": tally.number,
        "added": result.added,
        "updated": result.updated,
        "unchanged": result.unchanged,
        "refused": result.refused,
        "incomplete": result.incomplete,
        "problems": tally.problems,
        "problem_count": tally.problem_count,
    }


def _counts_document(counts: ImportCounts) -> dict[str, Any]:
    """Return the part of --json's document on what an import would do."""
    return {
        "dry_run": True,
        "new": counts.new,
        "known": counts.known,
        "known_by": {by.value: counts.known_by.get(by, 0) for by in By},
        "changed": counts.changed,
        "repeated": counts.repeated,
        "in_conflict": counts.doubtful,
        "unreadable": counts.unreadable,
        "refused": counts.refused,
        "incomplete": counts.incomplete,
        "opted_out": counts.opted_out,
        "blocked": counts.blocked,
        "problems": counts.problems,
        "problem_count": counts.problem_count,
    }
