"""Canned replies: texts that are often sent, with variables for what is known of the person."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from contacts_tui.domain.contact import Contact
from contacts_tui.domain.text import first_name, last_name, one_line

_VARIABLE = re.compile(r"\{\{\s*([a-z][a-z ]*?)\s*\}\}", re.IGNORECASE)

VARIABLES = ("name", "first name", "last name", "company", "email", "agent")
"""The variables: those of the person, and the agent who writes."""


@dataclass(frozen=True, slots=True)
class CannedReply:
    """A text with a name."""

    name: str
    text: str
    author: str = ""
    """The agent to whom it belongs; empty for one that all agents on the store have."""

    @property
    def is_shared(self) -> bool:
        """Whether all agents have it."""
        return not self.author


def known_of(contact: Contact, agent: str) -> dict[str, str]:
    """Return the variables that have a value for this person, with their values."""
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
    """Return a text with its variables filled in; a variable without a value stays as it is written."""
    return _VARIABLE.sub(lambda found: values.get(_plain(found[1])) or found[0], text)


def left_open(text: str) -> tuple[str, ...]:
    """Return the variables in a text, each once, as they are written."""
    return tuple(dict.fromkeys(found[0] for found in _VARIABLE.finditer(text)))


def unknown(text: str) -> tuple[str, ...]:
    """Return the variables in a text that don't exist, each once, as they are written."""
    return tuple(dict.fromkeys(found[0] for found in _VARIABLE.finditer(text) if _plain(found[1]) not in VARIABLES))


def _plain(name: str) -> str:
    return " ".join(name.lower().split())
