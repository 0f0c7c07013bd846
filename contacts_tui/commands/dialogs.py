"""A question before something is done."""

from contacts_tui.commands.command import Command, Scope

COMMANDS: tuple[Command, ...] = (
    Command("question.yes", "y", "yes", "yes", "Do it.", Scope.QUESTION, footer=1),
    Command("question.no", "escape,n", "no", "no", "Leave everything as it is.", Scope.QUESTION, footer=2),
)
