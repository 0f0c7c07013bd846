"""Choosing a file to attach, and where to save one."""

from contacts_tui.commands.command import Command, Scope

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
    Command("attach.down", "down", "move(1)", "down", "Go to the next name.", Scope.ATTACH),
    Command("attach.up", "up", "move(-1)", "up", "Go to the previous name.", Scope.ATTACH),
    Command("attach.page_down", "pagedown", "page(1)", "page down", "Move one page down.", Scope.ATTACH),
    Command("attach.page_up", "pageup", "page(-1)", "page up", "Move one page up.", Scope.ATTACH),
    Command("attach.back", "escape", "back", "back", "Go back without a file.", Scope.ATTACH, footer=2),
    Command("save.save", "enter", "save", "save", "Save it there.", Scope.SAVE, footer=1),
    Command("save.back", "escape", "back", "back", "Go back without saving.", Scope.SAVE, footer=2),
)
