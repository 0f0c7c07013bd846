"""People who may be one person, and what makes them alike."""

from collections.abc import Iterable
from dataclasses import dataclass

from contacts_tui.domain.address import likeness_key
from contacts_tui.domain.channel import Channel
from contacts_tui.domain.contact import Contact, Identity

SHARED = 5
"""An email address or number that more people than this have is nobody's own (a switchboard, info@): it suggests
nothing."""

_NUMBER, _EMAIL = "tel:", "mail:"


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Two contacts that may be one person. Never merged without a person's word."""

    contact: Contact
    """The one known first."""
    other: Contact
    reason: str
    """What they share, for people; with raw text from outside."""


def likeness_keys(emails: Iterable[str], addresses: Iterable[tuple[Channel, str]]) -> set[str]:
    """What a contact is recognised by: its email addresses in any case, and its numbers in any spelling.

    `addresses` are channels with alias keys.
    """
    folded = (email.strip().casefold() for email in emails)
    # One number is mostly that of two channels.
    phones = {key: channel for channel, key in addresses if channel.by_phone}
    numbers = (likeness_key(channel, key) for key, channel in phones.items())
    return {_EMAIL + email for email in folded if email} | {_NUMBER + number for number in numbers if number}


def is_number(key: str) -> bool:
    """Whether this likeness is a number's."""
    return key.startswith(_NUMBER)


def bare(key: str) -> str:
    """A likeness without the mark of its kind: a number's digits, or an email address in lower case."""
    return key.partition(":")[2]


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody with whom a contact may be merged or linked."""

    contact: Contact
    identities: tuple[Identity, ...]
    reason: str
    """Why they are suggested, for people; empty for somebody who was searched for."""


def is_known_by_chat_only(identities: Iterable[Identity]) -> bool:
    """Whether these are Telegram chats and Messenger ids only: nothing but a person can tell whose they are."""
    known = tuple(identities)
    return bool(known) and not any(identity.channel.by_phone for identity in known)
