"""The commands that apply everywhere."""

from contacts_tui.commands.command import Command, Scope

COMMANDS: tuple[Command, ...] = (
    Command(
        "app.help",
        "question_mark,f9",
        "app.help",
        "help",
        "Show every key, those of this screen first.",
        Scope.APP,
        footer=99,
        over_dialogs=True,
    ),
    Command(
        "app.palette",
        "colon,ctrl+p",
        "app.command_palette",
        "commands",
        "Find a command or a person by a few letters.",
        Scope.APP,
        footer=90,
    ),
    Command(
        "app.jump",
        "apostrophe,alt+j",
        "app.jump",
        "jump",
        "Put letters on the people, views, channels, buttons, fields and messages in sight: typing them goes there.",
        Scope.APP,
        over_dialogs=True,
    ),
    Command(
        "app.arrived",
        "alt+g",
        "app.arrived",
        "open who wrote",
        "Open the person who wrote last while you were elsewhere.",
        Scope.APP,
    ),
    Command(
        "app.theme",
        "",
        "app.change_theme",
        "theme",
        "Change the colours; your choice is kept.",
        Scope.APP,
    ),
    Command(
        "app.quit",
        "ctrl+q",
        "app.quit",
        "quit",
        "Quit the program from any screen. Waiting messages are sent when it runs again.",
        Scope.APP,
        priority=True,
    ),
    Command(
        "app.interrupt",
        "ctrl+c",
        "app.interrupt",
        "quit",
        "Copy what is selected; with nothing selected, press twice to quit the program.",
        Scope.APP,
    ),
)
