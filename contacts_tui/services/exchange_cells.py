"""Cells of the files that this program writes and reads back unchanged.

A list is one cell with ` ::: ` between its values, as Google writes it. A cell that a spreadsheet would take for a
formula gets an apostrophe in front, which is removed when the file is read again; a phone number is harmless and gets
none.
"""

import re
from collections.abc import Iterable

MARK = "contacts-tui"
"""The heading of the column that marks a file of this program, whose cells are taken as they are."""
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
    """Return the cell in a form that no spreadsheet takes for a formula."""
    return f"'{cell}" if _FORMULA.match(cell) and not _NUMBERS.fullmatch(cell) else cell


def unguarded(cell: str) -> str:
    """Return the cell as it was before `guarded`."""
    return cell[1:] if _GUARDED.match(cell) else cell


def _unescaped(value: str) -> str:
    return re.sub(r"\\\\|:\\::", lambda found: "\\" if found[0] == "\\\\" else ":::", value)
