"""The colours that a terminal can show, and which of them stands for another colour.

Rich takes what is nearest by hue and saturation: a dark grey becomes black, a dark blue teal. Here a colour of a
palette is written as the very number that was chosen, and any other as the nearest one to the eye.
"""

from enum import Enum
from functools import lru_cache
from itertools import product

from rich.color import Color, ColorSystem, ColorType
from rich.style import Style

Rgb = tuple[int, int, int]


class Depth(Enum):
    """How many colours a terminal has."""

    SIXTEEN = ColorSystem.STANDARD
    PALETTE = ColorSystem.EIGHT_BIT
    """256 colours: what most SSH sessions get, since COLORTERM isn't forwarded."""
    FULL = ColorSystem.TRUECOLOR

    @classmethod
    def of(cls, system: ColorSystem | None) -> "Depth":
        """Return the depth of a console's colour system; FULL without one."""
        return {ColorSystem.STANDARD: cls.SIXTEEN, ColorSystem.EIGHT_BIT: cls.PALETTE}.get(
            system or ColorSystem.TRUECOLOR, cls.FULL
        )


SIXTEEN: tuple[Rgb, ...] = (
    *((0, 0, 0), (170, 0, 0), (0, 170, 0), (170, 85, 0), (0, 0, 170), (170, 0, 170), (0, 170, 170), (170, 170, 170)),
    *((85, 85, 85), (255, 85, 85), (85, 255, 85), (255, 255, 85)),
    *((85, 85, 255), (255, 85, 255), (85, 255, 255), (255, 255, 255)),
)
"""The first sixteen as the console of Linux shows them; each terminal has its own."""

_STEPS = (0, 95, 135, 175, 215, 255)
_CUBE: tuple[Rgb, ...] = tuple((red, green, blue) for red, green, blue in product(_STEPS, repeat=3))
_GREYS: tuple[Rgb, ...] = tuple((level, level, level) for level in range(8, 239, 10))
PALETTE: tuple[Rgb, ...] = (*SIXTEEN, *_CUBE, *_GREYS)
"""All 256. From 16 on they look alike everywhere: a cube of 216 colours, then 24 greys."""


def hex_of(number: int) -> str:
    """Return a colour of the palette as `#rrggbb`."""
    red, green, blue = PALETTE[number]
    return f"#{red:02x}{green:02x}{blue:02x}"


@lru_cache(1024)
def shown_as(color: Rgb, depth: Depth) -> int:
    """Return the palette's number for a colour: its own, or that of the nearest one to the eye (redmean)."""
    first, last = (0, 16) if depth is Depth.SIXTEEN else (16, 256)
    return min(range(first, last), key=lambda number: _distance(color, PALETTE[number]))


def _distance(one: Rgb, other: Rgb) -> float:
    red = (one[0] + other[0]) / 2
    squares = [(mine - its) ** 2 for mine, its in zip(one, other, strict=True)]
    return (2 + red / 256) * squares[0] + 4 * squares[1] + (2 + (255 - red) / 256) * squares[2]


@lru_cache(4096)
def in_depth(style: Style, depth: Depth) -> Style:
    """Return a style with its colours replaced by those that the terminal has."""
    if depth is Depth.FULL:
        return style
    return style + Style(color=_reduced(style.color, depth), bgcolor=_reduced(style.bgcolor, depth))


def _reduced(color: Color | None, depth: Depth) -> Color | None:
    if color is None or color.triplet is None or color.type is not ColorType.TRUECOLOR:
        return None
    return Color.from_ansi(shown_as((color.triplet.red, color.triplet.green, color.triplet.blue), depth))


READABLE = 4.5
"""The least contrast of what is to be read (WCAG 2.2, level AA)."""


def contrast(one: Rgb, other: Rgb) -> float:
    """Return the contrast of two colours, 1 to 21 (WCAG 2.2)."""
    brighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (brighter + 0.05) / (darker + 0.05)


def _luminance(color: Rgb) -> float:
    red, green, blue = (
        value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4
        for value in (part / 255 for part in color)
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
