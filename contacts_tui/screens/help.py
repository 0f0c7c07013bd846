"""The help screen: every key and mark, the keys of what had the focus first; searched by words."""

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
    """The keys and marks in words. Its result is the id of a command that was clicked, or None."""

    CSS_PATH = "help.tcss"
    AUTO_FOCUS = ""
    SCOPES = (Scope.HELP,)
    BINDINGS: ClassVar[list[BindingType]] = bindings(Scope.HELP)

    def __init__(self, scopes: Sequence[Scope]) -> None:
        """Show the keys of `scopes` first: those of the screen below, beginning with the scope of its focus."""
        super().__init__()
        self._scopes = (*scopes, Scope.APP)

    def compose(self) -> ComposeResult:
        """Yield the search field over one long text."""
        yield Plain("Keys and marks", id="help-title")
        with FieldLine(id="finder"):
            yield Plain("/", id="slash")
            yield SearchField("what you look for: snooze, draft, template, a key …")
        yield HelpText(self._scopes)
        yield CommandFooter()

    def on_help_text_chosen(self, event: HelpText.Chosen) -> None:
        """Close with the command that was clicked, which the screen below then runs."""
        self.dismiss(event.command_id)

    def on_input_changed(self, event: Input.Changed) -> None:
        """Show only what fits, as the agent types."""
        self.sheet.search(event.value)
        self.action_edge(-1)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Move the focus from the search field to what was found."""
        self.set_focus(None)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Return whether an action applies: `find` doesn't while the search field has the focus (asked by Textual)."""
        return not (action == "find" and isinstance(self.focused, SearchField))

    def action_find(self) -> None:
        """Focus the search field."""
        self.query_one(SearchField).focus()

    def action_close(self) -> None:
        """Clear and leave the search field; when it is empty and without focus, close the screen."""
        field = self.query_one(SearchField)
        if field.value or field.has_focus:
            field.value = ""
            self.set_focus(None)
        else:
            self.dismiss(None)

    @property
    def sheet(self) -> HelpText:
        """The text, which is scrolled."""
        return self.query_one(HelpText)
