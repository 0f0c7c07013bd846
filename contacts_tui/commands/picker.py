"""The lists to choose from."""

from contacts_tui.commands.command import Command, Scope
from contacts_tui.commands.movement import movement

COMMANDS: tuple[Command, ...] = (
    Command("picker.choose", "enter", "choose", "choose", "Pick the one under the cursor.", Scope.PICKER, footer=1),
    *movement(
        Scope.PICKER,
        {
            "down": "Go to the next one.",
            "up": "Go to the previous one.",
            "page_down": "Move one page down.",
            "page_up": "Move one page up.",
            "first": "Go to the first one.",
            "last": "Go to the last one.",
        },
    ),
    Command("picker.back", "escape", "screen.back", "back", "Go back without choosing.", Scope.PICKER, footer=2),
)
