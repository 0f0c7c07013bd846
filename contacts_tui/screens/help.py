"""Every key and mark, beginning with the keys of what had the focus; searched by words."""

from collections.abc import Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.widgets import Input

from contacts_tui.commands import Scope
from contacts_tui.screens.base import AgentModal
from contacts_tui.screens.scrolled import ScrolledScreen
from contacts_tui.widgets.footer import CommandFooter
from contacts_tui.widgets.help_text import HelpText
from contacts_tui.widgets.keys import bindings
from contacts_tui.widgets.plain_text import Plain
from contacts_tui.widgets.search_field import FieldLine, SearchField


class HelpScreen(AgentModal[str | None], ScrolledScreen[str | None]):
    """The keys and marks in words. Returns the id of a command that was clicked."""

    CSS_PATH = "help.tcss"
    AUTO_FOCUS = ""
    SCOPES = (Scope.HELP,)
    BINDINGS: ClassVar[list[BindingType]] = bindings(Scope.HELP)

    def __init__(self, scopes: Sequence[Scope]) -> None:
        """`scopes` are those of the screen one came from, that of the focus first; they come before the marks."""
        super().__init__()
        self._scopes = (*scopes, Scope.APP)

    def compose(self) -> ComposeResult:
        """The search over one long text."""
        yield Plain("Keys and marks", id="help-title")
        with FieldLine(id="finder"):
            yield Plain("/", id="slash")
            yield SearchField("what you look for: snooze, draft, template, a key …")
        yield HelpText(self._scopes)
        yield CommandFooter()

    def on_help_text_chosen(self, event: HelpText.Chosen) -> None:
        """Back, to run that command there."""
        self.dismiss(event.command_id)

    def on_input_changed(self, event: Input.Changed) -> None:
        """Shows what fits, as the agent types."""
        self.sheet.search(event.value)
        self.action_edge(-1)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Goes from the search to what it found."""
        self.set_focus(None)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Who searches is there already."""
        return not (action == "find" and isinstance(self.focused, SearchField))

    def action_find(self) -> None:
        """Goes to the search."""
        self.query_one(SearchField).focus()

    def action_close(self) -> None:
        """Clears the search; with none, goes back to where one came from."""
        field = self.query_one(SearchField)
        if field.value or field.has_focus:
            field.value = ""
            self.set_focus(None)
        else:
            self.dismiss(None)

    @property
    def sheet(self) -> HelpText:
        """What is scrolled."""
        return self.query_one(HelpText)
