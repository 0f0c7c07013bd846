"""Choosing a file to attach, and where to save one."""

from contacts_tui.commands.command import Command, Scope
from contacts_tui.commands.movement import movement

COMMANDS: tuple[Command, ...] = (
    Command("attach.choose", "enter", "choose", "attach", "Attach the file under the cursor.", Scope.ATTACH, footer=1),
    Command(
        "attach.complete",
        "tab",
        "complete",
        "complete",
        "Complete the path, then open the folder under the cursor.",
        Scope.ATTACH,
        footer=3,
    ),
    *movement(
        Scope.ATTACH,
        {
            "down": "Go to the next name.",
            "up": "Go to the previous name.",
            "page_down": "Move one page down.",
            "page_up": "Move one page up.",
        },
    ),
    Command("attach.back", "escape", "back", "back", "Go back without a file.", Scope.ATTACH, footer=2),
    Command("save.save", "enter", "save", "save", "Save it there.", Scope.SAVE, footer=1),
    Command("save.complete", "tab", "complete", "complete", "Complete the path.", Scope.SAVE, footer=3),
    Command(
        "save.turn_ending",
        "ctrl+t",
        "turn_ending",
        "other format",
        "Pick the next format of an export: CSV, vCard or JSON lines.",
        Scope.SAVE,
        footer=4,
    ),
    Command("save.back", "escape", "back", "back", "Go back without saving.", Scope.SAVE, footer=2),
)
