"""Today: what was done, and what came in."""

from contacts_tui.commands.command import Command, Scope
from contacts_tui.commands.movement import scrolling

COMMANDS: tuple[Command, ...] = (
    Command("today.back", "escape,q,t", "back", "back", "Go back to People.", Scope.TODAY, footer=1),
    Command(
        "today.days",
        "tab,space",
        "days",
        "day or week",
        "Show today alone, or the last seven days.",
        Scope.TODAY,
        footer=3,
    ),
    Command(
        "today.mine",
        "y",
        "mine",
        "mine or all",
        "Show what you did alone, or what everybody did.",
        Scope.TODAY,
        footer=4,
    ),
    *scrolling(Scope.TODAY, footer={"down": 5}),
)
