"""The list of people: a million ids in order, and the rows of those in view."""

from array import array
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import ClassVar

from textual.events import Click, Resize
from textual.geometry import Offset
from textual.message import Message
from textual.strip import Strip

from contacts_tui.domain.cells import wrap
from contacts_tui.domain.listing import PersonRow
from contacts_tui.domain.text import clean
from contacts_tui.widgets.jump import JumpSpot
from contacts_tui.widgets.line_view import PERSON_SHADES, Lines, Shade, Span
from contacts_tui.widgets.person_line import POINTER, SELECTED, Timing, columns_for, headings, loading, person

_KEPT = 1000
"""Rows held at most; those far from view are read again when they come back."""


class PeopleHeadings(Lines, can_focus=False):
    """The headings of the list's columns, over the list and as wide."""

    DEFAULT_CSS = """
    PeopleHeadings { height: 1; }
    """

    def __init__(self) -> None:
        super().__init__()
        self._timing, self._assigned = Timing.LATEST, False
        self._hint: Callable[[int], Sequence[Span]] | None = None

    def set_columns(self, timing: Timing, *, assigned: bool) -> None:
        """Show the headings of these times, and of the assignee where there is room."""
        self._timing, self._assigned = timing, assigned
        self.redraw()

    def set_hint(self, hint: Callable[[int], Sequence[Span]] | None) -> None:
        """Show what `hint` makes of the width in place of the headings, so that the list stays; None: the headings."""
        self._hint = hint
        self.redraw()

    def line(self, index: int) -> Strip:
        """Return the only line: the hint, or else the headings."""
        if self._hint is not None:
            return self.strip(self._hint(self.line_width))
        return self.strip(headings(columns_for(self.line_width, self._timing, assigned=self._assigned)))


class PeopleList(Lines, can_focus=False):
    """People in order. It holds ids only, and asks for the rows it draws.

    It never has the focus: Textual repaints a whole widget that gains or loses it. The screen moves its cursor.
    """

    COMPONENT_CLASSES: ClassVar[set[str]] = {f"lines--{shade}" for shade in PERSON_SHADES}
    DEFAULT_CSS = "\n".join(
        f"PeopleList > .lines--{shade} {{ color: $person-text; background: ${shade}; text-style: bold; }}"
        for shade in PERSON_SHADES
    )

    class RowsWanted(Message):
        """Rows are needed that aren't held, or name a window that has closed since: answer with `put`."""

        def __init__(self, ids: tuple[int, ...]) -> None:
            super().__init__()
            self.ids = ids

    class ContactMarked(Message):
        """The cursor is on another person, or on none."""

        def __init__(self, contact_id: int | None) -> None:
            super().__init__()
            self.contact_id = contact_id

    class ContactChosen(Message):
        """The agent wants to open a person."""

        def __init__(self, contact_id: int) -> None:
            super().__init__()
            self.contact_id = contact_id

    class SelectionChanged(Message):
        """Other people are selected."""

    def __init__(self, now: datetime) -> None:
        """Draw ages as of `now`, until `set_now`."""
        super().__init__()
        self._ids: array[int] = array("q")
        self._rows: dict[int, PersonRow] = {}
        self._asked: set[int] = set()
        self._cursor = 0
        self._marked: int | None = None
        self._now = now
        self._note = ""
        self._chosen: set[int] = set()
        """The selected people, besides the stretch from the anchor to the cursor."""
        self._anchor: int | None = None
        """The place in the order where a stretch began that grows with the cursor; None without one."""
        self._timing, self._assigned = Timing.LATEST, False
        self._present: Mapping[int, str] = {}

    def set_present(self, present: Mapping[int, str]) -> None:
        """Show who else has these people open, in words by contact id."""
        if present != self._present:
            self._present = present
            self.redraw()

    def set_columns(self, timing: Timing, *, assigned: bool) -> None:
        """Show these times of each person, and the assignee where there is room."""
        if (timing, assigned) != (self._timing, self._assigned):
            self._timing, self._assigned = timing, assigned
            self.redraw()

    @property
    def current(self) -> int | None:
        """The person under the cursor; None in an empty list."""
        return self._ids[self._cursor] if self._ids else None

    @property
    def selected(self) -> tuple[int, ...]:
        """The selected people, in the order of the list."""
        if not self._chosen and self._anchor is None:
            return ()
        chosen = self._chosen | set(self._stretch())
        return tuple(contact_id for contact_id in self._ids if contact_id in chosen)

    @property
    def is_selecting(self) -> bool:
        """Whether any person is selected, or a stretch has begun."""
        return bool(self._chosen) or self._anchor is not None

    @property
    def selected_count(self) -> int:
        """How many people are selected."""
        return len(self._chosen | set(self._stretch())) if self.is_selecting else 0

    def row(self, contact_id: int) -> PersonRow | None:
        """Return the row of a person, or None when it isn't held."""
        return self._rows.get(contact_id)

    def _stretch(self) -> "array[int]":
        if self._anchor is None:
            return array("q")
        first, last = sorted((self._anchor, self._cursor))
        return self._ids[first : last + 1]

    def begin_stretch(self) -> None:
        """Select from here to wherever the cursor goes; called again, end the stretch at the cursor."""
        if self._anchor is None:
            self._anchor = self._cursor if self._ids else None
        else:
            self._chosen |= set(self._stretch())
            self._anchor = None
        self._tell_selected()

    def toggle(self) -> None:
        """Select the person under the cursor, or unselect a selected one, and go to the next."""
        if (current := self.current) is None:
            return
        if self._anchor is not None:
            self._chosen |= set(self._stretch())
            self._anchor = None
        self._chosen ^= {current}
        self.move(1)
        self._tell_selected()

    def select_all(self) -> None:
        """Select all people in the list."""
        self._chosen, self._anchor = set(self._ids), None
        self._tell_selected()

    def select_none(self) -> None:
        """Unselect all people."""
        self._chosen, self._anchor = set(), None
        self._tell_selected()

    def _tell_selected(self) -> None:
        self.redraw()
        self.post_message(self.SelectionChanged())

    def pass_by(self, contact_ids: Collection[int]) -> None:
        """Move the cursor from one of these people to the next who is none of them; stay where there is none."""
        if self.current not in contact_ids:
            return
        index = self._cursor
        while index < len(self._ids) and self._ids[index] in contact_ids:
            index += 1
        self._go(index if index < len(self._ids) else self._cursor)

    @property
    def count(self) -> int:
        """People in the list."""
        return len(self._ids)

    def set_order(self, ids: Sequence[int], *, keep: bool = True) -> None:
        """Show these people in this order. The cursor stays on its person; with `keep=False` it goes to the top.

        A list that shows its top goes on showing it, so that a person who just wrote is seen; a scrolled one stays put.
        """
        before, cursor = self.current, self._cursor
        anchor = None if self._anchor is None else self._ids[self._anchor]
        top = self.scroll_offset.y
        # The mouse wheel may have scrolled the cursor out of view: then the view isn't brought back to it.
        follows = not keep or top <= cursor < top + max(1, self.size.height)
        self._ids = ids if isinstance(ids, array) else array("q", ids)
        if self._chosen:
            self._chosen &= set(self._ids)
        self._cursor = self._place_of(before, cursor) if keep else 0
        if anchor is not None and self._anchor is not None:
            self._anchor = self._place_of(anchor, self._anchor) if self._ids else None
        self.set_height(len(self._ids))
        top = max(0, top + self._cursor - cursor) if keep and top else 0
        self.scroll_to(y=top, animate=False, force=True)
        if follows:
            self.reveal(self._cursor)
        self.redraw()
        self._tell_marked()

    def put(self, rows: Iterable[PersonRow]) -> None:
        """Hold rows that were asked for, or that changed, and redraw those in view."""
        changed = set()
        for row in rows:
            if self._rows.get(row.contact_id) != row:
                changed.add(row.contact_id)
            self._rows[row.contact_id] = row
            self._asked.discard(row.contact_id)
        if len(self._rows) > _KEPT:
            near = set(self._near())
            self._rows = {key: row for key, row in self._rows.items() if key in near}
        top = self.scroll_offset.y
        in_view = self._ids[top : top + self.size.height]
        self.redraw_lines(top + y for y, contact_id in enumerate(in_view) if contact_id in changed)

    def missing(self, ids: Iterable[int]) -> tuple[int, ...]:
        """Return those whose rows are not held, or name a window that has closed since: another one may be open."""
        return tuple(contact_id for contact_id in ids if self._is_missing(self._rows.get(contact_id)))

    def _is_missing(self, row: PersonRow | None) -> bool:
        return row is None or (row.window_until is not None and row.window_until <= self._now)

    def expire(self, ids: Collection[int] | None) -> tuple[int, ...]:
        """Forget rows that changed (None: all); return the ids in or near view, drawn as they were until `put`."""
        near = [key for key in self._near() if ids is None or key in ids]
        kept = set(near)
        for key in tuple(self._rows) if ids is None else ids:
            if key not in kept:
                self._rows.pop(key, None)
        return tuple(near)

    def set_now(self, now: datetime) -> None:
        """Draw ages and times left as of `now`."""
        self._now = now
        self._want()
        self.redraw()

    def set_note(self, sentence: str) -> None:
        """Set the sentence that is shown in place of people when there are none."""
        self._note = clean(sentence)
        if not self._ids:
            self.redraw()

    def move(self, step: int) -> None:
        """Move the cursor by `step` people; it stops at either end."""
        self._go(self._cursor + step)

    def page(self, pages: int) -> None:
        """Move the cursor by screenfuls."""
        self._go(self._cursor + pages * max(1, self.size.height - 1))

    def edge(self, end: int) -> None:
        """Move the cursor to the first person (negative) or the last."""
        self._go(0 if end < 0 else len(self._ids) - 1)

    def choose(self) -> None:
        """Open the person under the cursor."""
        if (current := self.current) is not None:
            self.post_message(self.ContactChosen(current))

    def line(self, index: int) -> Strip:
        """Return the line of a person, or of the note when there are no people."""
        if index >= len(self._ids):
            return self.strip([(" " + self._note_line(index), Shade.SOFT)])
        columns = columns_for(self.line_width, self._timing, assigned=self._assigned)
        at_cursor = index == self._cursor
        contact_id = self._ids[index]
        pointer = SELECTED if self._is_selected(index, contact_id) else POINTER if at_cursor else " "
        row = self._rows.get(contact_id)
        if row is None:
            return self.strip(loading(columns, pointer), cursor=at_cursor)
        return self.strip(person(row, columns, self._now, pointer, self._present.get(contact_id, "")), cursor=at_cursor)

    def _is_selected(self, index: int, contact_id: int) -> bool:
        if contact_id in self._chosen:
            return True
        return self._anchor is not None and min(self._anchor, self._cursor) <= index <= max(self._anchor, self._cursor)

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        """Draw what came into view, and ask for its rows."""
        super().watch_scroll_y(old_value, new_value)
        self._want()

    def on_resize(self, event: Resize) -> None:
        """Keep the cursor in view, and ask for the rows that came into view."""
        self.reveal(self._cursor)
        self._want()

    def on_click(self, event: Click) -> None:
        """Open the person who was clicked; the second click of a double click does nothing more."""
        index = event.y + self.scroll_offset.y
        if index < len(self._ids) and event.chain == 1:
            self._go(index)
            self.choose()

    def jump_spots(self) -> Iterable[JumpSpot]:
        """Yield the people in view: a jump opens them, as a click does."""
        top = self.scroll_offset.y
        for y, contact_id in enumerate(self._ids[top : top + self.size.height]):
            yield JumpSpot(Offset(0, y), partial(self._jump, contact_id))

    def _jump(self, contact_id: int) -> None:
        if contact_id in self._ids:
            self._go(self._place_of(contact_id, self._cursor))
            self.choose()

    def _go(self, index: int) -> None:
        before, self._cursor = self._cursor, max(0, min(index, len(self._ids) - 1))
        self.reveal(self._cursor)
        self._tell_marked()
        if self._anchor is None:
            self.redraw_lines((before, self._cursor))
        else:
            self.redraw()
            self.post_message(self.SelectionChanged())

    def _tell_marked(self) -> None:
        """Ask for rows, and tell the screen who is marked, after the cursor or the order changed."""
        self._want()
        if self._marked != self.current:
            self._marked = self.current
            self.post_message(self.ContactMarked(self._marked))

    def _place_of(self, contact_id: int | None, index: int) -> int:
        """Return a person's place in the order; 0 for None; the former place, `index`, when the person is gone."""
        if contact_id is None:
            return 0
        if index < len(self._ids) and self._ids[index] == contact_id:
            return index
        try:
            return self._ids.index(contact_id)
        except ValueError:
            return max(0, min(index, len(self._ids) - 1))

    def _near(self) -> "array[int]":
        """Return the people in view, and a screenful before and after them."""
        height = max(1, self.size.height)
        top = self.scroll_offset.y
        return self._ids[max(0, top - height) : top + 2 * height]

    def _want(self) -> None:
        if missing := tuple(key for key in self.missing(self._near()) if key not in self._asked):
            self._asked.update(missing)
            self.post_message(self.RowsWanted(missing))

    def _note_line(self, index: int) -> str:
        if self._ids:
            return ""
        lines = [line for part in self._note.split("\n") for line in wrap(part, max(10, self.line_width - 2)) or [""]]
        return lines[index - 1] if 1 <= index <= len(lines) else ""
