"""Asks before a person is forgotten: what goes, what remains, and a word to be typed, for there is no undo."""

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical, VerticalScroll
from textual.content import Content

from contacts_tui.commands import Scope
from contacts_tui.domain.text import one_line
from contacts_tui.screens.base import AgentModal
from contacts_tui.widgets.footer import CommandFooter
from contacts_tui.widgets.keys import bindings
from contacts_tui.widgets.plain_text import Plain
from contacts_tui.widgets.search_field import FieldLine, SearchField

WORD = "forget"
"""What has to be typed."""


class ForgetDialog(AgentModal[bool]):
    """Returns whether the person is to be forgotten."""

    CSS_PATH = "forget_dialog.tcss"
    AUTO_FOCUS = "SearchField"
    SCOPES = (Scope.FORGET,)
    BINDINGS: ClassVar[list[BindingType]] = bindings(Scope.FORGET)

    def __init__(self, name: str, goes: str, remains: str) -> None:
        """Ask about the person `name`; `goes` and `remains` say what does, in words. No text need be cleaned."""
        super().__init__()
        self._person = one_line(name)
        self._goes = one_line(goes)
        self._remains = one_line(remains)

    def compose(self) -> ComposeResult:
        """Yield what goes and what remains, the field for the word, and the keys."""
        with Vertical(id="box") as box:
            box.border_title = Content(f"Forget {self._person}")
            with VerticalScroll(id="scroll", can_focus=False):
                yield Plain(f"What goes: {self._goes}.\n\nWhat remains: {self._remains}.", id="question")
            yield Plain(f"There is no undo. Type the word {WORD} to go on.", id="line")
            with FieldLine(id="path"):
                yield Plain("Word ", id="label")
                yield SearchField(WORD)
            yield CommandFooter()

    def action_forget(self) -> None:
        """Confirm, if the word was typed; else say that it is missing."""
        if self.query_one(SearchField).value.strip().casefold() == WORD:
            self.dismiss(True)
        else:
            self.say(f"Nothing is done yet. Type the word {WORD} first; there is no undo.")

    def action_back(self) -> None:
        """Go back, and leave everything as it is."""
        self.dismiss(False)
