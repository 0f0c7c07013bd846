"""Small bar charts in cells: one bar for each amount, in proportion to the greatest one."""

from collections.abc import Sequence

LEVELS = "▁▂▃▄▅▆▇█"


def bars(amounts: Sequence[int], most: int | None = None, nothing: str = LEVELS[0]) -> str:
    """Return a bar for each amount, from `nothing` for 0 to a full cell for the greatest one, or for `most`."""
    greatest = max(amounts, default=0) if most is None else most
    return "".join(LEVELS[amount * (len(LEVELS) - 1) // greatest] if amount else nothing for amount in amounts)
