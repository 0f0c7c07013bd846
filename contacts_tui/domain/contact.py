"""A person, and the addresses under which channels know them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from contacts_tui.domain.channel import Channel


@dataclass(frozen=True, slots=True)
class Contact:
    """A person. Text fields are raw, as they came in: clean them where they are drawn."""

    id: int
    name: str
    """The name that is shown; never empty (an unknown sender is named by its profile name or address)."""
    company: str
    emails: tuple[str, ...]
    tags: tuple[str, ...]
    note: str
    owner: str
    """The agent who looks after this person; empty for none."""
    time_zone: str
    """IANA name; empty when neither given nor derivable from the number."""
    created_at: datetime
    language: str = ""
    """A BCP 47 tag ("pt-BR"); empty when it isn't known."""
    attributes: Mapping[str, str] = field(default_factory=dict)
    """Values by the names of custom attributes: see `domain.attributes`."""
    blocked_at: datetime | None = None
    """When an agent blocked them; None when they aren't blocked."""


@dataclass(frozen=True, slots=True)
class NewContact:
    """A person who isn't stored yet; see `Contact` for the meaning of the fields."""

    name: str
    company: str = ""
    emails: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    note: str = ""
    owner: str = ""
    time_zone: str = ""
    language: str = ""
    attributes: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ContactChange:
    """The changes to a person; None leaves a field as it is."""

    name: str | None = None
    company: str | None = None
    emails: tuple[str, ...] | None = None
    tags: tuple[str, ...] | None = None
    note: str | None = None
    owner: str | None = None
    time_zone: str | None = None
    language: str | None = None
    attributes: Mapping[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Identity:
    """One address of a contact on one channel. Opt-out and window belong here, never to the contact."""

    id: int
    contact_id: int
    channel: Channel
    address: str
    """The raw address to answer to, exactly as the provider (or the import) wrote it, without `whatsapp:`."""
    key: str
    """The alias key of the address: two spellings of a number have the same key (see `address.alias_key`)."""
    inbox_id: int | None
    """The inbox that knows this address; None for phone numbers, which every inbox can reach."""
    profile_name: str
    opted_out_at: datetime | None
    """When the provider reported an opt-out, with a message of theirs or by refusing ours (21610); None without one."""
    blocked_at: datetime | None
    """When the person blocked our bot; None when they haven't. A STOP word is an opt-out, not a block."""
    refusal_code: str
    """The provider's code that made this address useless for good (for instance 21614, not a mobile); empty
    otherwise."""
    stop_asked_at: datetime | None = None
    """When they last wrote what reads like a wish to stop, but isn't an opt-out; None once an agent has seen it."""
