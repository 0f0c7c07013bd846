"""The views at the left of People with their counts, saved ones under the built-in ones, and the inboxes' state."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from textual.events import Click, Resize
from textual.geometry import Offset
from textual.message import Message
from textual.strip import Strip

from contacts_tui.commands import BY_ID, Scope
from contacts_tui.commands.people import VIEW_COMMANDS
from contacts_tui.domain.cells import fit, text_width
from contacts_tui.domain.text import one_line
from contacts_tui.domain.view import BUILT_IN, EVERYBODY, View
from contacts_tui.widgets.jump import JumpSpot
from contacts_tui.widgets.keys import bindings
from contacts_tui.widgets.line_view import Lines, Shade, Span

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from contacts_tui.domain.health import SendersHealth

_SHORT = {"Closing soon": "Closing", "Failed or unknown": "Failed", EVERYBODY: "All"}
"""Shorter names, where there is no room for the whole one."""
_SHADES = {
    "Waiting": Shade.ACCENT,
    "Closing soon": Shade.WARNING,
    "Unread": Shade.ACCENT,
    "Failed or unknown": Shade.DANGER,
}
"""The shade of the count of a view that isn't empty."""
_KEY = 2
"""Cells of a view's key and of what is between it and the name."""


class _Line(NamedTuple):
    """What stands in a line: a view, the inboxes, or words."""

    words: str = ""
    view: View | None = None
    is_inboxes: bool = False


class Navigation(Lines, can_focus=True):
    """The views with their keys and counts. Moving here changes the list at once."""

    DEFAULT_CSS = """
    Navigation { overflow-y: hidden; }
    """

    BINDINGS = bindings(Scope.NAVIGATION)

    class ViewChosen(Message):
        """The agent went to a view."""

        def __init__(self, view: View) -> None:
            super().__init__()
            self.view = view

    class ViewClicked(ViewChosen):
        """The agent clicked a view, and wants its list."""

    class InboxesChosen(Message):
        """The agent wants to see the inboxes."""

    class Left(Message):
        """The agent is done here and wants the list."""

    def __init__(self) -> None:
        super().__init__()
        self._views: tuple[View, ...] = BUILT_IN
        self._lines = _lines_of(BUILT_IN)
        self._here = BUILT_IN[0].name
        self._counts: dict[str, int] = {}
        self._senders: SendersHealth | None = None
        self._at_inboxes = False

    def set_views(self, views: Sequence[View]) -> None:
        """Show these views; the built-in ones stand first."""
        self._views = tuple(views)
        self._lines = _lines_of(views)
        self.set_height(len(self._lines))
        self.redraw()

    def set_view(self, view: View) -> None:
        """Mark the view whose people are listed."""
        self._here = view.name
        self._at_inboxes = False
        self._reveal()
        self.redraw()

    def set_counts(self, counts: Mapping[str, int]) -> None:
        """Show how many people each view holds, by its name; a view that isn't named keeps its last count."""
        self._counts.update(counts)
        self.redraw()

    def set_senders(self, senders: SendersHealth) -> None:
        """Show how the inboxes are."""
        self._senders = senders
        self.redraw()

    def line(self, index: int) -> Strip:
        """Return the line of a heading, of a view, or of the inboxes."""
        line = self._lines[index] if index < len(self._lines) else _Line()
        if line.is_inboxes:
            return self._inboxes_line()
        if line.view is None:
            return self.strip([(line.words, Shade.ACCENT if self.has_focus else Shade.SOFT)] if line.words else [])
        return self._view_line(line.view)

    def _view_line(self, view: View) -> Strip:
        here = view.name == self._here
        count = f"{self._counts[view.name]:,}" if view.name in self._counts else ""
        room = max(0, self.line_width - _KEY - len(count) - 3)
        name = one_line(view.name)
        label = fit(name if text_width(name) <= room else _SHORT.get(view.name, name), room)
        spans: list[Span] = [
            ("▸" if here else " ", Shade.ACCENT),
            (fit(_key_of(view), _KEY), Shade.SOFT),
            (f"{label} ", Shade.STRONG if here else Shade.PLAIN),
            (f"{count} ", Shade.SOFT if count in ("", "0") else _SHADES.get(view.name, Shade.SOFT)),
        ]
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
            spans += [("✓ ", Shade.ACCENT), (f"{senders.inboxes} connected", Shade.PLAIN)]
        else:
            spans.append(("none connected", Shade.WARNING))
        return self.strip(spans, cursor=self._at_inboxes and self.has_focus)

    def on_resize(self, event: Resize) -> None:
        """Keep the view in sight."""
        self.set_height(len(self._lines))
        self._reveal()

    def on_focus(self) -> None:
        """Show that the views have the focus."""
        self.redraw()

    def on_blur(self) -> None:
        """Show that the focus is elsewhere."""
        self._at_inboxes = False
        self.redraw()

    def on_click(self, event: Click) -> None:
        """Go to the view that was clicked, or to the inboxes."""
        index = event.y + self.scroll_offset.y
        line = self._lines[index] if index < len(self._lines) else _Line()
        if line.view is not None:
            self.post_message(self.ViewClicked(line.view))
        elif len(self._lines) - 2 <= index < len(self._lines):  # the inboxes, and the heading over them
            self.post_message(self.InboxesChosen())

    def jump_spots(self) -> Iterable[JumpSpot]:
        """Yield the views and the inboxes: a jump does what a click does."""
        for y, line in enumerate(self._lines[self.scroll_offset.y :]):
            if line.view is not None:
                yield JumpSpot(Offset(0, y), partial(self.post_message, self.ViewClicked(line.view)))
            elif line.is_inboxes:
                yield JumpSpot(Offset(0, y), partial(self.post_message, self.InboxesChosen()))

    def action_move(self, step: int) -> None:
        """Go to a neighbouring view; the inboxes come after the last one."""
        names = [view.name for view in self._views]
        index = names.index(self._here) + step if self._here in names else 0
        if self._at_inboxes or index == len(names):
            self._at_inboxes = step > 0
            self._reveal()
            self.redraw()
        elif index >= 0:
            self.post_message(self.ViewChosen(self._views[index]))

    def action_choose(self) -> None:
        """Go to the list, or to the inboxes."""
        self.post_message(self.InboxesChosen() if self._at_inboxes else self.Left())

    def _reveal(self) -> None:
        places = (index for index, line in enumerate(self._lines) if line.view and line.view.name == self._here)
        index = len(self._lines) - 1 if self._at_inboxes else next(places, 0)
        self.reveal(index)


def _lines_of(views: Sequence[View]) -> tuple[_Line, ...]:
    saved = [view for view in views if view not in BUILT_IN]
    lines = [_Line(" Contacts"), *(_Line(view=view) for view in BUILT_IN)]
    if saved:
        lines += [_Line(" Saved"), *(_Line(view=view) for view in saved)]
    return (*lines, _Line(), _Line(" Inboxes"), _Line(is_inboxes=True))


def _key_of(view: View) -> str:
    """Return the key that opens a view; empty where it isn't one cell wide."""
    command = VIEW_COMMANDS.get(view.name)
    key = view.key if command is None else next(iter(BY_ID[command].key_words), "")
    return key if text_width(key) == 1 else ""
