"""The records of a CSV text, each with its line. A quote that is never closed spoils its own record, and no other."""

import csv
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from contacts_tui.text_source import LONGEST_LINE

_UNCLOSED = 'a quote (") is opened and never closed: close it, or remove it'
_MISPLACED = 'a quote (") is inside a cell: double it and put the cell in quotes, or remove it'


@dataclass(frozen=True, slots=True)
class Record:
    """One record of a CSV text."""

    line: int
    """The line in which it begins, from 1."""
    cells: list[str]
    """Those of a broken record are a guess at what is meant."""
    problem: str = ""
    """What is wrong with it as a whole, as a sentence; empty when it is well formed."""
    continued: tuple[str, ...] = ()
    """The quoted part of each line after the first one."""


def read_records(lines: Iterable[str], delimiter: str, first_line: int = 1) -> Iterator[Record]:
    """Yield the records of a text, whose first line here has the number `first_line`. Empty lines are passed over.

    Lines that a broken record seemed to hold are read again as records of their own; one of these that has fewer cells
    than the text's first record (its headings) may be the rest of a cell, and gets a problem as well.
    """
    source = _Lines(lines, first_line)
    reader = csv.reader(source, delimiter=delimiter, strict=True)
    width, opened, doubtful_until = 0, 0, 0
    while True:
        source.begin()
        try:
            cells = next(reader)
        except StopIteration:
            return
        except (csv.Error, _TooLong) as error:
            line, taken = source.line, source.taken
            whole, problem = _diagnosis(error, taken, delimiter)
            if not whole:
                opened, doubtful_until = line, max(doubtful_until, source.last_line)
                source.give_back()
            yield Record(line, _split(taken if whole else taken[:1], delimiter), problem)
            continue
        width = width or len(cells)
        if not any(cell.strip() for cell in cells):
            continue
        if source.line <= doubtful_until and len(cells) < width:
            yield Record(source.line, cells, f"it may belong to the cell whose quote line {opened} opens")
        else:
            yield Record(source.line, cells, continued=_within_quotes(source.taken))


class _TooLong(Exception):
    """A record is longer than any that a spreadsheet writes."""


class _Lines:
    """The lines of a text for the csv module, which can be given back."""

    def __init__(self, lines: Iterable[str], first_line: int) -> None:
        self._lines = iter(lines)
        self._again: deque[str] = deque()
        self._next_line = first_line
        self.line = first_line
        """Where the record began."""
        self.taken: list[str] = []
        """The record's lines so far."""
        self._length = 0

    @property
    def last_line(self) -> int:
        """The line that was taken last."""
        return self._next_line - 1

    def begin(self) -> None:
        """Start a new record at the next line."""
        self.line, self.taken, self._length = self._next_line, [], 0

    def give_back(self) -> None:
        """Give back all lines of the record but the first, so that they are read again."""
        self._again.extendleft(reversed(self.taken[1:]))
        self._next_line = self.line + 1

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = self._again.popleft() if self._again else next(self._lines)
        while len(line) >= LONGEST_LINE and not line.endswith(("\n", "\r")):
            piece = next(self._lines, "\n")
            if piece.endswith(("\n", "\r")) or len(piece) < LONGEST_LINE:
                self._take(line[:LONGEST_LINE])
                raise _TooLong
        self._take(line)
        if self._length > LONGEST_LINE:
            raise _TooLong
        return line

    def _take(self, line: str) -> None:
        self.taken.append(line)
        self._length += len(line)
        self._next_line += 1


def _diagnosis(error: Exception, taken: list[str], delimiter: str) -> tuple[bool, str]:
    """Return whether all these lines are one broken record, or only the first is; and what is wrong."""
    last = taken[-1]
    if len(taken) == 1:
        if isinstance(error, _TooLong) or "field limit" in str(error):
            return True, f"a cell has more than {csv.field_size_limit():,} characters: shorten it"
        return True, _UNCLOSED if "unexpected end" in str(error) else _MISPLACED
    if "expected after" in str(error):
        quote = last.replace('""', "  ").find('"')
        before = last[:quote].rstrip(" ")
        # A quote that opens a cell shows that the one before it was never closed.
        is_opening = not before or before.endswith(delimiter)
        return not is_opening, _UNCLOSED if is_opening else _MISPLACED
    return False, _UNCLOSED


def _within_quotes(taken: list[str]) -> tuple[str, ...]:
    inner = [line.rstrip("\r\n") for line in taken[1:]]
    # The last line is within quotes up to the one that closes the cell.
    return (*inner[:-1], inner[-1][: inner[-1].replace('""', "  ").find('"')]) if inner else ()


def _split(lines: list[str], delimiter: str) -> list[str]:
    """Return the cells of a broken record, split at every delimiter: its quotes count for nothing."""
    text = " ".join(line.rstrip("\r\n") for line in lines)[: csv.field_size_limit()]
    return [cell.strip().strip('"') for cell in text.split(delimiter)]
