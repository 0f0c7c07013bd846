"""Jumping: the places on the screen that letters can go to, and the letters."""

from collections.abc import Callable, Iterable
from itertools import product
from typing import NamedTuple, Protocol, runtime_checkable

from textual.geometry import Offset
from textual.screen import Screen
from textual.widget import Widget

LETTERS = "asdfghjklqwertyuiopzxcvbnm"
"""The letters of labels, those under the fingers first."""


class JumpSpot(NamedTuple):
    """A place that can be jumped to."""

    offset: Offset
    """In the widget that yields the spot; on the screen in the result of `spots_on`."""
    jump: Callable[[], object]
    """Goes to what stands there or activates it, wherever it has moved meanwhile."""


@runtime_checkable
class Jumpable(Protocol):
    """A widget with places to jump to."""

    def jump_spots(self) -> Iterable[JumpSpot]:
        """Return the places that are scrolled into view, with their offsets in the widget."""


def spots_on(screen: Screen[object]) -> list[JumpSpot]:
    """Return the places that are in sight on a screen, from its top, with their offsets on the screen."""
    found: dict[Offset, JumpSpot] = {}
    for widget in screen.query(Widget):
        if isinstance(widget, Jumpable) and widget.display and widget.region:
            for spot in widget.jump_spots():
                at = widget.region.offset + spot.offset
                if widget.region.contains_point(at) and _is_seen(screen, widget, at):
                    found.setdefault(at, JumpSpot(at, spot.jump))
    return sorted(found.values(), key=lambda spot: (spot.offset.y, spot.offset.x))


def labels(count: int) -> list[str]:
    """Return `count` labels, none of which begins another one: single letters first, as far as they last."""
    firsts = max(0, -(-(count - len(LETTERS)) // (len(LETTERS) - 1)))
    single, double = LETTERS[: len(LETTERS) - firsts], LETTERS[len(LETTERS) - firsts :]
    return [*single, *map("".join, product(double, LETTERS))][:count]


def _is_seen(screen: Screen[object], widget: Widget, at: Offset) -> bool:
    """Return whether nothing covers a widget at a place on the screen."""
    if not screen.region.contains_point(at):
        return False
    top, _ = screen.get_widget_at(*at)
    return widget in top.ancestors_with_self
