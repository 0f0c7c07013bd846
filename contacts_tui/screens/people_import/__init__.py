"""Importing people on the screen: the file, the preview, and the import while it runs."""

from pathlib import Path
from typing import Any

from contacts_tui.domain.text import begun
from contacts_tui.screens.base import AgentScreen
from contacts_tui.screens.people_import.import_file import ImportFile
from contacts_tui.screens.people_import.preview import ImportScreen
from contacts_tui.screens.people_import.progress import Imported
from contacts_tui.screens.queue.queue_actions import undoable

_HOME = "~/"
"""The folder in which files are looked for at first."""


def ask_and_import(screen: AgentScreen[Any]) -> None:
    """Ask for a file, show what would be imported, import it, and say on this screen what that did."""

    def imported(done: Imported | None) -> None:
        if done is None:
            return
        if done.number is None:
            screen.say(f"{begun(done.words)}.")
        else:
            screen.say(undoable(screen, done.number, f"import: {done.words}", lambda ids: None))

    def chosen(path: Path | None) -> None:
        if path is not None:
            screen.app.push_screen(ImportScreen(path, screen.session.region), imported)

    screen.app.push_screen(ImportFile(_HOME), chosen)
