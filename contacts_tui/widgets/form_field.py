"""One field of a form: a line of text, several lines, or one of a few choices."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.content import Content
from textual.events import Click, Key
from textual.message import Message
from textual.widgets import Input, TextArea

from contacts_tui.commands import Scope
from contacts_tui.widgets.jump import JumpSpot
from contacts_tui.widgets.line_input import LineInput
from contacts_tui.widgets.plain_text import Plain
from contacts_tui.widgets.writing_area import WritingArea

_AROUND = (Scope.FORM, Scope.INBOX_FORM, Scope.TARGET_FORM, Scope.PERSON_FORM, Scope.PERSON_LINE)
"""Scopes whose commands take precedence over the field's editing keys."""


class Asked(Protocol):
    """One value that a form asks for."""

    @property
    def id(self) -> str:
        """Its name in the form's result."""

    @property
    def label(self) -> str:
        """A word or two before it, cleaned."""

    @property
    def about(self) -> str:
        """What to enter, in a sentence or two, cleaned."""

    @property
    def choices(self) -> tuple[tuple[str, str], ...]:
        """Values with the words that stand for them; none for a field to type into."""


class _Area(WritingArea):
    """A few lines to type into. The arrows leave it at its first and its last line."""

    DEFAULT_CSS = """
    _Area { height: auto; max-height: 5; border: none; padding: 0; width: 1fr; background: $surface; }
    _Area:focus { background: $panel; }
    """

    def __init__(self, text: str) -> None:
        super().__init__(*_AROUND)
        self._text = text

    def on_mount(self) -> None:
        """Put the text into the field, with the cursor at its end."""
        self.put(self._text)

    async def _on_key(self, event: Key) -> None:
        if event.key == "up" and not self.navigator.is_first_wrapped_line(self.cursor_location):
            event.stop()
            self.action_cursor_up()
        elif event.key == "down" and not self.navigator.is_last_wrapped_line(self.cursor_location):
            event.stop()
            self.action_cursor_down()
        else:
            await super()._on_key(event)


class _Choices(Plain, can_focus=True):
    """The choice made, between arrows."""


class FormField(Horizontal):
    """A label and a value, with a mark where something is wrong."""

    DEFAULT_CSS = """
    FormField {
        height: 1;
        &.-lines { height: auto; }
        & > .mark { width: 2; color: $warning; }
        & > .label { width: 15; color: $text-muted; text-wrap: nowrap; text-overflow: ellipsis; }
        & > Input { width: 1fr; background: $surface; background-tint: $surface 0%; }
        & > Input:focus { background: $panel; }
        & > _Choices { width: 1fr; background: $surface; text-wrap: nowrap; text-overflow: ellipsis; }
        & > _Choices:focus { background: $panel; text-style: bold; }
    }
    """

    @dataclass
    class Changed(Message):
        """Another value was entered."""

        field: "FormField"

    @dataclass
    class Entered(Message):
        """The field got the focus."""

        field: "FormField"

    def __init__(self, field: Asked, value: str, *, fixed: bool = False, has_lines: bool = False) -> None:
        """Show `value`: with `fixed` it can't be changed, with `has_lines` it is a text of several lines."""
        super().__init__(disabled=fixed, classes="-lines" if has_lines else "")
        self._has_lines = has_lines
        self.field = field
        """What is asked for."""
        self._value = self._first = value
        """What is entered, and what stood there at first, cleaned."""

    def compose(self) -> ComposeResult:
        """Yield the mark, the label and the value."""
        yield Plain("", classes="mark")
        yield Plain(self.field.label, classes="label")
        if self.field.choices:
            yield _Choices(self._chosen_words())
        elif self._has_lines:
            yield _Area(self._value)
        else:
            line = LineInput(self._value, *_AROUND)
            self._first = line.value
            yield line

    @property
    def value(self) -> str:
        """What is entered."""
        return self._value

    @property
    def is_typed(self) -> bool:
        """Whether something was typed into it that would have to be typed again."""
        return not self.has_choices and self._value != self._first

    @property
    def has_choices(self) -> bool:
        """Whether it has a few choices, and is not typed into."""
        return bool(self.field.choices)

    @property
    def is_focused(self) -> bool:
        """Whether the field has the focus."""
        return any(child.has_focus for child in self.children)

    def take_focus(self) -> None:
        """Focus the value."""
        self.query_one("_Choices, _Area, LineInput").focus()

    @property
    def area(self) -> WritingArea | None:
        """The text area of a field of several lines; None for any other field."""
        return self.query_one(_Area) if self._has_lines else None

    def jump_spots(self) -> Iterable[JumpSpot]:
        """Yield the value, unless fixed: a jump focuses it, and changes nothing. A text area yields its own place."""
        if not self.disabled and not self._has_lines:
            yield JumpSpot(self.children[-1].region.offset - self.region.offset, self.take_focus)

    def turn(self, by: int) -> None:
        """Take a neighbouring choice; the first one follows the last."""
        values = [value for value, _ in self.field.choices]
        self._value = values[(values.index(self._value) + by) % len(values)]
        self.query_one(_Choices).show(self._chosen_words(), layout=False)
        self.post_message(self.Changed(self))

    def set_wrong(self, is_wrong: bool) -> None:
        """Mark the field as wrong, or take the mark away."""
        self.query_one(".mark", Plain).show("!" if is_wrong else "", layout=False)

    def on_input_changed(self, event: Input.Changed) -> None:
        """Tell the form of another value."""
        event.stop()
        if event.value != self._value:
            self._value = event.value
            self.post_message(self.Changed(self))

    def on_text_area_changed(self, event: TextArea.Changed) -> None:
        """Tell the form of another value."""
        event.stop()
        if event.text_area.text != self._value:
            self._value = event.text_area.text
            self.post_message(self.Changed(self))

    def on_descendant_focus(self) -> None:
        """Tell the form that the field got the focus."""
        self.post_message(self.Entered(self))

    def on_click(self, event: Click) -> None:
        """Focus the field; on a choice, take the next one as well."""
        if self.disabled:
            return
        self.take_focus()
        if self.has_choices:
            self.turn(1)

    def _chosen_words(self) -> Content:
        words = dict(self.field.choices)[self._value]
        return Content.assemble(("◂ ", "$accent"), words, (" ▸", "$accent"))


def values_of(fields: Sequence[FormField]) -> dict[str, str]:
    """Return what is entered, by the fields' ids, without the blanks around it."""
    return {each.field.id: each.value.strip() for each in fields}
