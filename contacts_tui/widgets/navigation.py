"""The places at the left of People: which people the list holds, and how the inboxes are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual.events import Click
from textual.message import Message
from textual.strip import Strip

from contacts_tui.commands import Scope
from contacts_tui.domain.cells import fit, text_width
from contacts_tui.domain.listing import Place, PlaceCounts
from contacts_tui.widgets.keys import bindings
from contacts_tui.widgets.line_view import Lines, Shade, Span

if TYPE_CHECKING:
    from contacts_tui.domain.health import SendersHealth

LABELS = {Place.ALL: "People", Place.UNREAD: "Unread", Place.CLOSING: "Closing soon", Place.FAILED: "Failed"}
"""The name of each place, in their order; its key is its first letter."""

_PLACES = tuple(LABELS)
_TOP = 1
"""Lines above the first place: the heading."""
_INBOXES = _TOP + len(_PLACES) + 2
"""The line of the inboxes, under an empty one and a heading."""


class Navigation(Lines, can_focus=True):
    """The places with their counts. Moving here changes the list at once."""

    DEFAULT_CSS = """
    Navigation { overflow-y: hidden; }
    """

    BINDINGS = bindings(Scope.NAVIGATION)

    @dataclass
    class PlaceChosen(Message):
        """The agent went to a place."""

        navigation: Navigation
        place: Place

        @property
        def control(self) -> Navigation:
            """The navigation."""
            return self.navigation

    @dataclass
    class PlaceClicked(PlaceChosen):
        """The agent clicked a place, and wants its list."""

    @dataclass
    class InboxesChosen(Message):
        """The agent wants to see the inboxes."""

        navigation: Navigation

        @property
        def control(self) -> Navigation:
            """The navigation."""
            return self.navigation

    @dataclass
    class Left(Message):
        """The agent is done here and wants the list."""

        navigation: Navigation

        @property
        def control(self) -> Navigation:
            """The navigation."""
            return self.navigation

    def __init__(self) -> None:
        super().__init__()
        self._place = Place.ALL
        self._counts: PlaceCounts | None = None
        self._senders: SendersHealth | None = None
        self._at_inboxes = False

    def set_place(self, place: Place) -> None:
        """Marks the place whose people are listed."""
        self._place = place
        self._at_inboxes = False
        self.redraw()

    def set_counts(self, counts: PlaceCounts) -> None:
        """Shows how many people each place holds."""
        self._counts = counts
        self.redraw()

    def set_senders(self, senders: SendersHealth) -> None:
        """Shows how the inboxes are."""
        self._senders = senders
        self.redraw()

    def line(self, index: int) -> Strip:
        """The heading, then a place on each line; under them the inboxes."""
        if index == 0:
            return self.strip([(" Contacts", Shade.SOFT)])
        if index == _INBOXES - 1:
            return self.strip([(" Inboxes", Shade.SOFT)])
        if index == _INBOXES:
            return self._inboxes_line()
        if index - _TOP >= len(_PLACES):
            return self.strip([])
        place = _PLACES[index - _TOP]
        here = place is self._place
        count = self._count(place)
        room = self.line_width - 3
        label = fit(LABELS[place], max(0, room - len(count) - 1))
        shade = Shade.STRONG if here else Shade.PLAIN
        spans: list[Span] = [("▸" if here else " ", Shade.ACCENT), (f"{label} ", shade)]
        spans += [(count, self._count_shade(place)), (" ", Shade.PLAIN)]
        return self.strip(spans, cursor=here and self.has_focus and not self._at_inboxes)

    def _inboxes_line(self) -> Strip:
        senders = self._senders
        spans: list[Span] = [(" ", Shade.PLAIN)]
        if senders is None:
            spans = []
        elif senders.ailing:
            state, count = senders.ailing[0][1], len(senders.ailing)
            shade = Shade.DANGER if state.is_urgent else Shade.WARNING
            words = f"{state.mark} {count} {'needs' if count == 1 else 'need'} attention"
            if text_width(words) >= self.line_width:
                words = f"{state.mark} {count} to check"
            spans.append((words, shade))
        elif senders.inboxes:
            spans += [("● ", Shade.ACCENT), (f"{senders.inboxes} connected", Shade.PLAIN)]
        else:
            spans.append(("none connected", Shade.WARNING))
        return self.strip(spans, cursor=self._at_inboxes and self.has_focus)

    def _count(self, place: Place) -> str:
        if self._counts is None:
            return ""
        number = {
            Place.ALL: self._counts.everyone,
            Place.UNREAD: self._counts.unread,
            Place.CLOSING: self._counts.closing,
            Place.FAILED: self._counts.failed,
        }[place]
        return f"{number:,}"

    def _count_shade(self, place: Place) -> Shade:
        if self._counts is None or place is Place.ALL or self._count(place) == "0":
            return Shade.SOFT
        return {Place.UNREAD: Shade.ACCENT, Place.CLOSING: Shade.WARNING, Place.FAILED: Shade.DANGER}[place]

    def on_focus(self) -> None:
        """Shows where the keys go."""
        self.redraw()

    def on_blur(self) -> None:
        """Shows that the keys go elsewhere."""
        self._at_inboxes = False
        self.redraw()

    def on_click(self, event: Click) -> None:
        """Goes to the place that was clicked."""
        index = event.y - _TOP
        if 0 <= index < len(_PLACES):
            self.post_message(self.PlaceClicked(self, _PLACES[index]))
        elif event.y >= _INBOXES - 1:
            self.post_message(self.InboxesChosen(self))

    def action_move(self, step: int) -> None:
        """Goes to a neighbouring place; the inboxes come after the last one."""
        index = _PLACES.index(self._place) + step
        if self._at_inboxes or index == len(_PLACES):
            self._at_inboxes = step > 0
            self.redraw()
        elif index >= 0:
            self.post_message(self.PlaceChosen(self, _PLACES[index]))

    def action_choose(self) -> None:
        """Goes to the list, or to the inboxes."""
        self.post_message(self.InboxesChosen(self) if self._at_inboxes else self.Left(self))
