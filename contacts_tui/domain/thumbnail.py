"""A picture as small as a message."""

from dataclasses import dataclass

Rgb = tuple[int, int, int]

KINDS = ("image/jpeg", "image/png", "image/gif", "image/webp")
"""What a thumbnail can be made of."""


HALF_BLOCK = "▀"
"""Stands in each cell of a picture: its colour is the one over, its ground the one under."""


@dataclass(frozen=True, slots=True)
class Thumbnail:
    """Rows of colours, an even number of them: a cell of the terminal shows two, one over the other."""

    rows: tuple[tuple[Rgb, ...], ...]

    @property
    def cells(self) -> tuple[tuple[tuple[Rgb, Rgb], ...], ...]:
        """Lines of cells, each with the colours over and under in it."""
        return tuple(
            tuple(zip(over, under, strict=True)) for over, under in zip(self.rows[::2], self.rows[1::2], strict=True)
        )
