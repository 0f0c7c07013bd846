"""Importing people: add new people, fill their empty fields (or as `Duplicates` says), and report what wasn't taken.

First a plan (`plan`), which reads the file and stores nothing; then batch after batch (`batches`, `take`), each in a
transaction of its own, so that a file of any length needs little memory and holds up no other writer. Importing a row
twice changes nothing, so an import that was cut off is simply repeated.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from sqlmodel import Session

from contacts_tui.domain.clock import Clock
from contacts_tui.domain.roles import Right
from contacts_tui.services import rights
from contacts_tui.services.import_header import Column, address_field
from contacts_tui.services.import_matching import Duplicates, Outcome, People, Taken, Terms
from contacts_tui.services.import_row import ImportProblem, ImportRow
from contacts_tui.services.people_csv import PeopleFile
from contacts_tui.store import bulk_import, journal

BATCH = 1000
"""Rows that are stored by one transaction: it holds the store's write lock for some 0.15 s."""


@dataclass(frozen=True, slots=True)
class ColumnPlan:
    """What becomes of a column."""

    column: Column
    filled: int
    """Rows that have something in it."""
    suggestion: str
    """What it seems to hold, as a name for `--map`, when its heading is unknown; empty when that isn't clear."""


@dataclass(frozen=True, slots=True)
class ImportPlan:
    """What an import will read, before anything is stored."""

    form: str
    """What the file is: "CSV"."""
    separator: str
    """What stands between cells, in a word; empty where there are none."""
    columns: tuple[ColumnPlan, ...]
    rows: int
    people: int
    """Rows that are a person who can come in."""
    unreachable: int
    """People among these with no number and no email: they can't be written to."""
    incomplete: int
    """People among these with a cell that is left out though it was meant to be read."""

    @property
    def refused(self) -> int:
        """Rows that can't come in."""
        return self.rows - self.people


@dataclass(frozen=True, slots=True)
class ImportResult:
    """The result of an import, or of a batch of it."""

    added: int = 0
    updated: int = 0
    """Rows that filled an empty field, or added an address."""
    unchanged: int = 0
    """Rows that said nothing new."""
    refused: int = 0
    """Rows that didn't come in."""
    incomplete: int = 0
    """Rows that came in without a cell that was meant to be read."""

    def __add__(self, other: "ImportResult") -> "ImportResult":
        return ImportResult(
            self.added + other.added,
            self.updated + other.updated,
            self.unchanged + other.unchanged,
            self.refused + other.refused,
            self.incomplete + other.incomplete,
        )

    @property
    def is_whole(self) -> bool:
        """Whether every row came in, with everything that was meant to be read."""
        return not (self.refused or self.incomplete)


@dataclass(frozen=True, slots=True)
class Batch:
    """Some rows after they were stored."""

    rows: tuple[ImportRow, ...]
    """With the problems that only the store could show."""
    result: ImportResult


@dataclass(slots=True)
class ImportRun:
    """One import, over all its batches: how rows are taken, and the action of the journal by which it is undone."""

    agent: str
    terms: Terms
    number: int | None = None
    """The number of the action in the journal; None as long as nothing was changed."""


def begin(session: Session, clock: Clock, agent: str, file: PeopleFile, duplicates: Duplicates) -> ImportRun:
    """Begin an import; `take` continues it. Raise NotAllowed."""
    rights.check(session, clock, agent, Right.EXCHANGE)
    return ImportRun(agent, terms(session, clock, file, duplicates))


def terms(session: Session, clock: Clock, file: PeopleFile, duplicates: Duplicates) -> Terms:
    """Return how the rows of a file are taken: each row of a file that this program wrote is a person of its own."""
    return Terms(duplicates, bulk_import.newest_id(session) if file.header.is_ours else None)


def plan(file: PeopleFile, tell: Callable[[int], None] = lambda _: None) -> ImportPlan:
    """Read the whole file and return what an import would take from it. Raise BadInput.

    `tell` gets the number of rows read so far, after every BATCH rows.
    """
    columns = file.header.columns
    filled = [0] * len(columns)
    unknown = [place for place, column in enumerate(columns) if column.field is None]
    seeming: list[Counter[str]] = [Counter() for _ in columns]
    rows = people = unreachable = incomplete = 0
    for row in file.rows():
        rows += 1
        if not rows % BATCH:
            tell(rows)
        for place, cell in enumerate(row.cells[: len(columns)]):
            if cell and not cell.isspace():
                filled[place] += 1
        for place in unknown:
            if place < len(row.cells) and (field := address_field(row.cells[place])):
                seeming[place][field.value] += 1
        if row.person is not None:
            people += 1
            unreachable += not (row.person.numbers or row.person.emails)
            incomplete += row.is_incomplete
    return ImportPlan(
        form=file.header.form,
        separator=file.header.separator,
        columns=tuple(
            ColumnPlan(column, filled[place], _mostly(seeming[place], filled[place]))
            for place, column in enumerate(columns)
        ),
        rows=rows,
        people=people,
        unreachable=unreachable,
        incomplete=incomplete,
    )


def batches(file: PeopleFile) -> Iterator[tuple[ImportRow, ...]]:
    """Yield the rows of a file in batches for `take`, BATCH rows in each."""
    rows = file.rows()
    while batch := tuple(islice(rows, BATCH)):
        yield batch


def take(session: Session, clock: Clock, rows: Sequence[ImportRow], run: ImportRun | None = None) -> Batch:
    """Store some rows of a file and return them with the result. Without a `run`, nothing is written into the journal.

    A row means a known person when a number or an email of it is theirs and the name agrees; see `import_matching`.
    """
    entries = [row.person for row in rows if row.person is not None]
    people = People(session, clock(), entries, run.terms if run else Terms())
    outcomes: Counter[Outcome] = Counter()
    taken = []
    for row in rows:
        found, told = matched(people, row)
        taken.append(told)
        if found is not None:
            outcomes[found.outcome] += 1
    steps = people.store(session, clock)
    if run is not None and steps:
        if run.number is None:
            run.number = journal.next_batch(session)
        journal.add(session, run.number, clock(), run.agent, "import", "imported", steps)
    return Batch(
        tuple(taken),
        ImportResult(
            added=outcomes[Outcome.ADDED],
            updated=outcomes[Outcome.UPDATED],
            unchanged=outcomes[Outcome.UNCHANGED],
            refused=sum(row.person is None for row in taken),
            incomplete=sum(row.is_incomplete for row in taken),
        ),
    )


def matched(people: People, row: ImportRow) -> tuple[Taken | None, ImportRow]:
    """Return the result of a row, None for one that can't be read; and the row with the problems the store shows."""
    if row.person is None:
        return None, row
    found = people.take(row.person)
    if not found.reasons and found.outcome is not Outcome.REFUSED:
        return found, row
    problems = tuple(ImportProblem(row.line, "", reason) for reason in found.reasons)
    person = None if found.outcome is Outcome.REFUSED else row.person
    return found, ImportRow(row.line, row.cells, person, problems + row.problems)


def take_all(session: Session, clock: Clock, file: PeopleFile, run: ImportRun | None = None) -> ImportResult:
    """Store a whole small file in one transaction."""
    return sum((take(session, clock, rows, run).result for rows in batches(file)), ImportResult())


def _mostly(seeming: Counter[str], filled: int) -> str:
    return next((field for field, count in seeming.most_common(1) if 2 * count > filled), "")
