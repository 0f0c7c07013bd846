"""What goes with a message in one request, which is all that an adapter makes of it."""

from contacts_tui.channels import local_errors
from contacts_tui.channels.base import Outgoing, Refused
from contacts_tui.domain.attachments import goes_with_text
from contacts_tui.domain.limits import Limits
from contacts_tui.domain.text import counted


def apart(outgoing: Outgoing, limits: Limits) -> Refused | None:
    """Why text and files can't go as one message; None when they can. Who stores messages makes two of such a one.

    In several requests half of it could arrive, and neither "failed" nor "sent" would be true.
    """
    if len(outgoing.files) > 1:
        return Refused(local_errors.APART, f"{counted(len(outgoing.files), 'file')}")
    for file in outgoing.files:
        if outgoing.body and not goes_with_text(limits, file.content_type, outgoing.body):
            return Refused(local_errors.APART, f"{file.name} with a text of {counted(len(outgoing.body), 'character')}")
    return None
