"""The screen that is shown when the store can't be opened: why, and how to quit."""

from textual.app import ComposeResult
from textual.content import Content
from textual.events import Key

from contacts_tui.domain.text import clean
from contacts_tui.screens.base import AgentScreen
from contacts_tui.widgets.plain_text import Plain


class FailureScreen(AgentScreen[None]):
    """The end of a start that failed. Any key dismisses it."""

    CSS_PATH = "failure.tcss"

    def __init__(self, sentence: str) -> None:
        super().__init__()
        self._sentence = sentence

    def compose(self) -> ComposeResult:
        """Yield the sentence, and what to do."""
        yield Plain(
            Content.assemble(
                ("✗ The store could not be opened\n\n", "bold $error"),
                clean(self._sentence),
                ("\n\nPress any key to quit.", "$text-muted"),
            ),
            id="failure",
        )

    def on_key(self, event: Key) -> None:
        """Dismiss the screen."""
        event.stop()
        self.dismiss(None)
