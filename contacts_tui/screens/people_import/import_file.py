"""A dialog for the file from which people are to be imported."""

from pathlib import Path
from typing import ClassVar

from textual.binding import BindingType

from contacts_tui import services
from contacts_tui.commands import Scope
from contacts_tui.screens.file_picker import FilePicker
from contacts_tui.widgets.keys import bindings


class ImportFile(FilePicker[Path]):
    """A dialog whose result is the path of a file that may have people in it, or None."""

    CSS_PATH = "../file_dialogs.tcss"
    SCOPES = (Scope.IMPORT_FILE,)
    BINDINGS: ClassVar[list[BindingType]] = bindings(Scope.IMPORT_FILE)

    def __init__(self, begin: str) -> None:
        """Ask for a file; `begin` is the path in the field at first."""
        super().__init__("Import people from a file", begin, services.import_source.examine)
