"""Small pictures that are drawn in a message."""

from dataclasses import dataclass

Rgb = tuple[int, int, int]

KINDS = ("image/jpeg", "image/png", "image/gif", "image/webp")
"""The content types from which a thumbnail can be made."""


HALF_BLOCK = "▀"
"""The character in each cell of a picture: its foreground is the upper colour, its background the lower one."""


@dataclass(frozen=True, slots=True)
class Thumbnail:
    """An even number of rows of colours: a cell of the terminal shows two, one above the other."""

    rows: tuple[tuple[Rgb, ...], ...]

    @property
    def cells(self) -> tuple[tuple[tuple[Rgb, Rgb], ...], ...]:
        """Lines of cells, each with its upper and lower colour."""
        return tuple(
            tuple(zip(over, under, strict=True)) for over, under in zip(self.rows[::2], self.rows[1::2], strict=True)
        )
