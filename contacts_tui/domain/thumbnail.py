"""A picture as small as a message."""

from dataclasses import dataclass

Rgb = tuple[int, int, int]

KINDS = ("image/jpeg", "image/png", "image/gif", "image/webp")
"""What a thumbnail can be made of."""


@dataclass(frozen=True, slots=True)
class Thumbnail:
    """Rows of colours, an even number of them: a cell of the terminal shows two, one over the other."""

    rows: tuple[tuple[Rgb, ...], ...]
