"""A minimal Textual app to compare the program with: two lines, one of which counts the presses of `j`."""

from textual.app import App, ComposeResult
from textual.widgets import Static


class BareApp(App[None]):
    """An app of two lines."""

    BINDINGS = [("j", "count", "Count"), ("q", "quit", "Quit")]  # noqa: RUF012 (Textual declares it as an instance's)

    presses = 0

    def compose(self) -> ComposeResult:
        """Yield the two lines."""
        yield Static("A bare app")
        yield Static("0 presses", id="presses")

    def action_count(self) -> None:
        """Count a press, and show the new number."""
        self.presses += 1
        self.query_one("#presses", Static).update(f"{self.presses} presses")


if __name__ == "__main__":
    BareApp().run()
