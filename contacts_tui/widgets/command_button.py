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
    """Says the key and what it does, and asks for the command when it is clicked. The keys stay where they are."""

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
        """`label` in place of the command's own; with `can_focus` the keys can go to it."""
        super().__init__(id=id)
        self.can_focus = can_focus
        self.command_id = command_id
        self._label = label or BY_ID[command_id].label
        self.set_key("")

    def set_key(self, key: str) -> None:
        """The key to name in place of the command's own; empty for that one."""
        key = key or BY_ID[self.command_id].typing_key
        self.show(Content.assemble("[", (key, "bold"), f"{' ' if key else ''}{self._label}]"))

    def press(self) -> None:
        """Asks for the command."""
        self.post_message(self.Wanted(self.command_id))

    def jump_spots(self) -> Iterable[JumpSpot]:
        """The button: a jump presses it."""
        yield JumpSpot(Offset(0, 0), self.press)

    def on_click(self, event: Click) -> None:
        """Asks for the command; a double click asks once, and one that began on another screen not at all."""
        event.stop()
        if event.chain == 1:
            self.press()
