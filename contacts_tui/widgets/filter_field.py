"""The search field of People: words, or a filter, whose terms are completed while they are typed."""

from collections.abc import Mapping

from textual.actions import SkipAction
from textual.message import Message

from contacts_tui.commands import Scope, keys_of
from contacts_tui.domain.cells import shorten, text_width
from contacts_tui.domain.person_filter import Field, FilterError, completions, last_word
from contacts_tui.domain.text import one_line
from contacts_tui.widgets.keys import bindings
from contacts_tui.widgets.line_view import Shade, Span
from contacts_tui.widgets.search_field import SearchField

_GAP = "  "
_MARGIN = "   "
"""Before a hint: as wide as what stands before the field."""
_GOES_ON = (":", "<", ">", "=", '="')
"""Ends of completions behind which a value is typed."""


_HINTS = (
    "name, number, words they said, or a filter such as tag:vip waiting>30m",
    "name, number, words they said, or a filter such as tag:vip",
    "name, number, words they said, or a filter",
    "name, number, or words",
)
"""What stands in the field while nothing is typed, the longest first."""


class FilterField(SearchField):
    """Edits a filter; a key puts the first completion in the place of the last word."""

    BINDINGS = bindings(Scope.FILTER)

    class Focused(Message):
        """The agent is about to type: what there is to complete may be read."""

    def __init__(self) -> None:
        super().__init__(_HINTS[0])
        self._names: dict[Field, tuple[str, ...]] = {}

    def set_names(self, names: Mapping[Field, tuple[str, ...]]) -> None:
        """Completes these assignees, tags and inboxes."""
        self._names = dict(names)

    @property
    def candidates(self) -> tuple[str, ...]:
        """What the last word can become; nothing when it is that already."""
        if self.cursor_position < len(self.value):
            return ()
        found = completions(self.value, self._names)
        return () if any(self.value.endswith(word) for word in found if not word.endswith(_GOES_ON)) else found

    def on_resize(self) -> None:
        """Says as much of what can be typed as there is room for: half a filter is another one."""
        self.placeholder = next((hint for hint in _HINTS if text_width(hint) <= self.content_size.width), _HINTS[-1])

    def on_focus(self) -> None:
        """Tells of it."""
        self.post_message(self.Focused())

    def action_complete(self) -> None:
        """Puts the first completion in the place of the last word; without any the key means what it does elsewhere."""
        found = self.candidates
        if not found:
            raise SkipAction
        word = found[0]
        before = self.value[: len(self.value) - len(last_word(self.value))]
        self.value = f"{before}{word}{'' if word.endswith(_GOES_ON) else ' '}"
        self.cursor_position = len(self.value)


def mistake_hint(line: str, mistake: FilterError, width: int) -> list[Span]:
    """Return what is wrong with a line, under the character where it begins."""
    before = text_width(line[: len(line) - len(line.lstrip()) + mistake.begin])
    room = width - len(_MARGIN)
    said = one_line(str(mistake))
    # What is meant comes first; what else there is may be cut.
    needed = f"{said.partition('? ')[0].partition(': there are')[0]}?"
    place = f"character {mistake.begin + 1}: "
    if before + text_width(f"^ {needed}") <= room:
        said = f"^ {said}"
    else:
        # Where there is room for neither, the word in it tells the place.
        said, before = f"{place}{said}" if text_width(place + needed) <= room else said, 0
    return [(_MARGIN + " " * before + shorten(said, max(1, room - before)), Shade.WARNING)]


def candidates_hint(candidates: tuple[str, ...], width: int) -> list[Span]:
    """Return what the last word can become, with the key that takes the first."""
    key = f"{_MARGIN}{keys_of('filter.complete')} "
    words = _GAP.join(one_line(word) for word in candidates)
    return [(key, Shade.ACCENT), (shorten(words, max(1, width - text_width(key))), Shade.SOFT)]
