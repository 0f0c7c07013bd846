"""Small plots in cells: a bar an amount, as high as its part of the greatest one."""

from collections.abc import Sequence

LEVELS = "▁▂▃▄▅▆▇█"


def bars(amounts: Sequence[int], most: int | None = None, nothing: str = LEVELS[0]) -> str:
    """Return a bar for each amount, from `nothing` for none to a whole cell for the greatest, or for `most`."""
    greatest = max(amounts, default=0) if most is None else most
    return "".join(LEVELS[amount * (len(LEVELS) - 1) // greatest] if amount else nothing for amount in amounts)
