"""Adding a person from what was searched for: a number, an email address or a name."""

from dataclasses import dataclass

from sqlmodel import Session

from contacts_tui.domain.address import AddressError, alias_key, display_phone, normalize_phone
from contacts_tui.domain.channel import Channel
from contacts_tui.domain.clock import Clock
from contacts_tui.domain.reachability import Reach
from contacts_tui.services import people_edit, reachability
from contacts_tui.services.import_cells import read_emails
from contacts_tui.services.people_edit import Edited, PersonEdit
from contacts_tui.store import contacts

_LEAST_DIGITS = 5
"""How many digits make a text without letters a number."""


@dataclass(frozen=True, slots=True)
class Meant:
    """The value that a new person is known by."""

    field: str
    """The field of a person: "phones", "emails" or "name"."""
    text: str
    """The field's value."""
    number: str = ""
    """The number in E.164, where the text is one that can be written to; else empty."""

    @property
    def shown(self) -> str:
        """The value as people write it; not cleaned."""
        return display_phone(self.number) if self.number else self.text


@dataclass(frozen=True, slots=True)
class Begun:
    """A person to write to by a number."""

    contact_id: int
    edited: Edited | None
    """The change that added the person; None where they were known."""
    channel: Channel
    """The channel on which to begin."""


def read(text: str, region: str | None) -> Meant:
    """Return what a text means. `region` (ISO 3166) is the country of numbers without a code."""
    typed = text.strip()
    if "@" in typed and any(one.value for one in read_emails(typed)):
        return Meant("emails", typed)
    if sum(char.isdigit() for char in typed) < _LEAST_DIGITS or any(char.isalpha() for char in typed):
        return Meant("name", typed)
    try:
        return Meant("phones", typed, normalize_phone(typed, region))
    except AddressError:
        return Meant("phones", typed)


def begin(session: Session, clock: Clock, agent: str, number: str) -> Begun:
    """Return the person with a number in E.164, added if unknown, and the channel on which to begin.

    That is the first channel that is open to the number, SMS before WhatsApp; SMS where neither is.
    """
    known = contacts.by_key(session, alias_key(Channel.SMS, number))
    edited = None if known else people_edit.create(session, clock, agent, PersonEdit(add_phones=(number,)), None)
    contact = known[0] if edited is None else edited.contact
    states = reachability.channels(session, clock, contact.id, agent)
    usable = (one.channel for one in states if one.channel.by_phone and one.reach is not Reach.CLOSED)
    return Begun(contact.id, edited, next(usable, Channel.SMS))
