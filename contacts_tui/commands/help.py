"""The help screen."""

from contacts_tui.commands.command import Command, Scope
from contacts_tui.commands.movement import scrolling

COMMANDS: tuple[Command, ...] = (
    Command(
        "help.close",
        "escape,q,question_mark,f9",
        "close",
        "back",
        "Clear the search, then close the help.",
        Scope.HELP,
        footer=2,
    ),
    Command(
        "help.find",
        "slash",
        "find",
        "find",
        "Search keys, commands and marks by words, such as snooze or draft.",
        Scope.HELP,
        footer=1,
    ),
    *scrolling(Scope.HELP, also={"page_down": "space"}, footer={"down": 3, "up": 4}),
)
