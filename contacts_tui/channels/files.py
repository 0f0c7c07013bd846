"""Whether a text and its files fit into one request: an adapter makes only one for each message."""

from contacts_tui.channels import local_errors
from contacts_tui.channels.base import Outgoing, Refused
from contacts_tui.domain.attachments import goes_with_text
from contacts_tui.domain.limits import Limits
from contacts_tui.domain.text import counted


def apart(outgoing: Outgoing, limits: Limits) -> Refused | None:
    """Return the refusal of a text and files that can't go as one message; None when they can.

    They are stored as separate messages: in several requests half of one message could arrive, and neither "failed" nor
    "sent" would be true.
    """
    if len(outgoing.files) > 1:
        return Refused(local_errors.APART, f"{counted(len(outgoing.files), 'file')}")
    for file in outgoing.files:
        if outgoing.body and not goes_with_text(limits, file.content_type, outgoing.body):
            return Refused(local_errors.APART, f"{file.name} with a text of {counted(len(outgoing.body), 'character')}")
    return None
