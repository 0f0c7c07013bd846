"""The help."""

from contacts_tui.commands.command import Command, Scope
from contacts_tui.commands.movement import movement

COMMANDS: tuple[Command, ...] = (
    Command("help.close", "escape,q,question_mark,f9", "close", "back", "Close the help.", Scope.HELP, footer=1),
    *movement(
        Scope.HELP,
        {
            "down": "Scroll down.",
            "up": "Scroll up.",
            "page_down": "Scroll a page down.",
            "page_up": "Scroll a page up.",
            "first": "Scroll to the top.",
            "last": "Scroll to the end.",
        },
        move="scroll",
        labels={"first": "top", "last": "end"},
        also={"page_down": "space"},
        footer={"down": 2, "up": 3},
    ),
)
