"""What can be done everywhere."""

from contacts_tui.commands.command import Command, Scope

COMMANDS: tuple[Command, ...] = (
    Command(
        "app.help",
        "question_mark,f9",
        "app.help",
        "help",
        "Shows every key, beginning with those of this screen; f9 works while you type.",
        Scope.APP,
        footer=99,
    ),
    Command(
        "app.palette",
        "colon,ctrl+p",
        "app.command_palette",
        "commands",
        "Finds a command or a person by a few letters; ctrl+p works while you type.",
        Scope.APP,
        footer=90,
    ),
    Command(
        "app.theme",
        "",
        "app.change_theme",
        "theme",
        "Changes the colours, until the program ends.",
        Scope.APP,
    ),
    Command(
        "app.quit",
        "ctrl+q",
        "app.quit",
        "quit",
        "Leaves the program from any screen. What waits to be sent leaves when it runs again.",
        Scope.APP,
        priority=True,
    ),
    Command(
        "app.interrupt",
        "ctrl+c",
        "app.interrupt",
        "quit",
        "Pressed twice, leaves the program; in a text field it copies what is selected.",
        Scope.APP,
    ),
)
