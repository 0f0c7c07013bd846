"""Changes the text of a scheduled message."""

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.content import Content

from contacts_tui.commands import Scope
from contacts_tui.domain.text import one_line
from contacts_tui.screens.base import AgentModal
from contacts_tui.widgets.footer import CommandFooter
from contacts_tui.widgets.keys import bindings
from contacts_tui.widgets.plain_text import Plain
from contacts_tui.widgets.writing_area import WritingArea


class ScheduledField(WritingArea):
    """Its own field with its own commands: none of them sends."""

    BINDINGS: ClassVar[list[BindingType]] = bindings(Scope.SCHEDULED_TEXT)

    def __init__(self) -> None:
        super().__init__(Scope.SCHEDULED_TEXT)

    def action_save(self) -> None:
        """Keeps the text."""
        screen = self.screen
        if isinstance(screen, ScheduledText):
            screen.save(self.text)


class ScheduledText(AgentModal[str | None]):
    """Returns the text, or None."""

    CSS_PATH = "scheduled.tcss"
    AUTO_FOCUS = "ScheduledField"
    SCOPES = (Scope.SCHEDULED_TEXT,)

    def __init__(self, name: str, text: str) -> None:
        """`name` is the person's; neither need be cleaned."""
        super().__init__()
        self._person = one_line(name)
        self._text = text

    def compose(self) -> ComposeResult:
        """The field, and the keys."""
        with Vertical(id="box") as box:
            box.border_title = Content(f"Scheduled text to {self._person}")
            yield ScheduledField()
            yield Plain(id="line")
            yield CommandFooter()

    def on_mount(self) -> None:
        """Begins with the text as it is."""
        self.query_one(ScheduledField).put(self._text)

    def save(self, text: str) -> None:
        """Returns the text; a message needs one."""
        if text.strip():
            self.dismiss(text)
        else:
            self.say("Write the text first, or go back and cancel the message.")

    def typed(self) -> str:
        """The text that isn't saved yet."""
        text = self.query_one(ScheduledField).text
        return f"scheduled text to {self._person}\n{text}" if text != self._text else ""

    def action_back(self) -> None:
        """Leaves the text as it was."""
        self.dismiss(None)
