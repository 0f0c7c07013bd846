"""Addresses as Twilio writes them: a number, or a channel, a colon and a number or a WhatsApp user id."""

import re

WHATSAPP = "whatsapp:"
"""What a WhatsApp address begins with."""

RCS = "rcs:"
"""What an RCS address begins with. Its number is also that of the person's SMS."""

_USER_ID = re.compile(r"[A-Z]{2}\.(?:ENT\.)?[A-Za-z0-9]{1,128}")
_E164 = re.compile(r"\+[1-9][0-9]{6,14}")
_CHANNEL = re.compile(r"[a-z]+:")
_PUNCTUATION = re.compile(r"[ ().-]")


def channel_prefix(address: str) -> str:
    """Return the channel prefix of an address, such as `whatsapp:`; empty for a plain number."""
    found = _CHANNEL.match(address)
    return found.group() if found else ""


def bare_number(address: str) -> str:
    """Return an address without its channel prefix."""
    return address[len(channel_prefix(address)) :]


def normalised(address: str) -> str | None:
    """Return an address with its number in E.164, or None when it holds no number in international form.

    The usual punctuation inside a number is accepted, as by Twilio. A WhatsApp user id stays as it is: its case
    matters.
    """
    prefix = channel_prefix(address)
    if prefix == WHATSAPP and is_user_id(bare_number(address)):
        return address
    number = _PUNCTUATION.sub("", bare_number(address))
    return prefix + number if _E164.fullmatch(number) else None


def is_user_id(text: str) -> bool:
    """Return whether a text is a WhatsApp user id: country, point, `ENT.` if a parent's, 1 to 128 letters or digits."""
    return _USER_ID.fullmatch(text) is not None
