"""The journal of merges and splits."""

from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from sqlmodel import Session, col, select

from contacts_tui.domain.clock import Clock
from contacts_tui.domain.merge import Field, MergeEntry, MoveKind, Profile
from contacts_tui.domain.unknown_values import member
from contacts_tui.store import json_columns
from contacts_tui.store.tables import ContactRow, MergeRow


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


def write(
    session: Session,
    clock: Clock,
    kind: MoveKind,
    author: str,
    *,
    kept_id: int,
    other: dict[str, Any],
    kept_before: Profile,
    kept_after: Profile,
    moved: Collection[int],
    stayed: Collection[int],
    strangers: Collection[int],
    threads: int,
    messages: int,
) -> MergeEntry:
    """Adds an entry for what was just done."""
    row = MergeRow(
        kind=kind.value,
        at=clock(),
        author=author,
        kept_id=kept_id,
        other_id=other["id"],
        kept_before=asdict(kept_before),
        kept_after=asdict(kept_after),
        other=other,
        moved=sorted(moved),
        stayed=sorted(stayed),
        strangers=sorted(strangers),
        threads=threads,
        messages=messages,
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
        kept_before=_profile(row.kept_before),
        kept_after=_profile(row.kept_after),
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
    names = {field.value for field in Field}
    parts = (row.kept_before, row.kept_after, row.other)
    return all(isinstance(part, dict) and names <= part.keys() for part in parts) and all(
        isinstance(part, list) for part in (row.moved, row.stayed, row.strangers)
    )


def _name(fields: Any) -> str:
    found = json_columns.mapping(fields).get(Field.NAME)
    return found if isinstance(found, str) else ""


def _profile(fields: Any) -> Profile:
    known = json_columns.mapping(fields)
    values: dict[str, Any] = {}
    for field in Field:
        value = known.get(field.value)
        is_list = field in (Field.EMAILS, Field.TAGS)
        values[field.value] = json_columns.texts(value) if is_list else value if isinstance(value, str) else ""
    return Profile(**values)
