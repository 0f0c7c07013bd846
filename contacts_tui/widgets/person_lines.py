"""The lines of a card that say who a person is; the agent can choose one to edit it."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

from textual.content import Content
from textual.events import Click
from textual.geometry import Region
from textual.message import Message

from contacts_tui.commands import Scope
from contacts_tui.widgets.keys import bindings
from contacts_tui.widgets.plain_text import Plain


@dataclass(frozen=True, slots=True)
class PersonLine:
    """One line, which may be wrapped."""

    content: Content
    field: str = ""
    """The field of the form of a person that it shows: "tags", "phones:1"; empty for what can't be edited."""


class PersonLines(Plain, can_focus=True):
    """Who a person is. The cursor goes from one line that can be edited to the next."""

    BINDINGS = bindings(Scope.CARD)

    @dataclass
    class Chosen(Message):
        """A line is to be edited."""

        field: str
        place: Region
        """Where it stands on the screen."""

    @dataclass
    class LeftBelow(Message):
        """The cursor goes on below the last line."""

    def __init__(self) -> None:
        super().__init__(id="who")
        self._lines: Sequence[PersonLine] = ()
        self._at = 0

    def set_lines(self, lines: Sequence[PersonLine]) -> None:
        """Show these lines; the cursor stays with its field, or goes to the first line where that is gone."""
        field = self._lines[self._at].field if self._lines else ""
        self._lines = lines
        self._at = next((place for place in self._places if lines[place].field == field), 0)
        self._draw()

    @property
    def current(self) -> str:
        """The field that Enter would edit; empty until there are lines."""
        return self._lines[self._at].field if self._lines else ""

    def enter_from_below(self) -> None:
        """Take the focus, with the cursor on the last line that can be edited."""
        self._at = next(reversed(self._places), 0)
        self.focus()

    @property
    def _places(self) -> list[int]:
        """Which lines can be edited: from when the contact is shown on, the first one, with the name, and others."""
        return [place for place, line in enumerate(self._lines) if line.field]

    def action_move(self, by: int) -> None:
        """Go to a neighbouring line that can be edited, and below the last one to what comes next."""
        further = [place for place in self._places if (place - self._at) * by > 0]
        if further:
            self._at = min(further, key=lambda place: abs(place - self._at))
            self._draw()
        elif by > 0:
            self.post_message(self.LeftBelow())

    def action_choose(self) -> None:
        """Edit the line under the cursor, once there are lines."""
        if self._lines:
            self._choose(self._at)

    def on_click(self, event: Click) -> None:
        """Edit the line that was clicked."""
        at = next((place for place, bottom in enumerate(self._bottoms()) if event.y < bottom), None)
        if at is not None and self._lines[at].field:
            self._at = at
            self._choose(at)

    def focus_on_click(self) -> bool:
        """Return False: the mouse marks text here, and leaves the focus where it is (asked by Textual)."""
        return False

    def watch_has_focus(self, has_focus: bool) -> None:
        """Show whether the lines have the focus."""
        super().watch_has_focus(has_focus)
        self._draw()

    def _choose(self, at: int) -> None:
        bottoms = self._bottoms()
        height = bottoms[at] - (bottoms[at - 1] if at else 0)
        region = self.content_region
        place = Region(region.x, region.y + bottoms[at] - height, region.width, height)
        self.post_message(self.Chosen(self._lines[at].field, place))

    def _bottoms(self) -> list[int]:
        """Return where each line ends, in rows from the top."""
        width = self.content_region.width
        return list(accumulate(line.content.get_height({}, width) for line in self._lines))

    def _draw(self) -> None:
        drawn = [
            line.content.stylize("reverse") if self.has_focus and place == self._at else line.content
            for place, line in enumerate(self._lines)
        ]
        self.show(Content("\n").join(drawn))
