"""People and their addresses."""

from array import array
from collections.abc import Callable, Iterable, Mapping
from dataclasses import fields
from datetime import datetime, timedelta
from functools import cache, partial

from sqlalchemy import or_
from sqlmodel import Session, col

from contacts_tui.domain.address import alias_key, is_of_inbox
from contacts_tui.domain.change import ChangeKind
from contacts_tui.domain.channel import Channel
from contacts_tui.domain.clock import Clock, furthest
from contacts_tui.domain.contact import Contact, ContactChange, Identity, NewContact
from contacts_tui.domain.duplicates import likeness_keys
from contacts_tui.domain.text import NO_NAME, draws_nothing, name_or, searchable
from contacts_tui.domain.unknown_values import member
from contacts_tui.store import change_feed, duplicate_keys, forgotten_opt_outs, json_columns, search, sql
from contacts_tui.store.errors import IdentityTaken
from contacts_tui.store.people_tables import ContactRow, IdentityRow
from contacts_tui.store.timestamps import NEVER

_CANDIDATES = 200
"""The most people that a search for a name, an email address or a number looks at."""

_CONTACT = sql.Record(
    Contact,
    ContactRow,
    {
        "name": lambda name: NO_NAME if draws_nothing(name) else name,
        "emails": json_columns.texts,
        "tags": json_columns.texts,
        "attributes": json_columns.texts_by_name,
    },
)
IDENTITY = sql.Record(
    Identity,
    IdentityRow,
    {"channel": partial(member, Channel), "inbox_id": lambda scope: scope or None},
    inbox_id=IdentityRow.scope,
)
_BY_ID = _CONTACT.lookup("id")
_BY_IDS = _CONTACT.lookup(where=[sql.among(ContactRow.id, "ids")])
_LAST_INBOUND_AT = sql.lookup(ContactRow, "id", "last_inbound_at")
_NEW = tuple(field.name for field in fields(NewContact))
_INSERT = sql.insertion(ContactRow, *_NEW, "created_at", "search_text", "activity_at", "unread", "failing")
_CHANGE = {field.name: sql.change(ContactRow, "id", field.name) for field in fields(ContactChange)}
_BLOCK = sql.change(ContactRow, "id", "blocked_at")
_BLOCKED_AT = sql.lookup(ContactRow, "id", "blocked_at")
_WORDS = sql.lookup(ContactRow, "id", "name", "company", "emails", "tags", "attributes")
_KEEP_SEARCH_TEXT = sql.change(ContactRow, "id", "search_text")
_IDENTITY_BY_ID = IDENTITY.lookup("id")
_FIND_IDENTITY = IDENTITY.lookup("channel", "key", "scope")
_OF_CONTACT = IDENTITY.lookup("contact_id", order="id")
_OF_PEOPLE = IDENTITY.lookup(where=[sql.among(IdentityRow.contact_id, "ids")], order="id")
_ALL_IDS = sql.lookup(ContactRow, (), "id", order="id")
# The index that this lookup uses begins with the channel.
_ON_ANY_CHANNEL = col(IdentityRow.channel).in_([channel.value for channel in Channel])
_BY_KEY = sql.lookup(IdentityRow, "key", "contact_id", where=[_ON_ANY_CHANNEL])
_ADD_IDENTITY = sql.insertion(
    IdentityRow,
    *("contact_id", "channel", "address", "key", "scope", "profile_name", "refusal_code", "name_asks", "name_due"),
    "opted_out_at",
)
_SET_ADDRESS = sql.change(IdentityRow, "id", "address")
_SET_PROFILE_NAME = sql.change(IdentityRow, "id", "profile_name")
_LEARN = {
    name: sql.change(IdentityRow, "id", name)
    for name in ("opted_out_at", "stop_asked_at", "blocked_at", "refusal_code")
}
_NAME_ASKS = sql.lookup(IdentityRow, "id", "name_asks")
_NOTE_ASKED = sql.change(IdentityRow, "id", "name_asks", "name_due")
_ASK_NO_MORE = sql.change(IdentityRow, "id", "name_due")


@cache
def _nameless(pauses: tuple[int, ...], *, of_some: bool) -> sql.Statement:
    """Return the statement for nameless identities to ask about now; `furthest_N`: latest due time after N asks."""

    asked, due = col(IdentityRow.name_asks), col(IdentityRow.name_due)
    *each, last = pauses
    from_the_future = [(asked == asks) & (due > sql.param(f"furthest_{asks}")) for asks in each]
    from_the_future.append((asked >= last) & (due > sql.param(f"furthest_{last}")))
    where = [sql.among(IdentityRow.channel, "channels"), or_(due <= sql.param("now"), *from_the_future)]
    if of_some:
        where.append(sql.among(IdentityRow.contact_id, "ids"))
    return IDENTITY.lookup("profile_name", where=where)


def get(session: Session, contact_id: int) -> Contact | None:
    """Return the contact, or None."""
    return _CONTACT.one(session, _BY_ID, id=contact_id)


def by_ids(session: Session, ids: Iterable[int]) -> dict[int, Contact]:
    """Return the contacts of these ids, by id; those that don't exist are left out."""
    return {found.id: found for found in _CONTACT.several(session, _BY_IDS, ids=ids)}


def last_inbound_at(session: Session, contact_id: int) -> datetime | None:
    """Return when the person last wrote, over all channels; None when they never did."""
    row = sql.one(session, _LAST_INBOUND_AT, id=contact_id)
    return None if row is None else row[0]


def insert(session: Session, clock: Clock, new: NewContact) -> Contact:
    """Add a contact, and return it."""
    attributes = dict(new.attributes)
    words = (new.name, new.company, *new.emails, *new.tags, *attributes.values())
    contact_id = sql.inserted(
        session,
        _INSERT,
        **{name: getattr(new, name) for name in _NEW} | {"attributes": attributes},
        created_at=clock(),
        search_text=_search_text(words, ()),
        activity_at=NEVER,
        unread=0,
        failing=False,
    )
    duplicate_keys.keep(session, contact_id, likeness_keys(new.emails, ()))
    change_feed.record(session, clock, ChangeKind.CONTACT, contact_id=contact_id)
    return _CONTACT.existing(session, _BY_ID, id=contact_id)


def update(session: Session, clock: Clock, contact_id: int, change: ContactChange) -> Contact:
    """Change the given fields of an existing contact, leave the others, and return the contact."""
    for name, statement in _CHANGE.items():
        value = getattr(change, name)
        if value is not None:
            value = dict(value) if isinstance(value, Mapping) else value
            sql.write(session, statement, id=contact_id, **{name: value})
    refresh_search(session, contact_id)
    change_feed.record(session, clock, ChangeKind.CONTACT, contact_id=contact_id)
    return _CONTACT.existing(session, _BY_ID, id=contact_id)


def block(session: Session, clock: Clock, contact_id: int, at: datetime | None) -> None:
    """Store since when an agent blocks a person; None ends that."""
    sql.write(session, _BLOCK, id=contact_id, blocked_at=at)
    change_feed.record(session, clock, ChangeKind.CONTACT, contact_id=contact_id)


def blocked_at(session: Session, contact_id: int) -> datetime | None:
    """Return since when an agent blocks a person; None when the person isn't blocked."""
    row = sql.one(session, _BLOCKED_AT, id=contact_id)
    return None if row is None else row[0]


def identities(session: Session, contact_id: int) -> tuple[Identity, ...]:
    """Return the identities of a person, in the order in which they became known."""
    return IDENTITY.several(session, _OF_CONTACT, contact_id=contact_id)


def identities_of(session: Session, ids: Iterable[int]) -> dict[int, tuple[Identity, ...]]:
    """Return the identities of these people, each person's in the order in which they became known."""
    found: dict[int, tuple[Identity, ...]] = {}
    for one in IDENTITY.several(session, _OF_PEOPLE, ids=ids):
        found[one.contact_id] = (*found.get(one.contact_id, ()), one)
    return found


def all_ids(session: Session) -> "array[int]":
    """Return the ids of all people, first known first."""
    return array("q", (contact_id for (contact_id,) in sql.several(session, _ALL_IDS)))


def identity(session: Session, identity_id: int) -> Identity | None:
    """Return the identity with this id, or None."""
    return IDENTITY.one(session, _IDENTITY_BY_ID, id=identity_id)


def find_identity(session: Session, channel: Channel, key: str, inbox_id: int | None) -> Identity | None:
    """Return the identity with this alias key on a channel, or None; `inbox_id` counts for addresses of one inbox."""
    scope = _scope(channel, key, inbox_id)
    return IDENTITY.one(session, _FIND_IDENTITY, channel=channel.value, key=key, scope=scope)


def add_identity(
    session: Session,
    clock: Clock,
    contact_id: int,
    channel: Channel,
    address: str,
    inbox_id: int | None = None,
    profile_name: str = "",
) -> Identity:
    """Give a person an address and return its identity; one they have already, in any spelling, stays as it is.

    An address that was removed while opted out is opted out again. Raise IdentityTaken when another person has it.
    """
    key = alias_key(channel, address)
    known = find_identity(session, channel, key, inbox_id)
    if known is not None:
        if known.contact_id != contact_id:
            raise IdentityTaken(known)
        return known
    scope = _scope(channel, address, inbox_id)
    identity_id = sql.inserted(
        session,
        _ADD_IDENTITY,
        contact_id=contact_id,
        channel=channel.value,
        address=address,
        key=key,
        scope=scope,
        profile_name=name_or(profile_name, ""),
        refusal_code="",
        name_asks=0,
        name_due=NEVER,
        opted_out_at=clock() if forgotten_opt_outs.among(session, [(channel, key, scope)]) else None,
    )
    return _changed_identity(session, clock, identity_id)


def set_address(session: Session, clock: Clock, identity: Identity, address: str, profile_name: str = "") -> Identity:
    """Set the spelling that answers go to, and the profile name unless it draws nothing, and return the identity."""
    profile_name = name_or(profile_name, "")
    if identity.address == address and profile_name in ("", identity.profile_name):
        return identity
    sql.write(session, _SET_ADDRESS, id=identity.id, address=address)
    if profile_name:
        sql.write(session, _SET_PROFILE_NAME, id=identity.id, profile_name=profile_name)
    return _changed_identity(session, clock, identity.id)


def nameless(
    session: Session,
    now: datetime,
    channels: Iterable[Channel],
    pauses: Mapping[int, timedelta],
    contact_ids: Iterable[int] | None = None,
) -> tuple[Identity, ...]:
    """Return the identities on these channels, of these people or of all, whose unknown name may be asked for now.

    `pauses` tells how long to wait after asking so many times; after more of them, the longest. A time further ahead
    was set by a clock that has been set back since.
    """
    statement = _nameless(tuple(sorted(pauses)), of_some=contact_ids is not None)
    times = {f"furthest_{asks}": furthest(now, pause) for asks, pause in pauses.items()}
    values = {"profile_name": "", "now": now, "channels": [channel.value for channel in channels], "ids": contact_ids}
    return IDENTITY.several(session, statement, **times, **values)


def note_asked(session: Session, clock: Clock, identity_id: int, pause: Callable[[int], timedelta]) -> None:
    """Store that the provider is being asked for a name; `pause` returns how long to wait after so many times."""
    asks = sql.one(session, _NAME_ASKS, id=identity_id)[0] + 1
    sql.write(session, _NOTE_ASKED, id=identity_id, name_asks=asks, name_due=clock() + pause(asks))


def ask_no_more(session: Session, identity_id: int) -> None:
    """Store that the provider knows no name for an identity, so that it is never asked again."""
    sql.write(session, _ASK_NO_MORE, id=identity_id, name_due=None)


def set_opted_out(session: Session, clock: Clock, identity_id: int, at: datetime | None) -> None:
    """Store since when the person wants no more messages at this address; None when they want them again."""
    _learn(session, clock, identity_id, "opted_out_at", at)


def set_stop_asked(session: Session, clock: Clock, identity_id: int, at: datetime | None) -> None:
    """Store when the person wrote what reads like a wish for no more messages; None once an agent has seen it."""
    _learn(session, clock, identity_id, "stop_asked_at", at)


def set_blocked(session: Session, clock: Clock, identity_id: int, at: datetime | None) -> None:
    """Store since when the person blocks our bot or page; None when they don't any more."""
    _learn(session, clock, identity_id, "blocked_at", at)


def set_refusal(session: Session, clock: Clock, identity_id: int, code: str) -> None:
    """Store the provider's code by which the address can't be reached; empty when it can after all."""
    _learn(session, clock, identity_id, "refusal_code", code)


def _learn(session: Session, clock: Clock, identity_id: int, column: str, value: datetime | str | None) -> None:
    """Store a new value of an identity, and record the change; write nothing for a value that is stored already."""
    known = IDENTITY.existing(session, _IDENTITY_BY_ID, id=identity_id)
    if getattr(known, column) != value:
        sql.write(session, _LEARN[column], id=identity_id, **{column: value})
        change_feed.record(session, clock, ChangeKind.CONTACT, contact_id=known.contact_id)


def refresh_search(session: Session, contact_id: int) -> None:
    """Make the person findable, and recognisable as a duplicate, by what is stored of them now."""
    name, company, emails, tags, attributes = sql.one(session, _WORDS, id=contact_id)
    emails, addresses = json_columns.texts(emails), identities(session, contact_id)
    noted = json_columns.texts_by_name(attributes).values()
    text = _search_text((name, company, *emails, *json_columns.texts(tags), *noted), addresses)
    sql.write(session, _KEEP_SEARCH_TEXT, id=contact_id, search_text=text)
    keys = likeness_keys(emails, ((address.channel, address.key) for address in addresses))
    duplicate_keys.keep(session, contact_id, keys)


def by_email(session: Session, email: str) -> tuple[Contact, ...]:
    """Return the people with this email address, in any case."""
    wanted = email.strip().casefold()
    found = by_ids(session, search.people_with(session, email, _CANDIDATES))
    return tuple(
        contact for contact in found.values() if wanted in (known.strip().casefold() for known in contact.emails)
    )


def by_key(session: Session, key: str) -> tuple[Contact, ...]:
    """Return the people with an identity of this alias key, on any channel."""
    found = {contact_id for (contact_id,) in sql.several(session, _BY_KEY, key=key)}
    return tuple(by_ids(session, found).values())


def by_name(session: Session, text: str) -> tuple[Contact, ...]:
    """Return the people of exactly this name, whatever its case and accents, or else those whose name has these words.

    Return _CANDIDATES at most, for an agent who then has to choose.
    """
    folded = searchable(text)
    if not folded:
        return ()
    exact = _named(session, search.people_beginning(session, folded, _CANDIDATES), lambda name: name == folded)
    if exact:
        return exact
    found = search.people_with(session, folded, _CANDIDATES)
    return _named(session, found, lambda name: all(word in name for word in folded.split()))


def namesakes(session: Session, contact: Contact) -> tuple[Contact, ...]:
    """Return others of this name, whatever its case and accents, found by the index alone; of a common one not all."""
    folded = searchable(contact.name)
    found = _named(session, search.people_holding(session, folded, _CANDIDATES), lambda name: name == folded)
    return tuple(one for one in found if one.id != contact.id)


def by_number(session: Session, text: str) -> tuple[Contact, ...]:
    """Return the people in whose addresses, or other fields, these digits stand, however they are typed."""
    return tuple(by_ids(session, search.people_with(session, text, _CANDIDATES)).values())


def _search_text(words: Iterable[str], addresses: Iterable[Identity]) -> str:
    profiles: list[str] = []
    spellings: list[tuple[Channel, str]] = []
    for each in addresses:
        profiles.append(each.profile_name)
        spellings += [(each.channel, each.address), (each.channel, each.key)]
    return search.contact_text((*words, *profiles), spellings)


def _changed_identity(session: Session, clock: Clock, identity_id: int) -> Identity:
    """Make the person findable by a new or changed identity, record the change, and return the identity."""
    found = IDENTITY.existing(session, _IDENTITY_BY_ID, id=identity_id)
    refresh_search(session, found.contact_id)
    change_feed.record(session, clock, ChangeKind.CONTACT, contact_id=found.contact_id)
    return found


def _named(session: Session, ids: Iterable[int], fits: Callable[[str], bool]) -> tuple[Contact, ...]:
    """Return those of these people whose folded name fits."""
    return tuple(contact for contact in by_ids(session, ids).values() if fits(searchable(contact.name)))


def _scope(channel: Channel, address: str, inbox_id: int | None) -> int:
    return inbox_id if inbox_id is not None and is_of_inbox(channel, address) else 0
