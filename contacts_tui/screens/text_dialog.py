"""Where a text of some lines is written that isn't the composer's: Enter saves it, and nothing here sends."""

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content

from contacts_tui.screens.base import AgentModal
from contacts_tui.screens.dialogs import leave_unsaved
from contacts_tui.widgets.footer import CommandFooter
from contacts_tui.widgets.plain_text import Plain
from contacts_tui.widgets.writing_area import WritingArea


class TextDialog(AgentModal[str | None]):
    """Returns the text, or None. A dialog has the commands of its scope: save, go back, start a new line."""

    AUTO_FOCUS = "WritingArea"

    def __init__(self, title: str, missing: str) -> None:
        """`title` has to be cleaned; `missing` is what is said where nothing was written."""
        super().__init__()
        self._title = title
        self._missing = missing

    def compose(self) -> ComposeResult:
        """The field, and the keys."""
        with Vertical(id="box") as box:
            box.border_title = Content(self._title)
            yield WritingArea(*self.SCOPES)
            yield Plain(id="line")
            yield CommandFooter()

    def on_mount(self) -> None:
        """Goes on with what stands there already."""
        self.query_one(WritingArea).put(self.begun())

    def begun(self) -> str:
        """Return the text that the field begins with."""
        raise NotImplementedError

    @property
    def text(self) -> str:
        """What is written now."""
        return self.query_one(WritingArea).text

    def action_save(self) -> None:
        """Returns the text; it can't be empty."""
        if self.text.strip():
            self.dismiss(self.text)
        else:
            self.say(self._missing)

    def action_line(self) -> None:
        """Breaks the line."""
        self.query_one(WritingArea).action_line()

    def action_back(self) -> None:
        """Returns nothing; asks first where something was changed."""
        leave_unsaved(self, loses=bool(self.typed()))
