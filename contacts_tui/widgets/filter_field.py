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
"""Ends of completions after which a value is typed."""


_HINTS = (
    "name, number, words they said, or a filter such as tag:vip waiting>30m",
    "name, number, words they said, or a filter such as tag:vip",
    "name, number, words they said, or a filter",
    "name, number, or words",
)
"""What stands in the field while nothing is typed, the longest first."""


class FilterField(SearchField):
    """A field for a filter; a key replaces the last word with the first completion."""

    BINDINGS = bindings(Scope.FILTER)

    class Focused(Message):
        """The agent is about to type: the names for completions may be read."""

    def __init__(self) -> None:
        super().__init__(_HINTS[0])
        self._names: dict[Field, tuple[str, ...]] = {}

    def set_names(self, names: Mapping[Field, tuple[str, ...]]) -> None:
        """Set the assignees, tags and inboxes that are completed."""
        self._names = dict(names)

    @property
    def candidates(self) -> tuple[str, ...]:
        """What the last word can become; nothing when it is complete, or the cursor isn't at the end."""
        if self.cursor_position < len(self.value):
            return ()
        found = completions(self.value, self._names)
        return () if any(self.value.endswith(word) for word in found if not word.endswith(_GOES_ON)) else found

    def on_resize(self) -> None:
        """Show the longest hint that fits: a filter that is cut off would be another filter."""
        self.placeholder = next((hint for hint in _HINTS if text_width(hint) <= self.content_size.width), _HINTS[-1])

    def on_focus(self) -> None:
        """Tell the screen that the agent is about to type."""
        self.post_message(self.Focused())

    def action_complete(self) -> None:
        """Replace the last word with the first completion. Raise SkipAction without one: the key acts as elsewhere."""
        found = self.candidates
        if not found:
            raise SkipAction
        word = found[0]
        before = self.value[: len(self.value) - len(last_word(self.value))]
        self.value = f"{before}{word}{'' if word.endswith(_GOES_ON) else ' '}"
        self.cursor_position = len(self.value)


def mistake_hint(line: str, mistake: FilterError, width: int) -> list[Span]:
    """Return what is wrong with a line, under the character where the mistake begins."""
    before = text_width(line[: len(line) - len(line.lstrip()) + mistake.begin])
    room = width - len(_MARGIN)
    said = one_line(str(mistake))
    # What was probably meant comes first; the list of what else there is may be cut.
    needed = f"{said.partition('? ')[0].partition(': there are')[0]}?"
    place = f"character {mistake.begin + 1}: "
    if before + text_width(f"^ {needed}") <= room:
        said = f"^ {said}"
    else:
        # Without room for either, the word quoted in the sentence shows the place.
        said, before = f"{place}{said}" if text_width(place + needed) <= room else said, 0
    return [(_MARGIN + " " * before + shorten(said, max(1, room - before)), Shade.WARNING)]


def candidates_hint(candidates: tuple[str, ...], width: int) -> list[Span]:
    """Return what the last word can become, with the key that takes the first."""
    key = f"{_MARGIN}{keys_of('filter.complete')} "
    words = _GAP.join(one_line(word) for word in candidates)
    return [(key, Shade.ACCENT), (shorten(words, max(1, width - text_width(key))), Shade.SOFT)]
