"""The lists to choose from."""

from contacts_tui.commands.command import Command, Scope

COMMANDS: tuple[Command, ...] = (
    Command("picker.choose", "enter", "choose", "choose", "Takes the one under the cursor.", Scope.PICKER, footer=1),
    Command("picker.down", "down,j", "move(1)", "down", "Goes to the next one.", Scope.PICKER),
    Command("picker.up", "up,k", "move(-1)", "up", "Goes to the one before.", Scope.PICKER),
    Command("picker.page_down", "pagedown", "page(1)", "page down", "Moves one page down.", Scope.PICKER),
    Command("picker.page_up", "pageup", "page(-1)", "page up", "Moves one page up.", Scope.PICKER),
    Command("picker.first", "home,g", "edge(-1)", "first", "Goes to the first one.", Scope.PICKER),
    Command("picker.last", "end,G", "edge(1)", "last", "Goes to the last one.", Scope.PICKER),
    Command("picker.back", "escape", "screen.back", "back", "Goes back without choosing.", Scope.PICKER, footer=2),
)
