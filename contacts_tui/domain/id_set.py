"""A set of very many ids in little memory: a million take ten megabytes, and in a Python set a hundred."""

from array import array
from collections.abc import Iterable
from typing import Self

_PAGE = 1024
"""The number of ids whose bits are stored together; nearly all ids are close to others."""


class IdSet:
    """A set of ids, in the order in which they were added."""

    def __init__(self) -> None:
        self.ids = array("q")
        """All ids, in that order."""
        self._pages: dict[int, bytearray] = {}

    @classmethod
    def of(cls, ids: Iterable[int]) -> Self:
        """Return a set of these ids."""
        made = cls()
        made.add(ids)
        return made

    def add(self, ids: Iterable[int]) -> None:
        """Add the ids that aren't in the set yet."""
        for each in ids:
            number, place = divmod(each, _PAGE)
            page = self._pages.get(number)
            if page is None:
                page = self._pages[number] = bytearray(_PAGE // 8)
            bit = 1 << place % 8
            if not page[place // 8] & bit:
                page[place // 8] |= bit
                self.ids.append(each)

    def __len__(self) -> int:
        return len(self.ids)
