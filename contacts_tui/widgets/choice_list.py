"""A list to choose one line from."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import partial

from textual.events import Click
from textual.geometry import Offset, Size
from textual.message import Message
from textual.strip import Strip

from contacts_tui.commands import Scope
from contacts_tui.domain.cells import fit, text_width
from contacts_tui.widgets.jump import JumpSpot
from contacts_tui.widgets.keys import bindings
from contacts_tui.widgets.line_view import Lines, Shade, Span

_GAP = 2
"""Cells between columns."""
_NARROWEST = 10
"""Cells that the last column keeps."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One line of a choice list."""

    key: int
    """A number for what it stands for; unique in its list."""
    columns: tuple[str, ...]
    """Cleaned texts. The first column gives way where there is no room for all, down to half a line, and then the last
    one; every choice has the same number."""
    enabled: bool = True
    """Whether it may be chosen; its columns say why not."""
    shade: Shade = Shade.PLAIN
    """How it looks when it may be chosen."""


class ChoiceList(Lines, can_focus=True):
    """Lines with a cursor. Those that can't be chosen are dimmed, and the cursor still goes there to show them."""

    DEFAULT_CSS = """
    ChoiceList { overflow-y: auto; }
    """

    BINDINGS = bindings(Scope.PICKER)

    @dataclass
    class Chosen(Message):
        """An enabled choice was taken."""

        key: int
        by_click: bool = False

    @dataclass
    class Highlighted(Message):
        """The cursor went to a choice."""

        key: int

    def __init__(self) -> None:
        super().__init__()
        self._choices: tuple[Choice, ...] = ()
        self._headings: tuple[str, ...] = ()
        self._cursor = 0

    def set_choices(self, choices: Sequence[Choice], cursor: int = 0, headings: Sequence[str] = ()) -> None:
        """Show other choices, with the cursor on that index. Headings stay in sight over their columns."""
        self._choices = tuple(choices)
        self._headings = tuple(headings) if choices else ()
        self._cursor = max(0, min(cursor, len(self._choices) - 1))
        self.virtual_size = Size(0, self._top + len(self._choices))
        self.refresh(layout=True)
        self._tell()

    @property
    def choices(self) -> tuple[Choice, ...]:
        """The choices in the list."""
        return self._choices

    @property
    def highlighted(self) -> Choice | None:
        """The choice under the cursor; None in an empty list."""
        return self._choices[self._cursor] if self._choices else None

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """Return a line for each choice and for the headings, at least one (asked by Textual's layout)."""
        return max(self._top + len(self._choices), 1)

    @property
    def _top(self) -> int:
        """Lines over the first choice."""
        return 1 if self._headings else 0

    def drawn_at(self, y: int) -> Strip:
        """Return line `y` of the widget: the headings at the top, wherever the list is scrolled, or a choice."""
        return self.line(0) if y < self._top else super().drawn_at(y)

    def line(self, index: int) -> Strip:
        """Return the headings, or one choice."""
        if index < self._top:
            return self.strip([("  ", Shade.SOFT), *((text, Shade.SOFT) for text in self._in_columns(self._headings))])
        index -= self._top
        if index >= len(self._choices):
            return self.strip([])
        choice, here = self._choices[index], index == self._cursor
        shade = choice.shade if choice.enabled else Shade.FAINT
        spans: list[Span] = [("▸ " if here else "  ", Shade.ACCENT)]
        spans += [(text, shade) for text in self._in_columns(choice.columns)]
        return self.strip(spans, cursor=here)

    def _in_columns(self, columns: tuple[str, ...]) -> list[str]:
        rows = [choice.columns for choice in self._choices]
        rows += [self._headings] if self._headings else []
        widths = [max(map(text_width, column)) for column in zip(*rows, strict=True)]
        line = self.line_width - 2
        over = sum(widths) + _GAP * (len(widths) - 1) - line
        for column, least in ((0, line // 2), (-1, _NARROWEST)):
            taken = max(0, min(over, widths[column] - least))
            widths[column] -= taken
            over -= taken
        if over > 0:  # Too narrow for columns: one after the other, the end cut.
            return [fit("  ".join(columns), line)]
        cells = [fit(text, width) for text, width in zip(columns, widths, strict=True)]
        return [(" " * _GAP).join(cells)]

    def action_move(self, by: int) -> None:
        """Go to a neighbouring choice."""
        self._go(self._cursor + by)

    def action_page(self, direction: int) -> None:
        """Go up (-1) or down (1) by a screenful."""
        self._go(self._cursor + direction * max(self.size.height - self._top - 1, 1))

    def action_edge(self, direction: int) -> None:
        """Go to the first choice (-1) or the last (1)."""
        self._go(0 if direction < 0 else len(self._choices) - 1)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Return whether an action applies: an empty list has nothing to choose (asked by Textual)."""
        return self.highlighted is not None if action == "choose" else True

    def action_choose(self) -> None:
        """Take the choice under the cursor, if it may be chosen."""
        if (choice := self.highlighted) is not None and choice.enabled:
            self.post_message(self.Chosen(choice.key))

    def on_click(self, event: Click) -> None:
        """Take the choice that was clicked; one that may not be chosen is only shown."""
        index = event.y + self.scroll_offset.y - self._top
        if event.y < self._top or index >= len(self._choices):
            return
        self._go(index)
        if self._choices[index].enabled:
            self.post_message(self.Chosen(self._choices[index].key, by_click=True))

    def jump_spots(self) -> Iterable[JumpSpot]:
        """Yield the choices in view: a jump goes to one without taking it."""
        top = self.scroll_offset.y
        for index in range(top, min(len(self._choices), top + self.size.height - self._top)):
            yield JumpSpot(Offset(0, index - top + self._top), partial(self._go_to, self._choices[index].key))

    def _go_to(self, key: int) -> None:
        self._go(next((place for place, choice in enumerate(self._choices) if choice.key == key), self._cursor))

    def _go(self, index: int) -> None:
        index = max(0, min(index, len(self._choices) - 1))
        if index == self._cursor or not self._choices:
            return
        self._cursor = index
        top, height = self.scroll_offset.y, self.size.height
        if index < top:
            self.scroll_to(y=index, animate=False)
        elif index >= top + height - self._top:
            self.scroll_to(y=index - height + self._top + 1, animate=False)
        self.redraw()
        self._tell()

    def _tell(self) -> None:
        self.refresh_bindings()
        if (choice := self.highlighted) is not None:
            self.post_message(self.Highlighted(choice.key))
