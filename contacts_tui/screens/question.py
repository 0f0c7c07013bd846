"""A question before something is done that can't be undone by one key."""

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.content import Content

from contacts_tui.commands import Scope
from contacts_tui.screens.base import DeskModal
from contacts_tui.widgets.footer import CommandFooter
from contacts_tui.widgets.keys import bindings
from contacts_tui.widgets.plain_text import Plain


class Question(DeskModal[bool]):
    """Returns whether it is to be done."""

    CSS_PATH = "question.tcss"
    AUTO_FOCUS = ""
    SCOPES = (Scope.QUESTION,)
    BINDINGS: ClassVar[list[BindingType]] = bindings(Scope.QUESTION)

    def __init__(self, title: str, text: str) -> None:
        """`title` says what is asked in a few cleaned words, `text` what becomes of what."""
        super().__init__()
        self._heading = title
        self._text = text

    def compose(self) -> ComposeResult:
        """The text and the two keys."""
        with Vertical(id="box") as box:
            box.border_title = Content(self._heading)
            yield Plain(self._text)
            yield CommandFooter()

    def action_yes(self) -> None:
        """It is to be done."""
        self.dismiss(True)

    def action_no(self) -> None:
        """Everything stays as it is."""
        self.dismiss(False)
