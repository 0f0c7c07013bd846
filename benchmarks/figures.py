"""The figures that a benchmark reports, and the table of them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Figure:
    """One thing that was measured."""

    name: str
    value: float
    unit: str
    """`×` for a ratio within this run; else what the value counts."""
    target: float | None = None
    """The value must not be above it; None where there is no target."""

    @property
    def verdict(self) -> str:
        """Whether the target was met, in words; empty where there is none."""
        if self.target is None:
            return ""
        return "MISSED" if self.is_missed else "met"

    @property
    def is_missed(self) -> bool:
        """Whether the value is above its target."""
        return self.target is not None and self.value > self.target

    @property
    def cells(self) -> tuple[str, str, str, str]:
        """The figure as a row of the table."""
        target = "" if self.target is None else f"≤ {_number(self.target)} {self.unit}"
        return self.name, f"{_number(self.value)} {self.unit}", target, self.verdict


HEADERS = ("figure", "measured", "target", "")


def table(title: str, figures: Iterable[Figure]) -> str:
    """Return a Markdown table of figures under a heading."""
    rows = [HEADERS, *(figure.cells for figure in figures)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(HEADERS))]
    lines = [_line(row, widths) for row in rows]
    lines.insert(1, _line(["-" * width for width in widths], widths))
    return f"## {title}\n\n" + "\n".join(lines) + "\n"


def _line(cells: Sequence[str], widths: Sequence[int]) -> str:
    return "| " + " | ".join(cell.ljust(width) for cell, width in zip(cells, widths, strict=True)) + " |"


def _number(value: float) -> str:
    if value >= 100:
        return f"{value:,.0f}"
    return f"{value:.2f}" if value < 10 else f"{value:.1f}"
