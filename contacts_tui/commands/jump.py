"""Jump mode."""

from contacts_tui.commands.command import Command, Scope

COMMANDS: tuple[Command, ...] = (
    Command("jump.back", "escape", "back", "back", "Leave the letters without going anywhere.", Scope.JUMP, footer=2),
)
