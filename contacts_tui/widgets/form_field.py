"""One field of a form: a line of text, or one of a few choices."""

from collections.abc import Sequence
from dataclasses import dataclass

from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.content import Content
from textual.events import Click
from textual.message import Message
from textual.widgets import Input

from contacts_tui.commands import Scope
from contacts_tui.domain.inbox import InboxField
from contacts_tui.domain.text import clean
from contacts_tui.widgets.keys import give_way
from contacts_tui.widgets.plain_text import Plain


class _Line(Input):
    """A line to type into."""

    def validate_value(self, value: str) -> str:
        """A value on one line, cleaned like any other text from outside."""
        return clean(value).replace("\n", " ").replace("\t", " ")


class _Choices(Plain, can_focus=True):
    """The choice made, between arrows."""


class FormField(Horizontal):
    """A label and a value, with a mark where something is wrong."""

    DEFAULT_CSS = """
    FormField {
        height: 1;
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
        """The keys go here now."""

        field: "FormField"

    def __init__(self, field: InboxField, value: str, *, fixed: bool = False) -> None:
        """`fixed` shows the value and lets nobody change it."""
        super().__init__(disabled=fixed)
        self.field = field
        """What is asked for."""
        self._value = value

    def compose(self) -> ComposeResult:
        """Mark, label and value."""
        yield Plain("", classes="mark")
        yield Plain(self.field.label, classes="label")
        if self.field.choices:
            yield _Choices(self._chosen_words())
        else:
            line = _Line(self._value, compact=True, select_on_focus=False)
            line.cursor_blink = False
            give_way(line, Scope.INBOX_FORM)
            yield line

    @property
    def value(self) -> str:
        """What is entered."""
        return self._value

    @property
    def has_choices(self) -> bool:
        """Whether it has a few choices, and is not typed into."""
        return bool(self.field.choices)

    @property
    def is_focused(self) -> bool:
        """Whether the keys go here."""
        return any(child.has_focus for child in self.children)

    def take_focus(self) -> None:
        """The keys go here."""
        self.query_one(_Choices if self.has_choices else _Line).focus()

    def turn(self, by: int) -> None:
        """Takes a neighbouring choice."""
        values = [value for value, _ in self.field.choices]
        self._value = values[(values.index(self._value) + by) % len(values)]
        self.query_one(_Choices).show(self._chosen_words(), layout=False)
        self.post_message(self.Changed(self))

    def set_wrong(self, is_wrong: bool) -> None:
        """Marks it, or takes the mark away."""
        self.query_one(".mark", Plain).show("!" if is_wrong else "", layout=False)

    def on_input_changed(self, event: Input.Changed) -> None:
        """Tells the form."""
        event.stop()
        if event.value != self._value:
            self._value = event.value
            self.post_message(self.Changed(self))

    def on_descendant_focus(self) -> None:
        """Tells the form."""
        self.post_message(self.Entered(self))

    def on_click(self, event: Click) -> None:
        """A click on a choice takes the next one."""
        if self.has_choices and not self.disabled:
            self.take_focus()
            self.turn(1)

    def _chosen_words(self) -> Content:
        words = dict(self.field.choices)[self._value]
        return Content.assemble(("◂ ", "$accent"), words, (" ▸", "$accent"))


def values_of(fields: Sequence[FormField]) -> dict[str, str]:
    """What is entered, by the fields' names, without the blanks around it."""
    return {each.field.id: each.value.strip() for each in fields}
