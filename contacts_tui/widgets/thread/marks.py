"""Text of a thread marked with the mouse: from where to where, and what is copied of it."""

import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from textual import events
from textual.geometry import Offset
from textual.scroll_view import ScrollView
from textual.timer import Timer

from contacts_tui.domain.views import MessageView
from contacts_tui.widgets.thread.bubbles import own_words

_LEFT = 1
"""The mouse button that marks, by Textual's numbers."""

_SCROLL_EVERY = 0.05
"""Seconds between two lines while the mouse is held above or below the thread."""


@dataclass(frozen=True, slots=True)
class Spot:
    """A grapheme in the words of a message; where none stands, the place between two (`start` equals `end`)."""

    message_id: int
    start: int
    """Index in the words, as `bubbles.own_words` has them."""
    end: int


class Marks:
    """From the spot where a drag began to the one that it reached. Both ends are marked."""

    def __init__(self, begin: Spot) -> None:
        self._begin = self._reached = begin

    def reach(self, spot: Spot) -> None:
        """Extend the marked text to another spot, before or after the beginning."""
        self._reached = spot

    def part(self, message_id: int, order: Sequence[int]) -> tuple[int, int]:
        """Return what is marked in a message, as indices of its words; (0, 0) for nothing.

        `order` has the ids of the messages held. Nothing is marked while an end is not among them.
        """
        if message_id not in order or self._begin.message_id not in order or self._reached.message_id not in order:
            return 0, 0
        ends = sorted((self._begin, self._reached), key=lambda spot: (order.index(spot.message_id), spot.start))
        first, last = ends
        if not order.index(first.message_id) <= order.index(message_id) <= order.index(last.message_id):
            return 0, 0
        begin = first.start if message_id == first.message_id else 0
        end = last.end if message_id == last.message_id else sys.maxsize
        return begin, max(end, first.end) if first.message_id == last.message_id else end

    def text(self, views: Iterable[MessageView]) -> str:
        """Return what is marked: the messages' own words alone, as they were before they were wrapped."""
        views = tuple(views)
        order = tuple(view.message.id for view in views)
        parts = []
        for view in views:
            begin, end = self.part(view.message.id, order)
            parts.append(own_words(view.message)[begin:end])
        return "\n".join(filter(None, parts))


class MarkedByMouse(ScrollView):
    """Lines over which a drag marks text. They scroll while the mouse is held above or below them."""

    ALLOW_SELECT = False  # Textual's own selection handles neither graphemes nor lines that move.

    def __init__(self) -> None:
        super().__init__()
        self._marks: Marks | None = None
        self._pressed: Offset | None = None
        """Where the button went down, while it is down."""
        self._pointer = Offset()
        self._is_drag = False
        """Whether the mouse has moved since the button went down: its release is no click then."""
        self._scrolling: Timer | None = None

    def spot_at(self, x: int, y: int) -> Spot | None:
        """Return the spot nearest to a cell of the widget; None where there is no message."""
        raise NotImplementedError

    def clear_marks(self) -> None:
        """Unmark the text."""
        if self._marks is not None:
            self._marks = None
            self.refresh()

    def on_mouse_down(self, event: events.MouseDown) -> None:
        """Unmark the text, and begin anew where the left button went down."""
        self._is_drag = False
        self.clear_marks()
        self._pressed = event.offset if event.button == _LEFT else None

    def on_mouse_move(self, event: events.MouseMove) -> None:
        """Mark from where the button went down to here; scroll while the mouse is above or below the thread."""
        if self._pressed is None:
            return
        if event.button != _LEFT:  # It was released where the terminal doesn't report it.
            self._release()
            return
        if self._marks is None:
            begin = self.spot_at(*self._pressed) if event.offset != self._pressed else None
            if begin is None:
                return
            self._marks = Marks(begin)
            self._is_drag = True
            self.screen.clear_selection()
            self.capture_mouse()
        self._pointer = event.offset
        self._reach()
        is_outside = not 0 <= event.y < self.size.height
        if is_outside and self._scrolling is None:
            self._scrolling = self.set_interval(_SCROLL_EVERY, self._scroll_on)
        elif not is_outside:
            self._stop_scrolling()

    def on_mouse_up(self, event: events.MouseUp) -> None:
        """End the drag; what is marked stays marked."""
        self._release()

    def _release(self) -> None:
        self._pressed = None
        self._stop_scrolling()
        self.release_mouse()

    def _stop_scrolling(self) -> None:
        if self._scrolling is not None:
            self._scrolling.stop()
            self._scrolling = None

    def _scroll_on(self) -> None:
        self.scroll_relative(y=-1 if self._pointer.y < 0 else 1, animate=False, force=True)
        self._reach()

    def _reach(self) -> None:
        height = max(self.size.height, 1)
        spot = self.spot_at(self._pointer.x, max(0, min(self._pointer.y, height - 1)))
        if spot is not None and self._marks is not None:
            self._marks.reach(spot)
            self.refresh()
