"""The journal of merges and splits, and the moving of addresses between contacts that it tells of.

Conversations, messages and drafts belong to an address: they go where it goes, and nothing in them changes but whose
they are.
"""

from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, update
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, delete, select

from contacts_tui.domain.address import display_phone, is_of_inbox
from contacts_tui.domain.channel import Channel
from contacts_tui.domain.clock import Clock
from contacts_tui.domain.contact import Identity
from contacts_tui.domain.delivery import Delivery
from contacts_tui.domain.merge import Belongings, Field, MergeEntry, MoveKind, Profile
from contacts_tui.domain.message import Direction
from contacts_tui.domain.unknown_values import member
from contacts_tui.store import contacts, json_columns, notes, outbox
from contacts_tui.store.columns import Instant
from contacts_tui.store.message_tables import ConversationRow, DraftRow, MessageRow
from contacts_tui.store.people_tables import ContactRow, IdentityRow, LikenessRow, MergeRow
from contacts_tui.store.process_tables import OutboxRow
from contacts_tui.store.sql import ids_among
from contacts_tui.store.timestamps import NEVER, microseconds, moment


@dataclass(frozen=True, slots=True)
class Record:
    """What an undo needs of an entry."""

    entry: MergeEntry
    kept_before: Profile
    kept_after: Profile
    other: dict[str, Any]
    """The whole other contact, for `merging.bring_back`."""
    moved: tuple[int, ...]
    stayed: tuple[int, ...]
    strangers: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Move:
    """A merge or a split that was just done."""

    kind: MoveKind
    kept_id: int
    kept_before: Profile
    kept_after: Profile
    other: dict[str, Any]
    """The whole other contact, for `merging.bring_back`."""
    moved: tuple[int, ...]
    """The addresses that went over."""
    stayed: tuple[int, ...]
    """The addresses that the kept contact had before, or has still."""
    strangers: tuple[int, ...]
    """The contacts that count as known not to be this person since."""
    brought: Belongings
    """What went over with the addresses."""


def write(session: Session, clock: Clock, move: Move, author: str) -> MergeEntry:
    """Adds an entry for what was just done."""
    row = MergeRow(
        kind=move.kind.value,
        at=clock(),
        author=author,
        kept_id=move.kept_id,
        other_id=move.other["id"],
        kept_before=asdict(move.kept_before),
        kept_after=asdict(move.kept_after),
        other=move.other,
        moved=sorted(move.moved),
        stayed=sorted(move.stayed),
        strangers=sorted(move.strangers),
        threads=move.brought.threads,
        messages=move.brought.messages,
    )
    session.add(row)
    session.flush()
    return _entry(session, row)


def get(session: Session, entry_id: int) -> Record | None:
    """An entry with all that an undo needs, or None."""
    row = session.get(MergeRow, entry_id)
    if row is None:
        return None
    return Record(
        entry=_entry(session, row),
        kept_before=profile(row.kept_before),
        kept_after=profile(row.kept_after),
        other=json_columns.mapping(row.other),
        moved=json_columns.numbers(row.moved),
        stayed=json_columns.numbers(row.stayed),
        strangers=json_columns.numbers(row.strangers),
    )


def latest(session: Session, limit: int) -> tuple[MergeEntry, ...]:
    """The newest entries, newest first."""
    rows = session.exec(select(MergeRow).order_by(col(MergeRow.id).desc()).limit(limit))
    return tuple(_entry(session, row) for row in rows)


def mark_undone(session: Session, clock: Clock, entry_id: int, author: str) -> MergeEntry:
    """The entry was undone just now."""
    row = session.get_one(MergeRow, entry_id)
    row.undone_at, row.undone_by = clock(), author
    session.add(row)
    session.flush()
    return _entry(session, row)


def survivor(session: Session, contact_id: int) -> int | None:
    """Who somebody is now who was merged away, over any number of merges; None for one who never was."""
    seen: set[int] = set()
    while contact_id not in seen:
        seen.add(contact_id)
        if session.get(ContactRow, contact_id) is not None:
            return contact_id
        kept = session.exec(
            select(MergeRow.kept_id)
            .where(
                MergeRow.other_id == contact_id,
                MergeRow.kind == MoveKind.MERGE.value,
                col(MergeRow.undone_at).is_(None),
            )
            .order_by(col(MergeRow.id).desc())
        ).first()
        if kept is None:
            return None
        contact_id = kept
    return None


def last_between(session: Session, one_id: int, other_id: int) -> MergeEntry | None:
    """The newest entry about these two, undone or not."""
    pair: Sequence[int] = (one_id, other_id)
    row = session.exec(
        select(MergeRow)
        .where(col(MergeRow.kept_id).in_(pair), col(MergeRow.other_id).in_(pair))
        .order_by(col(MergeRow.id).desc())
    ).first()
    return None if row is None else _entry(session, row)


def _entry(session: Session, row: MergeRow) -> MergeEntry:
    assert row.id is not None
    return MergeEntry(
        id=row.id,
        kind=member(MoveKind, row.kind),
        at=row.at,
        author=row.author,
        kept_id=row.kept_id,
        kept_name=_name(row.kept_before),
        other_id=row.other_id,
        other_name=_name(row.other),
        addresses=len(json_columns.numbers(row.moved)),
        threads=row.threads,
        messages=row.messages,
        undone_at=row.undone_at,
        undone_by=row.undone_by,
        obstacle=_obstacle(session, row),
    )


def _obstacle(session: Session, row: MergeRow) -> str:
    """Why an entry can't be undone. What was done to the same contacts later has to be undone first."""
    if row.undone_at is not None:
        return "it was undone already"
    if row.kind not in MoveKind.__members__.values() or not is_whole(row):
        return "a newer contacts-tui wrote it: undo it there, or update this one"
    both = (row.kept_id, row.other_id)
    later = session.exec(
        select(MergeRow.id)
        .where(
            col(MergeRow.id) > row.id,
            col(MergeRow.undone_at).is_(None),
            col(MergeRow.kept_id).in_(both) | col(MergeRow.other_id).in_(both),
        )
        .order_by(col(MergeRow.id).desc())
    ).first()
    if later is not None:
        return f"number {later} of the journal moved one of these two later: undo that one first"
    return ""


def is_whole(row: MergeRow) -> bool:
    """Whether an entry holds all that an undo needs, in the form that this version knows."""
    names = {field.value for field in Field} - _LATER
    parts = (row.kept_before, row.kept_after, row.other)
    return all(isinstance(part, dict) and names <= part.keys() for part in parts) and all(
        isinstance(part, list) for part in (row.moved, row.stayed, row.strangers)
    )


_LATER = frozenset({Field.LANGUAGE.value, Field.ATTRIBUTES.value})
"""Fields that entries of earlier programs don't have: they were empty then."""


def _name(fields: Any) -> str:
    found = json_columns.mapping(fields).get(Field.NAME)
    return found if isinstance(found, str) else ""


def profile(fields: Any) -> Profile:
    """Return the fields of a contact that an entry holds."""
    known = json_columns.mapping(fields)
    values: dict[str, Any] = {}
    for field in Field:
        value = known.get(field.value)
        if field in (Field.EMAILS, Field.TAGS):
            values[field.value] = json_columns.texts(value)
        elif field is Field.ATTRIBUTES:
            values[field.value] = json_columns.texts_by_name(value)
        else:
            values[field.value] = value if isinstance(value, str) else ""
    return Profile(**values)


_TROUBLE = (Delivery.FAILED.value, Delivery.UNKNOWN.value)

_CHATS = tuple(channel.value for channel in Channel if not channel.by_phone)
_COLUMNS = tuple(ContactRow.metadata.tables["contact"].columns.keys())
_TIMES = frozenset(
    column.name for column in ContactRow.metadata.tables["contact"].columns if isinstance(column.type, Instant)
)


def belongings(session: Session, contact_id: int, identity_ids: Collection[int] | None = None) -> Belongings:
    """What hangs on a contact, or on these addresses of theirs only."""
    owned = contacts.identities(session, contact_id)
    chosen = [identity for identity in owned if identity_ids is None or identity.id in identity_ids]
    ids = ids_among(identity.id for identity in chosen)
    threads = select(ConversationRow.id).where(col(ConversationRow.identity_id).in_(ids))
    messages = select(MessageRow.id).where(col(MessageRow.conversation_id).in_(threads))
    unread = select(func.coalesce(func.sum(ConversationRow.unread), 0)).where(col(ConversationRow.identity_id).in_(ids))
    drafts = select(func.count()).select_from(DraftRow).where(col(DraftRow.identity_id).in_(ids))
    waiting = (
        select(func.count())
        .select_from(OutboxRow)
        .where(col(OutboxRow.conversation_id).in_(threads), OutboxRow.task == outbox.Task.SEND.value)
    )
    return Belongings(
        addresses=tuple(map(_named, chosen)),
        threads=session.exec(select(func.count()).select_from(threads.subquery())).one(),
        messages=session.exec(select(func.count()).select_from(messages.subquery())).one(),
        unread=session.exec(unread).one(),
        drafts=session.exec(drafts).one(),
        waiting=session.exec(waiting).one(),
        notes=0 if identity_ids is not None else len(notes.of_person(session, contact_id)),
    )


def _named(identity: Identity) -> str:
    """An address as it is told: a chat id says nothing without the name that its person goes by there."""
    is_id = is_of_inbox(identity.channel, identity.address)
    profile = identity.profile_name.strip() if is_id else ""
    address = display_phone(identity.address) if is_id and identity.channel.by_phone else identity.address
    return f"{identity.channel.label} {address}" + (f" {profile}" if profile else "")


def move(session: Session, identity_ids: Collection[int], contact_id: int) -> None:
    """Gives these addresses, with their conversations and messages, to a contact. See `refresh` for what follows."""
    ids = ids_among(identity_ids)
    threads = select(ConversationRow.id).where(col(ConversationRow.identity_id).in_(ids))
    for statement in (
        update(MessageRow).where(col(MessageRow.conversation_id).in_(threads)),
        update(ConversationRow).where(col(ConversationRow.identity_id).in_(ids)),
        update(IdentityRow).where(col(IdentityRow.id).in_(ids)),
    ):
        session.execute(statement.values(contact_id=contact_id).execution_options(synchronize_session=False))
    session.expire_all()


def refresh(session: Session, contact_id: int) -> None:
    """Sums up a contact anew from its conversations and messages, and makes it findable by what it has now."""
    row = session.get_one(ContactRow, contact_id)
    of_contact = select(MessageRow).where(MessageRow.contact_id == contact_id)
    newest = of_contact.order_by(col(MessageRow.at).desc(), col(MessageRow.id).desc()).limit(1)
    last = session.exec(newest).first()
    heard = session.exec(newest.where(MessageRow.direction == Direction.IN.value)).first()
    row.activity_at = NEVER if last is None else last.at
    row.last_message_id = None if last is None else last.id
    row.failing = last is not None and last.status in _TROUBLE
    row.last_inbound_at = None if heard is None else heard.at
    unread = select(func.coalesce(func.sum(ConversationRow.unread), 0)).where(ConversationRow.contact_id == contact_id)
    row.unread = session.exec(unread).one()
    session.add(row)
    contacts.refresh_search(session, contact_id)


def take_away(session: Session, contact_id: int) -> dict[str, Any]:
    """Deletes a contact that has no addresses any more. Returns all that it was, for `bring_back`."""
    whole = whole_row(session, contact_id)
    session.exec(delete(LikenessRow).where(col(LikenessRow.contact_id) == contact_id))
    session.delete(session.get_one(ContactRow, contact_id))
    session.flush()
    return whole


def bring_back(session: Session, whole: dict[str, Any]) -> None:
    """A contact that was taken away, under its old id. `refresh` it once it has its addresses again."""
    values: dict[str, Any] = {
        name: moment(value) if name in _TIMES and value is not None else value
        for name, value in whole.items()
        if name in _COLUMNS
    }
    session.add(ContactRow(**values))
    session.flush()


def whole_row(session: Session, contact_id: int) -> dict[str, Any]:
    """Every column of a contact, as JSON can hold it."""
    row = session.get_one(ContactRow, contact_id)
    values = {name: getattr(row, name) for name in _COLUMNS}
    return {name: microseconds(value) if isinstance(value, datetime) else value for name, value in values.items()}


def phone_keys(session: Session, identity_ids: Collection[int]) -> set[str]:
    """The alias keys of those of these addresses that are phone numbers."""
    rows = session.exec(
        select(IdentityRow.channel, IdentityRow.key).where(col(IdentityRow.id).in_(ids_among(identity_ids)))
    )
    return {key for channel, key in rows if member(Channel, channel).by_phone}


def known_by_chat_only(session: Session, limit: int) -> list[int]:
    """Ids of people without a number who have a Telegram chat or a Messenger id, latest activity first."""
    phones = aliased(IdentityRow)
    by_phone = select(phones.id).where(phones.contact_id == ContactRow.id, col(phones.channel).not_in(_CHATS)).exists()
    chats = select(IdentityRow.contact_id).where(col(IdentityRow.channel).in_(_CHATS))
    rows = session.exec(
        select(ContactRow.id)
        .where(col(ContactRow.id).in_(chats), ~by_phone)
        .order_by(col(ContactRow.activity_at).desc(), col(ContactRow.id).desc())
        .limit(limit)
    )
    return [contact_id for contact_id in rows if contact_id is not None]
