"""Addresses as Twilio writes them: a number, or a channel, a colon and a number."""

import re

WHATSAPP = "whatsapp:"
"""What a WhatsApp address begins with."""

_E164 = re.compile(r"\+[1-9][0-9]{6,14}")
_CHANNEL = re.compile(r"[a-z]+:")
_PUNCTUATION = re.compile(r"[ ().-]")


def channel_prefix(address: str) -> str:
    """`whatsapp:` and the like; empty for a plain number."""
    found = _CHANNEL.match(address)
    return found.group() if found else ""


def bare_number(address: str) -> str:
    """The address without its channel."""
    return address[len(channel_prefix(address)) :]


def normalised(address: str) -> str | None:
    """The address with its number in E.164, or None when it holds no number in international form.

    Twilio takes the usual punctuation inside a number, so this does too.
    """
    prefix = channel_prefix(address)
    number = _PUNCTUATION.sub("", bare_number(address))
    return prefix + number if _E164.fullmatch(number) else None
