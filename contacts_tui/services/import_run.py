"""An import from its first row to its last, batch after batch, that reports its progress and can be stopped."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from contacts_tui.services import contacts_import
from contacts_tui.services.contacts_import import ImportResult
from contacts_tui.services.import_matching import Duplicates
from contacts_tui.services.import_preview import LISTED
from contacts_tui.services.import_row import ImportProblem, ImportRow
from contacts_tui.services.people_csv import PeopleFile
from contacts_tui.store.errors import StoreError
from contacts_tui.store.store import Store


@dataclass(slots=True)
class ImportTally:
    """The result of the rows so far."""

    result: ImportResult = field(default_factory=ImportResult)
    problems: list[ImportProblem] = field(default_factory=list)
    """The first ones."""
    problem_count: int = 0
    number: int | None = None
    """The number of the import in the journal; None when it changed nothing."""
    rows: int = 0
    failure: StoreError | None = None
    """The error that ended the import early, or None."""
    is_stopped: bool = False
    """Whether the import ended early because the watch stopped it."""

    def add(self, rows: Iterable[ImportRow], result: ImportResult) -> None:
        """Count the rows of a batch."""
        self.result += result
        for row in rows:
            self.rows += 1
            self.problem_count += len(row.problems)
            self.problems += row.problems[: LISTED - len(self.problems)]


@dataclass(frozen=True, slots=True)
class ImportWatch:
    """Callbacks while an import runs. Each is called on the import's thread, after each batch is stored."""

    report: Callable[[Iterable[ImportRow]], None] = lambda rows: None
    """Takes the rows, with their problems."""
    tell: Callable[[ImportTally], None] = lambda tally: None
    """Takes the result of the rows so far."""
    is_stopped: Callable[[], bool] = lambda: False
    """Returns whether the import is to stop here."""


def run(store: Store, agent: str, file: PeopleFile, duplicates: Duplicates, watch: ImportWatch) -> ImportTally:
    """Store the people of a file in short transactions that hold up no other writer; may take long.

    What is stored stays when the store fails half-way; the tally has the failure then.
    """
    tally = ImportTally()
    going = store.call_read(contacts_import.begin, agent, file, duplicates)
    for rows in contacts_import.batches(file):
        if watch.is_stopped():
            tally.is_stopped = True
            break
        try:
            batch = store.call(contacts_import.take, rows, going)
        except StoreError as error:
            tally.failure = error
            break
        tally.number = going.number
        tally.add(batch.rows, batch.result)
        watch.report(batch.rows)
        watch.tell(tally)
    return tally
