"""A person's initials."""

from contacts_tui.domain.cells import text_width
from contacts_tui.domain.graphemes import graphemes
from contacts_tui.domain.text import one_line

_MOST = 2
"""The most cells: one wide letter, or two narrow ones."""


def initials(name: str) -> str:
    """Return the first letters of a name's first and last word, cleaned; "·" when no word begins with a letter."""
    firsts = [next(iter(graphemes(word))) for word in one_line(name).split()]
    letters = [first.upper() for first in firsts if first[0].isalpha()]
    found = "".join((letters[0], *letters[1:][-1:])) if letters else "·"
    return found if text_width(found) <= _MOST else letters[0]
