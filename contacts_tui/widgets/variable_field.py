"""One variable of a template: its name, its value, and what is wrong with it."""

from collections.abc import Iterable
from dataclasses import dataclass

from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.message import Message
from textual.widgets import Input

from contacts_tui.commands import Scope
from contacts_tui.domain.cells import shorten
from contacts_tui.domain.text import clean, one_line
from contacts_tui.widgets.jump import JumpSpot
from contacts_tui.widgets.line_input import LineInput
from contacts_tui.widgets.plain_text import Plain

_SAMPLE = 24
"""Cells of a sample that is shown beside an empty field."""


class VariableField(Horizontal):
    """A field for a value on one line, as WhatsApp demands it."""

    DEFAULT_CSS = """
    VariableField {
        height: 1;
        & > .name { width: 14; color: $text-muted; text-wrap: nowrap; text-overflow: ellipsis; }
        & > Input { width: 1fr; background: $surface; background-tint: $surface 0%; }
        & > .hint {
            width: auto; max-width: 50%; padding-left: 1; color: $text-muted;
            text-wrap: nowrap; text-overflow: ellipsis;
        }
        &.-wrong > .hint { color: $warning; }
        & > Input:focus { background: $panel; }
    }
    """

    @dataclass
    class Changed(Message):
        """Another value was typed."""

        field: "VariableField"
        value: str

    @dataclass
    class Done(Message):
        """Enter was pressed in the field."""

        field: "VariableField"

    def __init__(self, variable: str, value: str, *, known: bool, sample: str) -> None:
        """Show `value`; `known`: it comes from the contact; `sample`: what the provider would put in."""
        super().__init__()
        self.variable = variable
        """Name or number of the variable, as the template has it."""
        self._began_with = value
        self._known = known
        self._sample = shorten(one_line(sample), _SAMPLE)

    def compose(self) -> ComposeResult:
        """Yield the name, the value, and a hint."""
        yield Plain(one_line(self.variable), classes="name")
        yield LineInput(self._began_with, Scope.TEMPLATES)
        yield Plain(self._hint(""), classes="hint")

    @property
    def value(self) -> str:
        """What is typed."""
        return self._input.value

    def put(self, text: str) -> None:
        """Replace the value with a text, on one line."""
        self._input.value = one_line(text)
        self._input.cursor_position = len(self._input.value)

    def jump_spots(self) -> Iterable[JumpSpot]:
        """Yield the value: a jump focuses it."""
        yield JumpSpot(self._input.region.offset - self.region.offset, self.take_focus)

    def set_problem(self, sentence: str) -> None:
        """Show what is wrong with the value; empty when it is right."""
        self.set_class(bool(sentence), "-wrong")
        self.query_one(".hint", Plain).show(self._hint(sentence))

    def take_focus(self) -> None:
        """Focus the value."""
        self._input.focus()

    @property
    def is_focused(self) -> bool:
        """Whether the field has the focus."""
        return self._input.has_focus

    def on_input_changed(self, event: Input.Changed) -> None:
        """Tell the screen of another value."""
        event.stop()
        self.post_message(self.Changed(self, event.value))

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Tell the screen that Enter was pressed."""
        event.stop()
        self.post_message(self.Done(self))

    @property
    def _input(self) -> Input:
        return self.query_one(Input)

    def _hint(self, problem: str) -> str:
        if problem:
            return clean(problem).removeprefix(f"{self.variable}: ")
        if self._known and self._began_with:
            return "from the contact"
        return f"such as {self._sample}" if self._sample else ""
