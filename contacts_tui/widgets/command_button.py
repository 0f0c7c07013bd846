"""A command of the registry as a button to click."""

from collections.abc import Iterable
from dataclasses import dataclass

from textual.content import Content
from textual.events import Click
from textual.geometry import Offset
from textual.message import Message

from contacts_tui.commands import BY_ID
from contacts_tui.widgets.jump import JumpSpot
from contacts_tui.widgets.plain_text import Plain


class CommandButton(Plain):
    """A key and what it does; a click asks for the command. Without `can_focus` the focus stays where it is."""

    ALLOW_SELECT = False

    DEFAULT_CSS = """
    CommandButton {
        width: auto;
        height: 1;
        background: $surface;
        color: $foreground;
        text-wrap: nowrap;
        pointer: pointer;
        &:hover { text-style: underline; }
        &:focus { background: $accent; color: $background; text-style: bold; }
        &:ansi:focus { text-style: bold reverse; }
    }
    """

    @dataclass
    class Wanted(Message):
        """The button was clicked, or Enter pressed on it."""

        command_id: str

    def __init__(
        self,
        command_id: str,
        label: str = "",
        *,
        can_focus: bool = False,
        id: str | None = None,  # noqa: A002 (every widget of Textual calls it so)
    ) -> None:
        """Show `label` in place of the command's own; `can_focus` says whether the button can have the focus."""
        super().__init__(id=id)
        self.can_focus = can_focus
        self.command_id = command_id
        self._label = label or BY_ID[command_id].label
        self.set_key("")

    def set_key(self, key: str) -> None:
        """Show a key in place of the command's own; an empty one brings the command's own back."""
        key = key or BY_ID[self.command_id].typing_key
        self.show(Content.assemble("[", (key, "bold"), f"{' ' if key else ''}{self._label}]"))

    def press(self) -> None:
        """Ask for the command."""
        self.post_message(self.Wanted(self.command_id))

    def jump_spots(self) -> Iterable[JumpSpot]:
        """Yield the button: a jump presses it."""
        yield JumpSpot(Offset(0, 0), self.press)

    def on_click(self, event: Click) -> None:
        """Ask for the command: once on a double click, and not at all on one that began on another screen."""
        event.stop()
        if event.chain == 1:
            self.press()
