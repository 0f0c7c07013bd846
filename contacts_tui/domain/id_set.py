"""Ids of very many people in little memory: a set of a million takes a hundred megabytes, and this takes ten."""

from array import array
from collections.abc import Iterable
from typing import Self

_PAGE = 1024
"""Ids whose bits are kept together; nearly all ids are close to others."""


class IdSet:
    """Ids in the order in which they were added, each once."""

    def __init__(self) -> None:
        self.ids = array("q")
        """All of them."""
        self._pages: dict[int, bytearray] = {}

    @classmethod
    def of(cls, ids: Iterable[int]) -> Self:
        """Return a set of these."""
        made = cls()
        made.add(ids)
        return made

    def add(self, ids: Iterable[int]) -> None:
        """Add those that aren't in it yet."""
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
