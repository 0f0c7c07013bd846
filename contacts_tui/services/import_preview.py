"""What an import would do, before anything is stored: its first rows at once, then the counts of the whole file."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from hashlib import blake2b
from itertools import islice
from pathlib import Path

from sqlmodel import Session

from contacts_tui.domain.clock import Clock
from contacts_tui.services import contacts_import
from contacts_tui.services.import_header import Column, Header, address_field
from contacts_tui.services.import_matching import Duplicates, Outcome, People, Terms
from contacts_tui.services.import_source import ImportSource, Reading
from contacts_tui.services.people_csv import CSV, ImportProblem, ImportRow
from contacts_tui.store.store import Store

SHOWN = 20
"""Rows that are shown as they will come in."""
_HEAD_LINES = 5_000
"""Lines in which the properties of cards are looked for, so that a long file is shown at once."""
_TOLD = 100
"""Problems that are kept."""


@dataclass(frozen=True, slots=True)
class Glimpse:
    """How a file begins."""

    encoding: str
    header: Header
    samples: tuple[str, ...]
    """For each column the first cell with something in it."""
    suggestions: tuple[str, ...]
    """For each column that nobody knows what it seems to hold, as a field's name; empty when that isn't clear."""
    rows: tuple[ImportRow, ...]
    """The first ones."""


@dataclass(frozen=True, slots=True)
class ImportCounts:
    """What would come of the rows that were read so far."""

    rows: int = 0
    new: int = 0
    known: int = 0
    """Rows that speak of somebody in the store."""
    repeated: int = 0
    """Rows of somebody who stands in the file before."""
    doubtful: int = 0
    """Rows that can be read, and can't come in: their number is another person's, or they fit several people."""
    unreadable: int = 0
    incomplete: int = 0
    """Rows that come in without a cell that was meant to be read."""
    opted_out: int = 0
    """Rows by which somebody comes in opted out."""
    blocked: int = 0
    """Rows by which somebody comes in blocked."""
    problems: tuple[ImportProblem, ...] = ()
    """The first ones."""
    is_whole: bool = False
    """Whether all rows were read."""


def look(path: Path, reading: Reading) -> Glimpse:
    """Read how a file begins. May block on the disk. Raises BadInput."""
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


def count(
    store: Store,
    path: Path,
    reading: Reading,
    tell: Callable[[ImportCounts], None],
    is_stopped: Callable[[], bool],
) -> ImportCounts:
    """Read a whole file beside the store and count what would come of its rows; may take long.

    `tell` is told what was counted so far after some rows each. Raises BadInput and StoreError.
    """
    with ImportSource(path, str(path), reading.encoding) as source:
        file = source.people(reading)
        counts, seen = ImportCounts(), _Seen()
        for rows in contacts_import.batches(file):
            if is_stopped():
                return counts
            counts = store.call_read(_counted, rows, counts, seen)
            tell(counts)
        return replace(counts, is_whole=True)


def _counted(
    session: Session, clock: Clock, rows: Iterable[ImportRow], before: ImportCounts, seen: "_Seen"
) -> ImportCounts:
    rows = tuple(rows)
    entries = [row.person for row in rows if row.person is not None]
    people = People(session, clock(), entries, Terms(Duplicates.FILL))
    new = known = repeated = doubtful = unreadable = 0
    problems = list(before.problems)
    for row in rows:
        told = row.problems
        if row.person is None:
            unreadable += 1
        else:
            outcome, reasons = people.take(row.person)
            told = (*(ImportProblem(row.line, "", reason) for reason in reasons), *told)
            is_again = seen.add([*(key for _, _, key in row.person.numbers), *map(str.casefold, row.person.emails)])
            if outcome is Outcome.REFUSED:
                doubtful += 1
            elif is_again:
                repeated += 1
            elif outcome is Outcome.ADDED:
                new += 1
            else:
                known += 1
        problems += told[: _TOLD - len(problems)]
    return ImportCounts(
        rows=before.rows + len(rows),
        new=before.new + new,
        known=before.known + known,
        repeated=before.repeated + repeated,
        doubtful=before.doubtful + doubtful,
        unreadable=before.unreadable + unreadable,
        incomplete=before.incomplete + sum(row.is_incomplete for row in rows),
        opted_out=before.opted_out + sum(bool(entry.opt_outs) for entry in entries),
        blocked=before.blocked + sum(bool(entry.blocks) for entry in entries),
        problems=tuple(problems),
    )


class _Seen:
    """Which numbers and emails a file has had, in little memory however many there are (a Bloom filter).

    Of a million, some ten are taken for one that was there before.
    """

    _BITS = 1 << 27
    _PLACES = 3

    def __init__(self) -> None:
        self._bits = bytearray(self._BITS // 8)

    def add(self, keys: Iterable[str]) -> bool:
        """Remember these keys of one row. Return whether one of them was there before."""
        is_known = False
        for key in dict.fromkeys(keys):
            told = blake2b(key.encode("utf-8", "surrogatepass"), digest_size=4 * self._PLACES).digest()
            places = [int.from_bytes(told[at : at + 4], "big") % self._BITS for at in range(0, len(told), 4)]
            is_known = is_known or all(self._bits[place >> 3] >> (place & 7) & 1 for place in places)
            for place in places:
                self._bits[place >> 3] |= 1 << (place & 7)
        return is_known


def _head(lines: Iterable[str]) -> Iterable[str]:
    """The first lines up to where a card may end."""
    for number, line in enumerate(lines):
        if number >= _HEAD_LINES and line.lstrip().upper().startswith(("BEGIN:VCARD", "{")):
            return
        yield line


def _sample(rows: Iterable[ImportRow], place: int) -> str:
    return next((row.cells[place] for row in rows if place < len(row.cells) and row.cells[place].strip()), "")


def _suggestion(column: Column, sample: str) -> str:
    field = address_field(sample) if column.field is None else None
    return "" if field is None else field.value
