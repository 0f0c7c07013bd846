"""The form of a Twilio webhook: reading it only when its signature allows no other reading, and checking its inbox."""

import re
from collections.abc import Mapping, Sequence
from urllib.parse import parse_qsl

from contacts_tui.channels.base import BadRequest, WebhookKind
from contacts_tui.channels.untrusted import is_blank
from contacts_tui.domain.inbox import Inbox

WHATSAPP = "whatsapp:"
"""Prefix of a WhatsApp address at Twilio; not stored."""
RCS = "rcs:"
"""Prefix of an RCS address at Twilio; not stored, as the number after it is the person's."""

SERVICE_PREFIX = "MG"
"""Prefix of a messaging service's id: such an inbox has many numbers, and Twilio chooses one."""

MOST_FIELDS = 500
"""The most fields of a form. Twilio sends some forty."""

USER_IDS = ("ExternalUserId", "ExternalUserIdentifier", "ParentExternalUserId", "ParentExternalUserIdentifier")
"""Fields with a WhatsApp user id: the documented names, and those that the changelog announced."""

_RELIED = (
    "AccountSid",
    "Body",
    "From",
    "MessageSid",
    "MessageStatus",
    "MessagingServiceSid",
    "OptOutType",
    "To",
    "WaId",
    *USER_IDS,
)
"""Fields on which we rely: whom a message is from and to, what it says, and what it asks for."""
_BEGINNINGS = frozenset(relied[:end] for relied in _RELIED for end in range(len(relied)))
"""Beginnings of these names: with the beginning of its value, such a field's name could become one of them."""
_ALWAYS = ("AccountSid", "Body", "From", "MessageSid", "To")
"""Those of these fields that every inbound form of Twilio has."""
_ADDRESSES = ("From", "To")
_SID = re.compile(r"[A-Za-z0-9]{1,34}")
_SIDS = ("AccountSid", "MessageSid", "MessagingServiceSid")
_PAIR = re.compile(
    # Each alternative begins with a literal letter, so that `re` skips every other position without trying.
    r"From(?:whatsapp:|rcs:|\+[0-9])|To(?:whatsapp:|rcs:|\+[0-9])"
    r"|AccountSidAC[0-9a-f]{32}|MessageSid[SM]M[0-9a-f]{32}|MessagingServiceSidMG[0-9a-f]{32}"
    r"|OptOutType(?:STOP|START|HELP)|MediaUrl[0-9]https?:|MessageStatus[a-z]"
)
"""A field on which we rely, name and value in one: within another field's value, it was once a field of its own."""
_PAIR_IN_TEXT = re.compile(
    r"From(?:whatsapp:|rcs:|\+)[0-9A-Za-z.+]{0,40}?(?<=[0-9a-z])[A-Z][a-z]"
    r"|To(?:whatsapp:|rcs:|\+)[0-9A-Za-z.+]{0,40}?(?<=[0-9a-z])[A-Z][a-z]"
    r"|AccountSidAC[0-9a-f]{32}|MessageSid[SM]M[0-9a-f]{32}"
)
"""The same within a text, where a person may well write "From+12": only with the beginning of a next field after it."""
_WORD = re.compile(r"[A-Z][a-z]*")
_WORDS = frozenset({"Forwarded"})
"""Twilio's own names between Body and From that are single words, as a word at the end of a text would be."""
_ENDING = re.compile(r"(?:[A-Z][a-z]+)+")
"""The ending of Twilio's own names that begin with another name, as in FromCity. No address, id or status matches."""
_NUMBER = re.compile(r"\+[^A-Za-z]*")


class Form(dict[str, str]):
    """The fields by name; of a repeated one the first. The SDK's validator calls `getall` where it exists."""

    def __init__(self, pairs: Sequence[tuple[str, str]]) -> None:
        """Take `pairs`: names and values in the order of the body."""
        super().__init__(reversed(pairs))
        self._pairs = pairs

    @property
    def has_no_repeats(self) -> bool:
        """Whether every field occurs once."""
        return len(self) == len(self._pairs)

    def getall(self, name: str) -> list[str]:
        """Return every value of a field, as the signature covers them all."""
        return [self[name]] if self.has_no_repeats else [value for key, value in self._pairs if key == name]


def read(body: bytes) -> Form:
    """Return the fields of a body. Raise BadRequest when it isn't a form, or one that can be read in two ways.

    Twilio signs names and values joined without any separator, so that `From=+12` and `Fro=m+12` have the same
    signature. A person who got hold of a signed request could move the borders between its fields. So a form is refused
    when a field that we rely on occurs twice, is the beginning of a name that Twilio can't have made, is cut within its
    name, lies within another field's value, or has a number or id that continues with letters; and when the text may
    continue in what looks like a field. A message that is refused because a person wrote such a text is fetched from
    Twilio's list.
    """
    try:
        # Blank fields are signed too, so they are kept.
        pairs = parse_qsl(body.decode("ascii"), keep_blank_values=True, errors="strict", max_num_fields=MOST_FIELDS)
    except ValueError as error:
        raise BadRequest("The form can't be read.") from error
    form = Form(pairs)
    is_clear = all(map(_is_clear, form)) and _are_apart(pairs) and _has_whole(form) and not _may_end_text(form)
    if not (is_clear and _is_single(form) and _has_all(form)):
        raise BadRequest("The form can be read in more than one way under the same signature.")
    return form


def _is_clear(name: str) -> bool:
    if name in _RELIED:
        return True
    if not name.startswith(_RELIED):
        return True
    longer = (name.removeprefix(relied) for relied in _RELIED if name.startswith(relied) and name != relied)
    return all(_ENDING.fullmatch(ending) for ending in longer)


def of_new_names(form: Mapping[str, str]) -> dict[str, str]:
    """Return the fields that come after the text in the signed order, and whose names could be words of the text."""
    return {
        name: value
        for name, value in form.items()
        if "Body" < name < "From" and _WORD.fullmatch(name) and name not in _WORDS
    }


def _may_end_text(form: Form) -> bool:
    """Return whether the text may continue in another field. Without a text these fields are shown: nothing is lost."""
    return not is_blank(form.get("Body", "")) and bool(of_new_names(form))


def _are_apart(pairs: Sequence[tuple[str, str]]) -> bool:
    """Return whether no field is a part of one on which we rely, or has one in its name or value."""
    if any(name in _BEGINNINGS and _becomes_another(name, value) for name, value in pairs):
        return False
    if any(name == "Body" and _PAIR_IN_TEXT.search(value) for name, value in pairs):
        return False
    # No match contains a NUL, so one search over the joined texts finds it only within one of them.
    texts = (text for name, value in pairs for text in (name, "" if name == "Body" else value))
    return not _PAIR.search("\0".join(texts))


def _becomes_another(name: str, value: str) -> bool:
    return any(relied != name and relied.startswith(name) and (name + value).startswith(relied) for relied in _RELIED)


def _is_single(form: Form) -> bool:
    """Return whether no field on which we rely occurs twice."""
    return form.has_no_repeats or all(len(form.getall(name)) <= 1 for name in _RELIED)


def _has_all(form: Form) -> bool:
    """Return whether no field that Twilio always sends is missing while its name is within another field."""
    missing = [name for name in _ALWAYS if name not in form]
    return not any(name in text for name in missing for field in form.items() for text in field)


def _has_whole(form: Form) -> bool:
    """Return whether no number or id continues with letters, which may have been the next field's name."""
    if not all(_SID.fullmatch(form[name].strip()) for name in _SIDS if form.get(name)):
        return False
    found = (form.get(name, "").strip().removeprefix(WHATSAPP).removeprefix(RCS) for name in _ADDRESSES)
    return all(_NUMBER.fullmatch(address) for address in found if address.startswith("+"))


def check_meant_for(inbox: Inbox, kind: WebhookKind, form: Form) -> None:
    """Raise BadRequest for a signed request that is about another account, number or messaging service.

    One auth token signs for all senders of an account, so a signature alone doesn't prove that the request is for this
    inbox. A field that the form doesn't have isn't compared.
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
