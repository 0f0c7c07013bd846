"""The form of a Twilio webhook: read in the one way that its signature allows, and compared with its inbox."""

import re
from collections.abc import Sequence
from urllib.parse import parse_qsl

from contacts_tui.channels.base import BadRequest, WebhookKind
from contacts_tui.domain.inbox import Inbox

WHATSAPP = "whatsapp:"
"""What a WhatsApp address begins with at Twilio; not kept."""
RCS = "rcs:"
"""What an RCS address begins with at Twilio; not kept, for the number behind it is the person's."""

SERVICE_PREFIX = "MG"
"""What the id of a messaging service begins with: such an inbox has many numbers, and Twilio picks one."""

MOST_FIELDS = 500
"""Fields of one form. Twilio sends some forty."""

_RELIED = ("AccountSid", "Body", "From", "MessageSid", "MessageStatus", "MessagingServiceSid", "OptOutType", "To")
"""Fields on which we rely."""
_ADDRESSES = ("From", "To")
_ENDING = re.compile(r"(?:[A-Z][a-z]+)+")
"""What Twilio's own names have behind another's, as in FromCity. No address, id or status looks so."""
_NUMBER = re.compile(r"\+[^A-Za-z]*")


class Form(dict[str, str]):
    """The fields by name; of a repeated one the first. `getlist` is what the SDK's validator looks for."""

    def __init__(self, pairs: Sequence[tuple[str, str]]) -> None:
        """`pairs`: names and values as they came."""
        super().__init__(reversed(pairs))
        self._pairs = pairs

    def getlist(self, name: str) -> list[str]:
        """Return every value of a field, for the signature covers them all."""
        return [value for key, value in self._pairs if key == name]


def read(body: bytes) -> Form:
    """Return the fields of a body. Raises BadRequest for what is no form, or one that can be read in two ways.

    Twilio signs names and values written one behind the other without a mark between them, so that `From=+12` and
    `Fro=m+12` have one signature. Whoever got hold of a signed request could move the borders between its fields. So a
    form is refused in which a field that we rely on stands twice, lends its name to the beginning of one that Twilio
    can't have made, or has a number that runs on into letters.
    """
    try:
        # Blank fields are signed too, so they are kept.
        pairs = parse_qsl(body.decode("ascii"), keep_blank_values=True, errors="strict", max_num_fields=MOST_FIELDS)
    except ValueError as error:
        raise BadRequest("The form can't be read.") from error
    form = Form(pairs)
    if not (all(map(_is_clear, form)) and all(len(form.getlist(name)) <= 1 for name in _RELIED) and _has_whole(form)):
        raise BadRequest("The form can be read in more than one way under the same signature.")
    return form


def _is_clear(name: str) -> bool:
    longer = (name.removeprefix(relied) for relied in _RELIED if name.startswith(relied) and name != relied)
    return all(_ENDING.fullmatch(ending) for ending in longer)


def _has_whole(form: Form) -> bool:
    """Whether no number runs on into what was the name of the next field."""
    found = (form.get(name, "").strip().removeprefix(WHATSAPP).removeprefix(RCS) for name in _ADDRESSES)
    return all(_NUMBER.fullmatch(address) for address in found if address.startswith("+"))


def check_meant_for(inbox: Inbox, kind: WebhookKind, form: Form) -> None:
    """Refuse a signed request that is about another account, sender or messaging service. Raises BadRequest.

    One auth token signs for all senders of an account, so a signature alone doesn't say that the request is for this
    inbox. What a form doesn't say is not compared.
    """
    account = form.get("AccountSid", "").strip()
    if account and inbox.account and account != inbox.account:
        raise BadRequest(f"The request is for the account {account}, but this inbox belongs to another one.")
    ours = form.get("To" if kind is WebhookKind.INBOUND else "From", "").strip()
    service = form.get("MessagingServiceSid", "").strip()
    if inbox.address.startswith(SERVICE_PREFIX):
        if service and service != inbox.address:
            raise BadRequest(f"The request is for the messaging service {service}, but this inbox is another one.")
    elif ours and not ours.startswith(RCS) and _bare(ours) != _bare(inbox.address):
        raise BadRequest(
            f"The request is for {ours}, but this inbox is {inbox.address}: enter this inbox's address at its own "
            "number only."
        )


def _bare(address: str) -> str:
    return address.removeprefix(WHATSAPP).lstrip("+ ")
