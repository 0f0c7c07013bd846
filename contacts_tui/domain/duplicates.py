"""Contacts that may be the same person, and the keys by which they are found."""

from collections.abc import Iterable
from dataclasses import dataclass

from contacts_tui.domain.address import likeness_key
from contacts_tui.domain.channel import Channel
from contacts_tui.domain.contact import Contact, Identity

SHARED = 5
"""An email address or number that more contacts than this have belongs to no single person (a switchboard, info@), so
it suggests nothing."""

_NUMBER, _EMAIL = "tel:", "mail:"


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Two contacts that may be the same person. Never merged without an agent's decision."""

    contact: Contact
    """The older one."""
    other: Contact
    reason: str
    """What they share, in words; with raw text from outside."""


def likeness_keys(emails: Iterable[str], addresses: Iterable[tuple[Channel, str]]) -> set[str]:
    """Return the keys by which a contact is recognised: of its emails in any case, and its numbers in any spelling.

    `addresses` are channels with alias keys.
    """
    folded = (email.strip().casefold() for email in emails)
    # Two channels mostly have the same number.
    phones = {key: channel for channel, key in addresses if channel.by_phone}
    numbers = (likeness_key(channel, key) for key, channel in phones.items())
    return {_EMAIL + email for email in folded if email} | {_NUMBER + number for number in numbers if number}


def is_number(key: str) -> bool:
    """Return whether this key is that of a phone number."""
    return key.startswith(_NUMBER)


def bare(key: str) -> str:
    """Return a key without the prefix of its kind: a number's digits, or an email address in lower case."""
    return key.partition(":")[2]


@dataclass(frozen=True, slots=True)
class Candidate:
    """A contact with which another one may be merged or linked."""

    contact: Contact
    identities: tuple[Identity, ...]
    reason: str
    """Why it is suggested, in words; empty for one that was searched for."""


def is_known_by_chat_only(identities: Iterable[Identity]) -> bool:
    """Return whether these are Telegram chats and Messenger ids only: an agent alone can tell whose they are."""
    known = tuple(identities)
    return bool(known) and not any(identity.channel.by_phone for identity in known)
