"""Every key, beginning with those of the screen one came from."""

from collections.abc import Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType

from contacts_tui.commands import Scope
from contacts_tui.screens.base import AgentModal
from contacts_tui.widgets.footer import CommandFooter
from contacts_tui.widgets.help_text import HelpText
from contacts_tui.widgets.keys import bindings
from contacts_tui.widgets.plain_text import Plain


class HelpScreen(AgentModal[str | None]):
    """The keys and marks in words. Returns the id of a command that was clicked."""

    CSS_PATH = "help.tcss"
    AUTO_FOCUS = ""
    SCOPES = (Scope.HELP,)
    BINDINGS: ClassVar[list[BindingType]] = bindings(Scope.HELP)

    def __init__(self, scopes: Sequence[Scope]) -> None:
        """`scopes` are those of the screen one came from; they come first."""
        super().__init__()
        self._scopes = (*scopes, Scope.APP)

    def compose(self) -> ComposeResult:
        """One long text."""
        yield Plain("Keys and marks", id="help-title")
        yield HelpText(self._scopes)
        yield CommandFooter()

    def on_help_text_chosen(self, event: HelpText.Chosen) -> None:
        """Back, to run that command there."""
        self.dismiss(event.command_id)

    def action_close(self) -> None:
        """Back to where one came from."""
        self.dismiss(None)

    def action_scroll(self, step: int) -> None:
        """Scrolls by a line."""
        self._text.scroll_relative(y=step, animate=False)

    def action_page(self, pages: int) -> None:
        """Scrolls by screenfuls."""
        self._text.scroll_relative(y=pages * max(1, self._text.size.height - 1), animate=False)

    def action_edge(self, end: int) -> None:
        """Scrolls to the top (negative) or to the end."""
        if end < 0:
            self._text.scroll_home(animate=False)
        else:
            self._text.scroll_end(animate=False)

    @property
    def _text(self) -> HelpText:
        return self.query_one(HelpText)
