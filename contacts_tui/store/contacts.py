"""People and their addresses."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any

from sqlmodel import Session, and_, col, or_, select

from contacts_tui.domain.address import alias_key, is_of_inbox
from contacts_tui.domain.change import ChangeKind
from contacts_tui.domain.channel import Channel
from contacts_tui.domain.clock import Clock, furthest
from contacts_tui.domain.contact import Contact, ContactChange, Identity, NewContact
from contacts_tui.domain.duplicates import likeness_keys
from contacts_tui.domain.text import NO_NAME, draws_nothing, name_or, searchable
from contacts_tui.domain.unknown_values import member
from contacts_tui.store import change_feed, duplicate_keys, json_columns, search, sql
from contacts_tui.store.errors import IdentityTaken
from contacts_tui.store.people_tables import ContactRow, IdentityRow
from contacts_tui.store.sql import ids_among

_CANDIDATES = 200
"""People looked at closely when one is sought by name or email."""

_READ_IDENTITY = (
    "SELECT id, contact_id, channel, address, key, scope, profile_name, opted_out_at, blocked_at, refusal_code, "
    "stop_asked_at FROM identity"
)
_IDENTITY = f"{_READ_IDENTITY} WHERE id = ?"
_FIND_IDENTITY = f"{_READ_IDENTITY} WHERE channel = ? AND key = ? AND scope = ?"


def get(session: Session, contact_id: int) -> Contact | None:
    """The person, or None."""
    row = session.get(ContactRow, contact_id)
    return None if row is None else _contact(row)


def by_ids(session: Session, ids: Iterable[int]) -> dict[int, Contact]:
    """The people of these ids; those that don't exist are left out."""
    rows = session.exec(select(ContactRow).where(col(ContactRow.id).in_(ids_among(ids))))
    return {row.id: _contact(row) for row in rows if row.id is not None}


def last_inbound_at(session: Session, contact_id: int) -> datetime | None:
    """When the person last wrote, over all channels."""
    return session.exec(select(ContactRow.last_inbound_at).where(ContactRow.id == contact_id)).one_or_none()


def insert(session: Session, clock: Clock, new: NewContact) -> Contact:
    """Adds a person."""
    row = ContactRow(
        name=new.name,
        company=new.company,
        emails=list(new.emails),
        tags=list(new.tags),
        note=new.note,
        owner=new.owner,
        time_zone=new.time_zone,
        language=new.language,
        attributes=dict(new.attributes),
        created_at=clock(),
    )
    row.search_text = _search_text(row, ())
    session.add(row)
    session.flush()
    contact = _contact(row)
    duplicate_keys.keep(session, contact.id, likeness_keys(json_columns.texts(row.emails), ()))
    change_feed.record(session, clock, ChangeKind.CONTACT, contact_id=contact.id)
    return contact


def update(session: Session, clock: Clock, contact_id: int, change: ContactChange) -> Contact:
    """Changes what is given, and leaves the rest. Raises NoResultFound for an unknown id."""
    row = session.get_one(ContactRow, contact_id)
    for field, value in asdict(change).items():
        if value is not None:
            setattr(row, field, list(value) if isinstance(value, tuple) else value)
    session.add(row)
    refresh_search(session, contact_id)
    change_feed.record(session, clock, ChangeKind.CONTACT, contact_id=contact_id)
    return _contact(row)


def block(session: Session, clock: Clock, contact_id: int, at: datetime | None) -> None:
    """An agent blocks a person since `at`; None: not any more. Raises NoResultFound for an unknown id."""
    row = session.get_one(ContactRow, contact_id)
    row.blocked_at = at
    session.add(row)
    change_feed.record(session, clock, ChangeKind.CONTACT, contact_id=contact_id)


def identities(session: Session, contact_id: int) -> tuple[Identity, ...]:
    """Every address of a person, in the order in which they became known."""
    return tuple(map(_identity, _identity_rows(session, contact_id)))


def identity(session: Session, identity_id: int) -> Identity | None:
    """The address of this id, or None."""
    row = sql.one(session, _IDENTITY, identity_id)
    return None if row is None else _read_identity(row)


def find_identity(session: Session, channel: Channel, key: str, inbox_id: int | None) -> Identity | None:
    """Whose address this alias key is on a channel; `inbox_id` matters where addresses belong to an inbox."""
    row = sql.one(session, _FIND_IDENTITY, channel.value, key, _scope(channel, key, inbox_id))
    return None if row is None else _read_identity(row)


def add_identity(
    session: Session,
    clock: Clock,
    contact_id: int,
    channel: Channel,
    address: str,
    inbox_id: int | None = None,
    profile_name: str = "",
) -> Identity:
    """Gives a person an address; one they have already, in any spelling, is returned as it is.

    Raises IdentityTaken when another person has it.
    """
    key = alias_key(channel, address)
    known = find_identity(session, channel, key, inbox_id)
    if known is not None:
        if known.contact_id != contact_id:
            raise IdentityTaken(known)
        return known
    row = IdentityRow(
        contact_id=contact_id,
        channel=channel.value,
        address=address,
        key=key,
        scope=_scope(channel, address, inbox_id),
        profile_name=name_or(profile_name, ""),
    )
    session.add(row)
    session.flush()
    refresh_search(session, contact_id)
    change_feed.record(session, clock, ChangeKind.CONTACT, contact_id=contact_id)
    return _identity(row)


def set_address(session: Session, clock: Clock, identity: Identity, address: str, profile_name: str = "") -> Identity:
    """The spelling to answer to from now on, and the name the person goes by there (none to be seen: as before)."""
    profile_name = name_or(profile_name, "")
    if identity.address == address and profile_name in ("", identity.profile_name):
        return identity
    row = session.get_one(IdentityRow, identity.id)
    row.address = address
    row.profile_name = profile_name or row.profile_name
    session.add(row)
    refresh_search(session, row.contact_id)
    change_feed.record(session, clock, ChangeKind.CONTACT, contact_id=row.contact_id)
    return _identity(row)


def nameless(
    session: Session,
    now: datetime,
    channels: Iterable[Channel],
    pauses: Mapping[int, timedelta],
    contact_ids: Iterable[int] | None = None,
) -> tuple[Identity, ...]:
    """Addresses on these channels whose name nobody knows and may be asked for now: of these people, or of everyone.

    `pauses` says how long nobody asks after how many times; after more of them, the longest. A time further ahead was
    set by a clock that has been set back since.
    """
    asked, due = col(IdentityRow.name_asks), col(IdentityRow.name_due)
    last = max(pauses)
    from_the_future = or_(
        *(and_(asked == asks, due > furthest(now, pause)) for asks, pause in pauses.items()),
        and_(asked > last, due > furthest(now, pauses[last])),
    )
    query = select(IdentityRow).where(
        col(IdentityRow.channel).in_([channel.value for channel in channels]),
        IdentityRow.profile_name == "",
        or_(due <= now, from_the_future),
    )
    if contact_ids is not None:
        query = query.where(col(IdentityRow.contact_id).in_(ids_among(contact_ids)))
    return tuple(map(_identity, session.exec(query)))


def note_asked(session: Session, clock: Clock, identity_id: int, pause: Callable[[int], timedelta]) -> None:
    """The provider is being asked for their name; `pause` tells how long to wait after how many times."""
    row = session.get_one(IdentityRow, identity_id)
    row.name_asks += 1
    row.name_due = clock() + pause(row.name_asks)
    session.add(row)


def ask_no_more(session: Session, identity_id: int) -> None:
    """The provider knows no name of theirs."""
    row = session.get_one(IdentityRow, identity_id)
    row.name_due = None
    session.add(row)


def set_opted_out(session: Session, clock: Clock, identity_id: int, at: datetime | None) -> None:
    """The person wants no more messages on this address since `at`; None: they do again."""
    _learn(session, clock, identity_id, "opted_out_at", at)


def set_stop_asked(session: Session, clock: Clock, identity_id: int, at: datetime | None) -> None:
    """Keep when the person wrote what reads like a wish for no more messages; None once an agent has seen it."""
    _learn(session, clock, identity_id, "stop_asked_at", at)


def set_blocked(session: Session, clock: Clock, identity_id: int, at: datetime | None) -> None:
    """The person blocks our bot since `at`; None: not any more."""
    _learn(session, clock, identity_id, "blocked_at", at)


def set_refusal(session: Session, clock: Clock, identity_id: int, code: str) -> None:
    """The provider's code that made the address useless; empty when it works after all."""
    _learn(session, clock, identity_id, "refusal_code", code)


def _learn(session: Session, clock: Clock, identity_id: int, column: str, value: datetime | str | None) -> None:
    """Keeps what is new about an address, and tells of it; what was known costs nothing."""
    row = session.get_one(IdentityRow, identity_id)
    if getattr(row, column) != value:
        setattr(row, column, value)
        session.add(row)
        change_feed.record(session, clock, ChangeKind.CONTACT, contact_id=row.contact_id)


def refresh_search(session: Session, contact_id: int) -> None:
    """Makes the person findable, and recognisable, by what is stored of them now."""
    row = session.get_one(ContactRow, contact_id)
    addresses = _identity_rows(session, contact_id)
    row.search_text = _search_text(row, addresses)
    session.add(row)
    session.flush()
    keys = likeness_keys(
        json_columns.texts(row.emails), ((member(Channel, address.channel), address.key) for address in addresses)
    )
    duplicate_keys.keep(session, contact_id, keys)


def by_email(session: Session, email: str) -> tuple[Contact, ...]:
    """Everybody with this email address, in any case."""
    wanted = email.strip().casefold()
    found = by_ids(session, search.people_with(session, email, _CANDIDATES))
    return tuple(
        contact for contact in found.values() if wanted in (known.strip().casefold() for known in contact.emails)
    )


def by_key(session: Session, key: str) -> tuple[Contact, ...]:
    """Everybody with an address of this alias key, on any channel."""
    found = session.exec(
        select(IdentityRow.contact_id)
        # The channel comes first in the index that answers this.
        .where(col(IdentityRow.channel).in_([channel.value for channel in Channel]), IdentityRow.key == key)
        .distinct()
    )
    return tuple(by_ids(session, found).values())


def by_name(session: Session, text: str) -> tuple[Contact, ...]:
    """Those of exactly this name, whatever its case and accents; without any, those whose name has these words.

    At most some hundred, for a reader who then has to choose.
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
    """Others of this very name, whatever its case and accents, found by the index alone; of a common one not all."""
    folded = searchable(contact.name)
    found = _named(session, search.people_holding(session, folded, _CANDIDATES), lambda name: name == folded)
    return tuple(one for one in found if one.id != contact.id)


def by_number(session: Session, text: str) -> tuple[Contact, ...]:
    """Those with an address that holds these digits, however they are typed."""
    return tuple(by_ids(session, search.people_with(session, text, _CANDIDATES)).values())


def _search_text(contact: ContactRow, addresses: Iterable[IdentityRow]) -> str:
    profiles: list[str] = []
    spellings: list[tuple[Channel, str]] = []
    for row in addresses:
        profiles.append(row.profile_name)
        spellings += [(member(Channel, row.channel), row.address), (member(Channel, row.channel), row.key)]
    words = (
        contact.name,
        contact.company,
        *json_columns.texts(contact.emails),
        *json_columns.texts(contact.tags),
        *json_columns.texts_by_name(contact.attributes).values(),
        *profiles,
    )
    return search.contact_text(words, spellings)


def _identity_rows(session: Session, contact_id: int) -> list[IdentityRow]:
    query = select(IdentityRow).where(IdentityRow.contact_id == contact_id).order_by(col(IdentityRow.id))
    return list(session.exec(query))


def _named(session: Session, ids: Iterable[int], fits: Callable[[str], bool]) -> tuple[Contact, ...]:
    """Those of these people whose folded name fits."""
    return tuple(contact for contact in by_ids(session, ids).values() if fits(searchable(contact.name)))


def _scope(channel: Channel, address: str, inbox_id: int | None) -> int:
    return inbox_id if inbox_id is not None and is_of_inbox(channel, address) else 0


def _contact(row: ContactRow) -> Contact:
    assert row.id is not None
    return Contact(
        id=row.id,
        name=NO_NAME if draws_nothing(row.name) else row.name,
        company=row.company,
        emails=json_columns.texts(row.emails),
        tags=json_columns.texts(row.tags),
        note=row.note,
        owner=row.owner,
        time_zone=row.time_zone,
        language=row.language,
        attributes=json_columns.texts_by_name(row.attributes),
        blocked_at=row.blocked_at,
        created_at=row.created_at,
    )


def _read_identity(row: tuple[Any, ...]) -> Identity:
    """What a plain statement found."""
    ident, contact_id, channel, address, key, scope, profile_name, *others = row
    opted_out_at, blocked_at, refusal_code, stop_asked_at = others
    return Identity(
        id=ident,
        contact_id=contact_id,
        channel=member(Channel, channel),
        address=address,
        key=key,
        inbox_id=scope or None,
        profile_name=profile_name,
        opted_out_at=sql.read(opted_out_at),
        blocked_at=sql.read(blocked_at),
        refusal_code=refusal_code,
        stop_asked_at=sql.read(stop_asked_at),
    )


def _identity(row: IdentityRow) -> Identity:
    assert row.id is not None
    return Identity(
        id=row.id,
        contact_id=row.contact_id,
        channel=member(Channel, row.channel),
        address=row.address,
        key=row.key,
        inbox_id=row.scope or None,
        profile_name=row.profile_name,
        opted_out_at=row.opted_out_at,
        blocked_at=row.blocked_at,
        refusal_code=row.refusal_code,
        stop_asked_at=row.stop_asked_at,
    )
