"""Asks where the files of a message are to be saved."""

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
from contacts_tui.widgets.search_field import FieldLine, PathField


class SaveFile(AgentModal[str | None]):
    """Returns a path, or None."""

    CSS_PATH = "attach.tcss"
    AUTO_FOCUS = "PathField"
    SCOPES = (Scope.SAVE,)
    BINDINGS: ClassVar[list[BindingType]] = bindings(Scope.SAVE)

    def __init__(self, what: str, begin: str) -> None:
        """`what` names the files, `begin` is the path on offer."""
        super().__init__()
        self._what = one_line(what)
        self._begin = begin

    def compose(self) -> ComposeResult:
        """What it is, the path, and the keys."""
        with Vertical(id="box") as box:
            box.border_title = Content("Save")
            yield Plain(f"{self._what}. Save to which folder or path? Nothing is overwritten.", id="question")
            with FieldLine(id="path"):
                yield Plain("To ", id="label")
                yield PathField("a folder, or a new file's path")
            yield CommandFooter()

    def on_mount(self) -> None:
        """Offers the usual folder."""
        field = self.query_one(PathField)
        field.value = self._begin
        field.cursor_position = len(self._begin)

    def action_save(self) -> None:
        """Goes on with that path."""
        if text := self.query_one(PathField).value.strip():
            self.dismiss(text)

    def action_back(self) -> None:
        """Saves nothing."""
        self.dismiss(None)
