"""Writing a private note on a person."""

from contacts_tui.commands.command import Command, Scope

COMMANDS: tuple[Command, ...] = (
    Command(
        "note.save",
        "enter,ctrl+s",
        "save",
        "save",
        "Keep the note with the person; it is never sent.",
        Scope.NOTE,
        footer=1,
    ),
    Command(
        "note.back",
        "escape",
        "screen.back",
        "back",
        "Go back; what you began is kept until you quit.",
        Scope.NOTE,
        footer=2,
    ),
    Command("note.line", "alt+enter,shift+enter,ctrl+j", "line", "line", "Start a new line.", Scope.NOTE, footer=3),
)
