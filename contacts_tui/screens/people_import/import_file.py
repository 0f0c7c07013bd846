"""Chooses the file that people are to be imported from."""

from pathlib import Path
from typing import ClassVar

from textual.binding import BindingType

from contacts_tui import services
from contacts_tui.commands import Scope
from contacts_tui.screens.file_picker import FilePicker
from contacts_tui.widgets.keys import bindings


class ImportFile(FilePicker[Path]):
    """Returns the path of a file that may have people in it, or None."""

    CSS_PATH = "../file_dialogs.tcss"
    SCOPES = (Scope.IMPORT_FILE,)
    BINDINGS: ClassVar[list[BindingType]] = bindings(Scope.IMPORT_FILE)

    def __init__(self, begin: str) -> None:
        """`begin` is the path that stands in the field at first."""
        super().__init__("Import people from a file", begin, services.import_source.examine)
