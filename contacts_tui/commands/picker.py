"""The lists to choose from."""

from contacts_tui.commands.command import Command, Scope

COMMANDS: tuple[Command, ...] = (
    Command("picker.choose", "enter", "choose", "choose", "Pick the one under the cursor.", Scope.PICKER, footer=1),
    Command("picker.down", "down,j", "move(1)", "down", "Go to the next one.", Scope.PICKER),
    Command("picker.up", "up,k", "move(-1)", "up", "Go to the previous one.", Scope.PICKER),
    Command("picker.page_down", "pagedown", "page(1)", "page down", "Move one page down.", Scope.PICKER),
    Command("picker.page_up", "pageup", "page(-1)", "page up", "Move one page up.", Scope.PICKER),
    Command("picker.first", "home,g", "edge(-1)", "first", "Go to the first one.", Scope.PICKER),
    Command("picker.last", "end,G", "edge(1)", "last", "Go to the last one.", Scope.PICKER),
    Command("picker.back", "escape", "screen.back", "back", "Go back without choosing.", Scope.PICKER, footer=2),
)
