"""What an import would do, before anything is stored: its first rows at once, then the counts of the whole file."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from hashlib import blake2b
from itertools import islice
from pathlib import Path

from sqlmodel import Session

from contacts_tui.domain.clock import Clock
from contacts_tui.domain.text import searchable
from contacts_tui.services import contacts_import
from contacts_tui.services.import_header import Column, Header, address_field
from contacts_tui.services.import_matching import By, Duplicates, Outcome, People, Terms
from contacts_tui.services.import_row import ImportProblem, ImportRow, PersonEntry
from contacts_tui.services.import_source import ImportSource, Reading
from contacts_tui.services.people_csv import CSV, PeopleFile
from contacts_tui.store.store import Store

SHOWN = 20
"""Rows that are shown as they will come in."""
_HEAD_LINES = 5_000
"""Lines in which the properties of cards are searched for, so that a long file is shown at once."""
LISTED = 1000
"""Problems that are kept to be shown; a file may have millions."""


@dataclass(frozen=True, slots=True)
class Glimpse:
    """The beginning of a file."""

    encoding: str
    header: Header
    samples: tuple[str, ...]
    """For each column, the first cell with something in it."""
    suggestions: tuple[str, ...]
    """For each unknown column, what it seems to hold, as a field's name; empty when that isn't clear."""
    rows: tuple[ImportRow, ...]
    """The first ones."""


@dataclass(frozen=True, slots=True)
class ImportCounts:
    """The result that the rows read so far would have."""

    rows: int = 0
    new: int = 0
    known: int = 0
    """Rows that mean a person in the store."""
    known_by: Mapping[By, int] = field(default_factory=dict)
    """The same rows by what their person was found by."""
    changed: int = 0
    """Rows among these that would change the person, by the chosen treatment of duplicates."""
    repeated: int = 0
    """Rows of a person whom an earlier row of the file has."""
    doubtful: int = 0
    """Rows that can be read, and can't come in: their number is another person's, or they fit several people."""
    unreadable: int = 0
    incomplete: int = 0
    """Rows that come in without a cell that was meant to be read."""
    opted_out: int = 0
    """Rows whose person comes in opted out."""
    blocked: int = 0
    """Rows whose person comes in blocked."""
    problems: tuple[ImportProblem, ...] = ()
    """The first ones."""
    problem_count: int = 0
    is_whole: bool = False
    """Whether all rows were read."""

    @property
    def refused(self) -> int:
        """Rows that would not come in."""
        return self.doubtful + self.unreadable


@dataclass(frozen=True, slots=True)
class CountWatch:
    """Callbacks while rows are counted. Each is called on the counting thread, after some rows."""

    report: Callable[[Iterable[ImportRow]], None] = lambda rows: None
    """Takes the rows, with their problems."""
    tell: Callable[[ImportCounts], None] = lambda counts: None
    """Takes the counts so far."""
    is_stopped: Callable[[], bool] = lambda: False
    """Returns whether counting is to stop here."""


def look(path: Path, reading: Reading) -> Glimpse:
    """Return the beginning of a file. May block on the disk. Raise BadInput."""
    with ImportSource(path, str(path), reading.encoding) as source:
        file = source.people(reading, None if source.form is CSV else _head)
        rows = tuple(islice(file.rows(), SHOWN))
        columns = file.header.columns
        samples = tuple(_sample(rows, place) for place in range(len(columns)))
        return Glimpse(
            encoding=source.encoding,
            header=file.header,
            samples=samples,
            suggestions=tuple(map(_suggestion, columns, samples)),
            rows=rows,
        )


def count(store: Store, file: PeopleFile, duplicates: Duplicates, watch: CountWatch) -> ImportCounts:
    """Read a whole file, compare it with the store, and return what would come of its rows; may take long.

    Nothing is stored. `is_whole` is False when the watch stopped it. Raise BadInput and StoreError.
    """
    terms = store.call_read(contacts_import.terms, file, duplicates)
    counts, seen = ImportCounts(), _Seen()
    for rows in contacts_import.batches(file):
        if watch.is_stopped():
            return counts
        told, counts = store.call_read(_counted, rows, terms, counts, seen)
        watch.report(told)
        watch.tell(counts)
    return replace(counts, is_whole=True)


def known_words(counts: ImportCounts) -> str:
    """Return how many rows mean people in the store, what these were found by, and how many would be changed."""
    found = [f"{counts.known_by[by]:,} by {by}" for by in By if counts.known_by.get(by)]
    told = "; ".join(filter(None, (", ".join(found), f"{counts.changed:,} would change" if counts.known else "")))
    return f"{counts.known:,} already here" + (f" ({told})" if told else "")


def _counted(
    session: Session, clock: Clock, rows: Sequence[ImportRow], terms: Terms, before: ImportCounts, seen: "_Seen"
) -> tuple[tuple[ImportRow, ...], ImportCounts]:
    """Return some rows with the problems that the store shows, and the counts with these rows added."""
    entries = [row.person for row in rows if row.person is not None]
    people = People(session, clock(), entries, terms)
    tally = Counter[str]()
    found_by = Counter(before.known_by)
    told_rows = []
    for row in rows:
        taken, told = contacts_import.matched(people, row)
        told_rows.append(told)
        # Each row of our own files is a person of its own, whatever the emails.
        is_again = row.person is not None and terms.distinct_after is None and seen.add(row.person)
        if taken is None:
            tally["unreadable"] += 1
        elif taken.outcome is Outcome.REFUSED:
            tally["doubtful"] += 1
        elif is_again or (taken.by is not None and not taken.is_stored):
            tally["repeated"] += 1
        elif taken.by is None:
            tally["new"] += 1
        else:
            tally["known"] += 1
            tally["changed"] += taken.outcome is Outcome.UPDATED
            found_by[taken.by] += 1
        tally["incomplete"] += told.is_incomplete
        tally["problem_count"] += len(told.problems)
        if told.person is not None:
            tally["opted_out"] += bool(told.person.opt_outs and told.person.numbers)
            tally["blocked"] += bool(told.person.blocks)
    tally["rows"] = len(rows)
    problems = [problem for told in told_rows for problem in told.problems][: LISTED - len(before.problems)]
    sums = {name: getattr(before, name) + tally[name] for name in _SUMMED}
    return tuple(told_rows), replace(before, **sums, known_by=found_by, problems=(*before.problems, *problems))


_SUMMED = (
    "rows", "new", "known", "changed", "repeated", "doubtful", "unreadable", "incomplete", "opted_out", "blocked",
    "problem_count",
)  # fmt: skip


class _Seen:
    """The people of a file's rows so far, by number or email, in little memory however many (a Bloom filter).

    Of a million new people, some ten are taken for one of an earlier row.
    """

    _BITS = 1 << 27
    _PLACES = 3

    def __init__(self) -> None:
        self._bits = bytearray(self._BITS // 8)

    def add(self, entry: PersonEntry) -> bool:
        """Remember the person of a row. Return whether an earlier row has a number or email of theirs, and their name.

        A row without a name matches any name, as in the store.
        """
        name, is_known = searchable(entry.name), False
        keys = dict.fromkeys((*(key for _, _, key in entry.numbers), *map(str.casefold, entry.emails)))
        for key in keys:
            ways = (f"{key}\n{name}", f"{key}\n") if name else (key,)
            is_known = is_known or any(self._has(way) for way in ways)
        for key in keys:
            self._put(key)
            self._put(f"{key}\n{name}")
        return is_known

    def _has(self, text: str) -> bool:
        return all(self._bits[place >> 3] >> (place & 7) & 1 for place in self._bits_of(text))

    def _put(self, text: str) -> None:
        for place in self._bits_of(text):
            self._bits[place >> 3] |= 1 << (place & 7)

    def _bits_of(self, text: str) -> list[int]:
        told = blake2b(text.encode("utf-8", "surrogatepass"), digest_size=4 * self._PLACES).digest()
        return [int.from_bytes(told[at : at + 4], "big") % self._BITS for at in range(0, len(told), 4)]


def _head(lines: Iterable[str]) -> Iterable[str]:
    """Yield the first lines, up to one where a card or an object begins."""
    for number, line in enumerate(lines):
        if number >= _HEAD_LINES and line.lstrip().upper().startswith(("BEGIN:VCARD", "{")):
            return
        yield line


def _sample(rows: Iterable[ImportRow], place: int) -> str:
    return next((row.cells[place] for row in rows if place < len(row.cells) and row.cells[place].strip()), "")


def _suggestion(column: Column, sample: str) -> str:
    field = address_field(sample) if column.field is None else None
    return "" if field is None else field.value
