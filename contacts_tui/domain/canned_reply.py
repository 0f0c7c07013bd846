"""Canned replies: texts that are sent often, with variables for what is known of the person."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from contacts_tui.domain.contact import Contact
from contacts_tui.domain.text import first_name, last_name, one_line

_VARIABLE = re.compile(r"\{\{\s*([a-z][a-z ]*?)\s*\}\}", re.IGNORECASE)

VARIABLES = ("name", "first name", "last name", "company", "email", "agent")
"""What can be filled in: of the person, and who writes."""


@dataclass(frozen=True, slots=True)
class CannedReply:
    """A text with a name."""

    name: str
    text: str
    author: str = ""
    """Whose it is; empty for one that everybody on the store has."""

    @property
    def is_shared(self) -> bool:
        """Whether everybody has it."""
        return not self.author


def known_of(contact: Contact, agent: str) -> dict[str, str]:
    """Return the variables that have a value with this person."""
    first = first_name(contact.name)
    values = {
        "name": one_line(contact.name) if first else "",
        "first name": first,
        "last name": last_name(contact.name),
        "company": one_line(contact.company),
        "email": one_line(contact.emails[0]) if contact.emails else "",
        "agent": one_line(agent),
    }
    return {name: value for name, value in values.items() if value}


def filled(text: str, values: Mapping[str, str]) -> str:
    """Return a text with its variables filled in; one without a value stays as it is written."""
    return _VARIABLE.sub(lambda found: values.get(_plain(found[1])) or found[0], text)


def left_open(text: str) -> tuple[str, ...]:
    """Return the variables that a text still holds, as they are written."""
    return tuple(dict.fromkeys(found[0] for found in _VARIABLE.finditer(text)))


def unknown(text: str) -> tuple[str, ...]:
    """Return the variables of a text that nothing fills in, as they are written."""
    return tuple(dict.fromkeys(found[0] for found in _VARIABLE.finditer(text) if _plain(found[1]) not in VARIABLES))


def _plain(name: str) -> str:
    return " ".join(name.lower().split())
