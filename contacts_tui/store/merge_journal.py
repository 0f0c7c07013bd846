"""The journal of merges and splits: what was done, and all that an undo needs."""

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Integer, func, update
from sqlmodel import Session, col

from contacts_tui.domain.clock import Clock
from contacts_tui.domain.merge import Belongings, Field, MergeEntry, MoveKind, Profile
from contacts_tui.domain.unknown_values import member
from contacts_tui.store import json_columns, sql
from contacts_tui.store.people_tables import ContactRow, MergeRow


@dataclass(frozen=True, slots=True)
class Record:
    """What an undo needs of an entry."""

    entry: MergeEntry
    kept_before: Profile
    kept_after: Profile
    other: dict[str, Any]
    """The whole other contact, for `belongings.bring_back`."""
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
    """The whole other contact, for `belongings.bring_back`."""
    moved: tuple[int, ...]
    """The identities that were moved."""
    stayed: tuple[int, ...]
    """The identities that the kept contact had before a merge, or still has after a split."""
    strangers: tuple[int, ...]
    """The contacts that were recorded by this as not the same person as the kept one."""
    brought: Belongings
    """What was moved with the identities."""


class _Stored(NamedTuple):
    """An entry as its row keeps it."""

    id: int
    kind: str
    at: datetime
    author: str
    kept_id: int
    other_id: int
    kept_before: Any
    kept_after: Any
    other: Any
    moved: Any
    stayed: Any
    strangers: Any
    threads: int
    messages: int
    undone_at: datetime | None
    undone_by: str


def _entries() -> Any:
    return sql.query(*(getattr(MergeRow, name) for name in _Stored._fields)).order_by(col(MergeRow.id).desc())


_WRITE = sql.insertion(MergeRow, *_Stored._fields[1:])
_GET = sql.statement(lambda: _entries().where(MergeRow.id == sql.param("entry")))
_NEWEST = sql.statement(lambda: _entries().limit(sql.param("limit", Integer())))
_OF_CONTACT = sql.statement(
    lambda: (
        _entries()
        .where(
            (MergeRow.kept_id == sql.param("contact")) | (MergeRow.other_id == sql.param("contact")),
            col(MergeRow.undone_at).is_(None),
        )
        .limit(sql.param("limit", Integer()))
    )
)
_BETWEEN = sql.statement(
    lambda: (
        _entries()
        .where(
            col(MergeRow.kept_id).in_(sql.members("pair", Integer())),
            col(MergeRow.other_id).in_(sql.members("pair", Integer())),
        )
        .limit(1)
    )
)
_LATER = sql.statement(
    lambda: sql.query(func.max(MergeRow.id)).where(
        col(MergeRow.id) > sql.param("entry"),
        col(MergeRow.undone_at).is_(None),
        col(MergeRow.kept_id).in_(sql.members("pair", Integer()))
        | col(MergeRow.other_id).in_(sql.members("pair", Integer())),
    )
)
_UNDONE = sql.statement(
    lambda: (
        update(MergeRow)
        .where(col(MergeRow.id) == sql.param("entry"))
        .values(undone_at=sql.param("now"), undone_by=sql.param("by"))
    )
)
_EXISTS = sql.statement(lambda: sql.query(ContactRow.id).where(ContactRow.id == sql.param("contact")))
_KEPT = sql.statement(
    lambda: (
        sql.query(MergeRow.kept_id)
        .where(
            MergeRow.other_id == sql.param("other"),
            MergeRow.kind == MoveKind.MERGE.value,
            col(MergeRow.undone_at).is_(None),
        )
        .order_by(col(MergeRow.id).desc())
        .limit(1)
    )
)


def write(session: Session, clock: Clock, move: Move, author: str) -> MergeEntry:
    """Add the entry of a merge or a split that was just done, and return it."""
    entry_id = sql.inserted(
        session,
        _WRITE,
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
        undone_at=None,
        undone_by="",
    )
    return _one(session, entry_id)


def get(session: Session, entry_id: int) -> Record | None:
    """Return an entry with all that an undo needs, or None."""
    found = sql.one(session, _GET, entry=entry_id)
    if found is None:
        return None
    row = _Stored(*found)
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
    """Return the newest entries, newest first."""
    return tuple(_entry(session, _Stored(*row)) for row in sql.several(session, _NEWEST, limit=limit))


def of_contact(session: Session, contact_id: int, limit: int) -> tuple[MergeEntry, ...]:
    """Return the newest entries about a contact that aren't undone, newest first."""
    rows = sql.several(session, _OF_CONTACT, contact=contact_id, limit=limit)
    return tuple(_entry(session, _Stored(*row)) for row in rows)


def mark_undone(session: Session, clock: Clock, entry_id: int, author: str) -> MergeEntry:
    """Mark an entry as undone now by `author`, and return it."""
    sql.write(session, _UNDONE, entry=entry_id, now=clock(), by=author)
    return _one(session, entry_id)


def survivor(session: Session, contact_id: int) -> int | None:
    """Return the id of the contact that this one is now, over any number of merges; None when there is none."""
    seen: set[int] = set()
    while contact_id not in seen:
        seen.add(contact_id)
        if sql.one(session, _EXISTS, contact=contact_id) is not None:
            return contact_id
        kept = sql.one(session, _KEPT, other=contact_id)
        if kept is None:
            return None
        (contact_id,) = kept
    return None


def last_between(session: Session, one_id: int, other_id: int) -> MergeEntry | None:
    """Return the newest entry about these two contacts, undone or not; None without one."""
    row = sql.one(session, _BETWEEN, pair=(one_id, other_id))
    return None if row is None else _entry(session, _Stored(*row))


def _one(session: Session, entry_id: int) -> MergeEntry:
    return _entry(session, _Stored(*sql.one(session, _GET, entry=entry_id)))


def _entry(session: Session, row: _Stored) -> MergeEntry:
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


def _obstacle(session: Session, row: _Stored) -> str:
    """Return why an entry can't be undone, or an empty text: later moves of its contacts have to be undone first."""
    if row.undone_at is not None:
        return "it was undone already"
    if row.kind not in MoveKind.__members__.values() or not is_whole(row):
        return "a newer contacts-tui wrote it: undo it there, or update this one"
    (later,) = sql.one(session, _LATER, entry=row.id, pair=(row.kept_id, row.other_id))
    if later is not None:
        return f"number {later} of the journal moved one of these two later: undo that one first"
    return ""


def is_whole(row: _Stored) -> bool:
    """Return whether an entry holds all that an undo needs, in the form that this version knows."""
    names = {field.value for field in Field} - _ADDED
    parts = (row.kept_before, row.kept_after, row.other)
    return all(isinstance(part, dict) and names <= part.keys() for part in parts) and all(
        isinstance(part, list) for part in (row.moved, row.stayed, row.strangers)
    )


_ADDED = frozenset({Field.LANGUAGE.value, Field.ATTRIBUTES.value})
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
