"""The report of an import: a CSV of every row and cell that didn't come in, to be corrected and imported again."""

import csv
from collections.abc import Iterable, Sequence
from typing import IO

from contacts_tui.services.import_columns import REPORT_HEADINGS
from contacts_tui.services.import_row import ImportRow


class ImportReport:
    """The report, written while the import runs."""

    def __init__(self, stream: IO[str], headings: Sequence[str], delimiter: str) -> None:
        """Write into `stream`, a text file opened with newline="": our headings, then those of the imported file."""
        self._writer = csv.writer(stream, delimiter=delimiter)
        self._width = len(headings)
        self._writer.writerow([*REPORT_HEADINGS, *headings])

    def add(self, rows: Iterable[ImportRow]) -> None:
        """Write those of these rows that have problems. Raise OSError."""
        for row in rows:
            if row.problems:
                told = "; ".join(f"{one.column}: {one.reason}" if one.column else one.reason for one in row.problems)
                offered = "; ".join(dict.fromkeys(offer for one in row.problems for offer in one.offered))
                cells = [*row.cells, *[""] * self._width]
                self._writer.writerow([row.line, told, offered, *cells[: max(self._width, len(row.cells))]])
