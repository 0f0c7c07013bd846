"""Cells of the files that this program writes and reads again as they were.

Lists stand in one cell with ` ::: ` between, as Google writes them. A cell that a spreadsheet would take for a formula
gets an apostrophe in front, which is taken off again when the file comes back; a phone number can do no harm and gets
none.
"""

import re
from collections.abc import Iterable

MARK = "contacts-tui"
"""The heading of the column that says: this file was written here, take its cells as they are."""
BETWEEN = " ::: "
ATTRIBUTE = "attribute:"
"""Stands before the name of a custom attribute in a heading; `:number` and so on behind it say its kind."""

_FORMULA = re.compile(r"'*[=+\-@\t\r]")
_GUARDED = re.compile(r"''*[=+\-@\t\r]")
_NUMBERS = re.compile(r"\+\d+( ::: \+\d+)*")


def joined(values: Iterable[str]) -> str:
    """Return a list as one cell, from which `parted` makes the same list."""
    return BETWEEN.join(value.replace("\\", "\\\\").replace(":::", r":\::") or r"\-" for value in values)


def parted(cell: str) -> tuple[str, ...]:
    """Return the list that a cell holds."""
    if not cell:
        return ()
    return tuple("" if value == r"\-" else _unescaped(value) for value in cell.split(BETWEEN))


def guarded(cell: str) -> str:
    """Return a cell that no spreadsheet takes for a formula."""
    return f"'{cell}" if _FORMULA.match(cell) and not _NUMBERS.fullmatch(cell) else cell


def unguarded(cell: str) -> str:
    """Return a cell as it was before it was guarded."""
    return cell[1:] if _GUARDED.match(cell) else cell


def _unescaped(value: str) -> str:
    return re.sub(r"\\\\|:\\::", lambda found: "\\" if found[0] == "\\\\" else ":::", value)
