"""The identity behind an address: known, known by another name, or a new person's."""

from collections.abc import Sequence

from sqlmodel import Session

from contacts_tui.domain import address as addresses
from contacts_tui.domain.channel import Channel
from contacts_tui.domain.clock import Clock
from contacts_tui.domain.contact import ContactChange, Identity, NewContact
from contacts_tui.domain.inbox import Inbox
from contacts_tui.services import merging
from contacts_tui.store import aliases, contacts


def known(session: Session, inbox: Inbox, address: str) -> Identity | None:
    """Return the identity of this address at an inbox, in any spelling or by another name of it, or None."""
    key = addresses.alias_key(inbox.channel, address)
    found = contacts.find_identity(session, inbox.channel, key, inbox.id)
    if found is None and inbox.channel is Channel.WHATSAPP and addresses.is_of_inbox(inbox.channel, key):
        return aliases.find(session, inbox.id, key)
    return found


def find_or_add(
    session: Session,
    clock: Clock,
    inbox: Inbox,
    address: str,
    profile_name: str = "",
    other_names: Sequence[str] = (),
) -> Identity:
    """Return the identity of this address, a new person's if it is unknown.

    `other_names` are user ids that the provider gave for the same person. A number known on another channel belongs to
    the same person, and so does an address one of whose other names is known: two identities become one, and two
    contacts are merged, in the journal of merges. A message is never refused for an odd address.
    """
    identity = known(session, inbox, address)
    for name in other_names:
        other = known(session, inbox, name)
        if other is not None and (identity is None or other.id != identity.id):
            identity = _as_one(session, clock, inbox, identity, other, address)
    identity = identity or _add(session, clock, inbox, address, profile_name)
    for name in other_names:
        if name != identity.address:
            aliases.keep(session, inbox.id, addresses.alias_key(inbox.channel, name), identity.id)
    # A number stays the address when a user id comes alone. Else the provider's spelling is the one that reaches them
    # (Brazil's ninth digit, Mexico's 1).
    is_second_name = _is_id(inbox, address) and not _is_id(inbox, identity.address)
    contacts.set_address(session, clock, identity, identity.address if is_second_name else address, profile_name)
    if inbox.channel is Channel.WHATSAPP:
        _name(session, clock, identity.id)
    if identity.refusal_code:
        contacts.set_refusal(session, clock, identity.id, "")
    return identity


def _as_one(
    session: Session, clock: Clock, inbox: Inbox, identity: Identity | None, other: Identity, address: str
) -> Identity | None:
    """Return one identity for `identity` (None: none has this address yet) and `other`; two numbers stay apart."""
    if identity is None and _is_id(inbox, address):
        aliases.keep(session, inbox.id, addresses.alias_key(inbox.channel, address), other.id)
        return other
    if identity is None:
        owner = _owner_of_number(session, inbox.channel, addresses.alias_key(inbox.channel, address))
        if not _is_id(inbox, other.address):
            # Another number of the same person: both stay, each with its thread.
            return contacts.add_identity(session, clock, owner or other.contact_id, inbox.channel, address, inbox.id)
        if owner is not None and owner != other.contact_id:
            merging.merge(session, clock, owner, other.contact_id, author=inbox.channel.label)
        key = addresses.alias_key(inbox.channel, address)
        renamed = aliases.readdress(session, clock, other, address, key)
        aliases.keep(session, inbox.id, other.key, renamed.id)
        return renamed
    if not _is_id(inbox, identity.address) and not _is_id(inbox, other.address):
        return identity
    kept, gone = (other, identity) if _is_id(inbox, identity.address) else (identity, other)
    if kept.contact_id != gone.contact_id:
        merging.merge(session, clock, kept.contact_id, gone.contact_id, author=inbox.channel.label)
    aliases.absorb(session, clock, kept.id, gone.id)
    aliases.keep(session, inbox.id, gone.key, kept.id)
    return contacts.identity(session, kept.id)


def _add(session: Session, clock: Clock, inbox: Inbox, address: str, profile_name: str) -> Identity:
    owner = _owner_of_number(session, inbox.channel, addresses.alias_key(inbox.channel, address))
    if owner is None:
        name = addresses.stranger_name(address, profile_name)
        zone = addresses.time_zone_of(address) if inbox.channel.by_phone else ""
        owner = contacts.insert(session, clock, NewContact(name, time_zone=zone)).id
    return contacts.add_identity(
        session, clock, owner, inbox.channel, address, inbox_id=inbox.id, profile_name=profile_name
    )


def _name(session: Session, clock: Clock, identity_id: int) -> None:
    """Give a nameless person their profile name, else their number, as a name."""
    identity = contacts.identity(session, identity_id)
    if identity is None:
        return
    contact = contacts.get(session, identity.contact_id)
    name = addresses.stranger_name(identity.address, identity.profile_name)
    if contact is not None and contact.name == addresses.NAMELESS != name:
        contacts.update(session, clock, contact.id, ContactChange(name=name))


def _owner_of_number(session: Session, channel: Channel, key: str) -> int | None:
    if not channel.by_phone or addresses.is_of_inbox(channel, key):
        return None
    for other in Channel:
        if other.by_phone and other is not channel:
            identity = contacts.find_identity(session, other, key, None)
            if identity is not None:
                return identity.contact_id
    return None


def _is_id(inbox: Inbox, address: str) -> bool:
    return addresses.is_of_inbox(inbox.channel, address)
