"""A dialog for a text of some lines that isn't a message to send: Enter saves it, and nothing here sends."""

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content

from contacts_tui.screens.base import AgentModal
from contacts_tui.screens.dialogs import leave_unsaved
from contacts_tui.widgets.footer import CommandFooter
from contacts_tui.widgets.plain_text import Plain
from contacts_tui.widgets.writing_area import WritingArea


class TextDialog(AgentModal[str | None]):
    """A dialog whose result is the text, or None. Its scope has the commands to save, go back, and start a new line."""

    AUTO_FOCUS = "WritingArea"

    def __init__(self, title: str, missing: str) -> None:
        """Show `title`, which has to be cleaned; `missing` is said when the agent saves without a text."""
        super().__init__()
        self._title = title
        self._missing = missing

    def compose(self) -> ComposeResult:
        """Yield the field, a line for what is wrong, and the keys."""
        with Vertical(id="box") as box:
            box.border_title = Content(self._title)
            yield WritingArea(*self.SCOPES)
            yield Plain(id="line")
            yield CommandFooter()

    def on_mount(self) -> None:
        """Put the text that there is already into the field."""
        self.query_one(WritingArea).put(self.begun())

    def begun(self) -> str:
        """Return the text that the field begins with."""
        raise NotImplementedError

    @property
    def text(self) -> str:
        """The text in the field."""
        return self.query_one(WritingArea).text

    def action_save(self) -> None:
        """Close with the text; say what is missing if it is blank."""
        if self.text.strip():
            self.dismiss(self.text)
        else:
            self.say(self._missing)

    def action_line(self) -> None:
        """Start a new line."""
        self.query_one(WritingArea).action_line()

    def action_back(self) -> None:
        """Close without a result; ask first if something was changed."""
        leave_unsaved(self, loses=bool(self.typed()))
