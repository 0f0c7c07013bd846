"""Importing people: the file, the preview, and the import while it runs."""

from contacts_tui.commands.command import Command, Scope
from contacts_tui.commands.movement import movement

COMMANDS: tuple[Command, ...] = (
    Command(
        "import_file.choose", "enter", "choose", "preview", "Show what would come in.", Scope.IMPORT_FILE, footer=1
    ),
    Command(
        "import_file.complete",
        "tab",
        "complete",
        "complete",
        "Complete the path, then open the folder under the cursor.",
        Scope.IMPORT_FILE,
        footer=3,
    ),
    *movement(
        Scope.IMPORT_FILE,
        {
            "down": "Go to the next name.",
            "up": "Go to the previous name.",
            "page_down": "Move one page down.",
            "page_up": "Move one page up.",
        },
    ),
    Command("import_file.back", "escape", "back", "back", "Go back without importing.", Scope.IMPORT_FILE, footer=2),
    Command(
        "import.start",
        "ctrl+s",
        "screen.start",
        "import",
        "Import the people of the file as the preview shows them.",
        Scope.IMPORT,
        footer=1,
    ),
    Command(
        "import.change",
        "enter",
        "choose",
        "change",
        "Change how the file is read, what a column means, or what happens to people you already have.",
        Scope.IMPORT,
        footer=3,
    ),
    Command(
        "import.more",
        "space",
        "screen.more",
        "more",
        "Scroll through the first rows and problems, and back to the top.",
        Scope.IMPORT,
        footer=4,
    ),
    Command("import.back", "escape,q", "screen.back", "back", "Go back without importing.", Scope.IMPORT, footer=2),
    *movement(
        Scope.IMPORT,
        {
            "down": "Go to the next setting or column.",
            "up": "Go to the previous setting or column.",
            "page_down": "Move one page down.",
            "page_up": "Move one page up.",
            "first": "Go to the first setting.",
            "last": "Go to the last column.",
        },
    ),
    Command(
        "importing.stop",
        "escape",
        "stop",
        "stop",
        "Stop the import: keep what came in, or take it out again.",
        Scope.IMPORTING,
        footer=2,
    ),
)
