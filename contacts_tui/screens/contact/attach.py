"""A dialog that chooses the file to send with a message."""

from typing import ClassVar

from textual.binding import BindingType

from contacts_tui import services
from contacts_tui.commands import Scope
from contacts_tui.domain.attachments import Attachment
from contacts_tui.domain.inbox import Inbox
from contacts_tui.screens.file_picker import FilePicker
from contacts_tui.widgets.keys import bindings


class AttachFile(FilePicker[Attachment]):
    """Returns a file that the channel takes, or None. For any other file it says why, and another can be chosen."""

    CSS_PATH = "../file_dialogs.tcss"
    SCOPES = (Scope.ATTACH,)
    BINDINGS: ClassVar[list[BindingType]] = bindings(Scope.ATTACH)

    def __init__(self, inbox: Inbox, begin: str) -> None:
        """Begin with the path `begin` in the field."""
        super().__init__(
            f"Attach a file · {inbox.channel.label}", begin, lambda text: services.media.examine(text, inbox)
        )
