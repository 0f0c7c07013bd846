"""Questions before something is done, and the choice of how long to snooze a person."""

from contacts_tui.commands.command import Command, Scope

COMMANDS: tuple[Command, ...] = (
    Command("question.yes", "y", "yes", "yes", "Do it.", Scope.QUESTION, footer=1),
    Command("question.no", "escape,n", "no", "no", "Leave everything as it is.", Scope.QUESTION, footer=2),
    Command("snooze.hour", "h", "take('1 hour')", "1 hour", "Snooze for 1 hour.", Scope.SNOOZE),
    Command("snooze.tomorrow", "t", "take('tomorrow 9:00')", "tomorrow", "Snooze until tomorrow 9:00.", Scope.SNOOZE),
    Command("snooze.monday", "m", "take('monday 9:00')", "Monday", "Snooze until Monday 9:00.", Scope.SNOOZE),
    Command("snooze.reply", "w", "take('until reply')", "until they write", "Snooze until they write.", Scope.SNOOZE),
    Command(
        "snooze.window",
        "b",
        "take('before window')",
        "before it closes",
        "Snooze until 1 hour before the window closes, unless they write.",
        Scope.SNOOZE,
    ),
    Command(
        "snooze.type",
        "tab",
        "type",
        "type another time",
        "Type a time, such as 2 hours or next friday 14:00; a number begins it at once.",
        Scope.SNOOZE,
        footer=3,
    ),
)
