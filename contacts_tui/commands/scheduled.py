"""Sending later: choosing when, and what is scheduled."""

from contacts_tui.commands.command import Command, Scope

COMMANDS: tuple[Command, ...] = (
    Command("schedule.hour", "h", "take('1 hour')", "1 hour", "Send it in 1 hour.", Scope.SCHEDULE),
    Command("schedule.tomorrow", "t", "take('tomorrow 9:00')", "tomorrow", "Send it tomorrow 9:00.", Scope.SCHEDULE),
    Command("schedule.monday", "m", "take('monday 9:00')", "Monday", "Send it on Monday 9:00.", Scope.SCHEDULE),
    Command(
        "schedule.type",
        "tab",
        "type",
        "type another time",
        "Type a time, such as 2 hours or next friday 14:00; a number begins it at once.",
        Scope.SCHEDULE,
        footer=3,
    ),
    Command("scheduled.time", "t", "time", "time", "Choose another time.", Scope.SCHEDULED, footer=3),
    Command("scheduled.text", "e", "text", "text", "Change the text.", Scope.SCHEDULED, footer=4),
    Command(
        "scheduled.cancel",
        "x",
        "cancel",
        "cancel it",
        "Cancel the message: its text is a draft again.",
        Scope.SCHEDULED,
        footer=5,
    ),
    Command("scheduled.undo", "u,alt+u", "undo", "undo", "Undo what you did last.", Scope.SCHEDULED, footer=6),
    Command("scheduled_text.save", "enter,ctrl+s", "save", "save", "Keep the text.", Scope.SCHEDULED_TEXT, footer=1),
    Command(
        "scheduled_text.back",
        "escape",
        "screen.back",
        "back",
        "Go back; the text stays as it was.",
        Scope.SCHEDULED_TEXT,
        footer=2,
    ),
    Command(
        "scheduled_text.line",
        "alt+enter,shift+enter,ctrl+j",
        "line",
        "line",
        "Start a new line.",
        Scope.SCHEDULED_TEXT,
        footer=3,
    ),
)
