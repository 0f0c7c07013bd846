"""The template picker."""

from contacts_tui.commands.command import Command, Scope

COMMANDS: tuple[Command, ...] = (
    Command("templates.send", "ctrl+s", "send", "send", "Send the template.", Scope.TEMPLATES, footer=1),
    Command("templates.next", "tab", "next_field", "fields", "Go to the next field.", Scope.TEMPLATES, footer=3),
    Command(
        "templates.later",
        "alt+l",
        "send(True)",
        "send later",
        "Send the template at a time you choose.",
        Scope.TEMPLATES,
        footer=5,
    ),
    Command(
        "templates.text",
        "ctrl+t",
        "typed_text",
        "your text",
        "Put the text you had typed into the field.",
        Scope.TEMPLATES,
        footer=4,
    ),
    Command(
        "templates.back",
        "escape",
        "back",
        "back",
        "Go back to the contact; the text you had typed is kept.",
        Scope.TEMPLATES,
        footer=2,
    ),
)
