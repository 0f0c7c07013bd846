"""The help."""

from contacts_tui.commands.command import Command, Scope

COMMANDS: tuple[Command, ...] = (
    Command("help.close", "escape,q,question_mark,f9", "close", "back", "Close the help.", Scope.HELP, footer=1),
    Command("help.down", "down,j", "scroll(1)", "down", "Scroll down.", Scope.HELP, footer=2),
    Command("help.up", "up,k", "scroll(-1)", "up", "Scroll up.", Scope.HELP, footer=3),
    Command("help.page_down", "pagedown,space", "page(1)", "page down", "Scroll a page down.", Scope.HELP),
    Command("help.page_up", "pageup", "page(-1)", "page up", "Scroll a page up.", Scope.HELP),
    Command("help.first", "home,g", "edge(-1)", "top", "Scroll to the top.", Scope.HELP),
    Command("help.last", "end,G", "edge(1)", "end", "Scroll to the end.", Scope.HELP),
)
