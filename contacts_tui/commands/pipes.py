"""A shell command of the agent's own: choosing it, and using its output."""

from contacts_tui.commands.command import Command, Scope
from contacts_tui.commands.movement import movement

COMMANDS: tuple[Command, ...] = (
    Command(
        "pipe.edit",
        "ctrl+e",
        "edit",
        "edit",
        "Put the command under the cursor into the field, to change it before it runs.",
        Scope.PIPE,
        footer=3,
    ),
    Command(
        "piped.draft",
        "enter,d",
        "draft",
        "draft",
        "Put the output into the composer; nothing is sent.",
        Scope.PIPED,
        footer=1,
    ),
    Command(
        "piped.back",
        "escape",
        "back",
        "back",
        "Stop the command while it runs; else go back without the output.",
        Scope.PIPED,
        footer=2,
    ),
    Command(
        "piped.note",
        "n",
        "note",
        "note",
        "Keep the output as a private note on the person; it is never sent.",
        Scope.PIPED,
        footer=3,
    ),
    Command("piped.change", "c", "change", "other command", "Choose another command.", Scope.PIPED, footer=4),
    *movement(
        Scope.PIPED,
        {
            "down": "Scroll down.",
            "up": "Scroll up.",
            "page_down": "Scroll one page down.",
            "page_up": "Scroll one page up.",
            "first": "Go to the first line.",
            "last": "Go to the last line.",
        },
        move="scroll",
    ),
)
