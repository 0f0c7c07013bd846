"""The least that Textual does: two lines, of which one counts the presses of `j`. What the program is compared with."""

from textual.app import App, ComposeResult
from textual.widgets import Static


class BareApp(App[None]):
    """An app with nothing in it."""

    BINDINGS = [("j", "count", "Count"), ("q", "quit", "Quit")]  # noqa: RUF012 (Textual declares it as an instance's)

    presses = 0

    def compose(self) -> ComposeResult:
        """The two lines."""
        yield Static("A bare app")
        yield Static("0 presses", id="presses")

    def action_count(self) -> None:
        """Shows that a key was heard."""
        self.presses += 1
        self.query_one("#presses", Static).update(f"{self.presses} presses")


if __name__ == "__main__":
    BareApp().run()
