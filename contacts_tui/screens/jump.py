"""Jump mode: letters on each place of the screen below that can be gone to; typing them goes there."""

from collections.abc import Sequence
from typing import ClassVar

from textual import events
from textual.app import App, ComposeResult
from textual.binding import BindingType
from textual.geometry import Size

from contacts_tui.commands import Scope
from contacts_tui.screens.base import AgentModal, AgentScreen
from contacts_tui.widgets.jump import JumpSpot, labels, spots_on
from contacts_tui.widgets.keys import bindings
from contacts_tui.widgets.plain_text import Plain


def jump_over(app: App[None]) -> None:
    """Put letters on the places of the screen in front, and go where the agent chooses; say so if there are none."""

    def go(spot: JumpSpot | None) -> None:
        if spot is not None:
            spot.jump()

    screen = app.screen
    if spots := spots_on(screen):
        app.push_screen(JumpScreen(spots), go)
    elif isinstance(screen, AgentScreen):
        screen.say("Nothing here can be jumped to: the keys below do all there is.")


class JumpScreen(AgentModal[JumpSpot | None], inherit_bindings=False):
    """Labels over a screen that goes on below. The result is the place where the agent wants to go, or None."""

    CSS_PATH = "jump.tcss"
    AUTO_FOCUS = ""
    SCOPES = (Scope.JUMP,)
    BINDINGS: ClassVar[list[BindingType]] = bindings(Scope.JUMP)

    def __init__(self, spots: Sequence[JumpSpot]) -> None:
        """Label `spots`, whose offsets are on the screen."""
        super().__init__()
        self._spots = dict(zip(labels(len(spots)), spots, strict=False))
        self._typed = ""
        self._size_before: Size | None = None

    def compose(self) -> ComposeResult:
        """Yield a label at each place."""
        for label, spot in self._spots.items():
            shown = Plain(label, classes="label")
            shown.styles.offset = spot.offset
            yield shown

    def on_key(self, event: events.Key) -> None:
        """Go to the place whose letters were typed; until then show only the labels that fit. Leave if none fits."""
        if not event.is_printable or event.character is None:
            return
        event.stop()
        self._typed += event.character
        if self._typed in self._spots:
            self.dismiss(self._spots[self._typed])
            return
        for label in self.query(".label").results(Plain):
            label.display = label.text.startswith(self._typed)
        if not any(label.startswith(self._typed) for label in self._spots):
            self.dismiss(None)

    def on_click(self) -> None:
        """Leave the screen."""
        self.dismiss(None)

    def on_resize(self, event: events.Resize) -> None:
        """Leave the screen when the one below is laid out anew: the labels are no longer at their places."""
        if self._size_before not in (None, event.size):
            self.dismiss(None)
        self._size_before = event.size

    def action_back(self) -> None:
        """Leave the screen, and go nowhere."""
        self.dismiss(None)
