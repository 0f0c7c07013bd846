"""By what people are recognised: who may be one person, and who was said not to be."""

from collections.abc import Collection, Iterable
from datetime import datetime

from sqlalchemy import ColumnElement, SQLColumnExpression, delete, func, insert
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from contacts_tui.domain.duplicates import SHARED
from contacts_tui.store.people_tables import ContactRow, DismissalRow, IdentityRow, LikenessRow
from contacts_tui.store.sql import ids_among
from contacts_tui.store.timestamps import NEVER

Pair = tuple[int, int]
"""The ids of two contacts, the lower one first."""


def keep(session: Session, contact_id: int, keys: Collection[str]) -> None:
    """A person is recognised by these keys from now on, and by no others."""
    known = set(session.exec(select(LikenessRow.key).where(LikenessRow.contact_id == contact_id)))
    gone = known.difference(keys)
    if gone:
        session.execute(
            delete(LikenessRow).where(col(LikenessRow.contact_id) == contact_id, col(LikenessRow.key).in_(gone))
        )
    added = [{"key": key, "contact_id": contact_id} for key in sorted(set(keys) - known)]
    if added:
        session.execute(insert(LikenessRow), added)


def alike(session: Session, limit: int) -> list[tuple[Pair, str]]:
    """Pairs that share a key, each with that key, the pairs known last first. Who was said to be another is left out.

    One pass over an index, however many people there are.
    """
    shared = (
        select(LikenessRow.key)
        .group_by(col(LikenessRow.key))
        .having(func.count().between(2, SHARED))
        .subquery("shared")
    )
    one, other = aliased(LikenessRow), aliased(LikenessRow)
    query = (
        select(one.contact_id, other.contact_id, func.min(one.key))
        .select_from(shared)
        .join(one, col(one.key) == shared.c.key)
        .join(other, (col(other.key) == shared.c.key) & (col(other.contact_id) > col(one.contact_id)))
        .where(~_dismissed(one.contact_id, other.contact_id))
        .group_by(col(one.contact_id), col(other.contact_id))
        .order_by(col(other.contact_id).desc(), col(one.contact_id).desc())
        .limit(limit)
    )
    return [((low, high), key) for low, high, key in session.execute(query)]


def alike_to(session: Session, contact_id: int) -> list[tuple[int, str]]:
    """Who may be the same person as this one, each with a shared key."""
    mine, other, everybody = aliased(LikenessRow), aliased(LikenessRow), aliased(LikenessRow)
    having = select(func.count()).where(everybody.key == mine.key).scalar_subquery()
    low, high = func.min(mine.contact_id, other.contact_id), func.max(mine.contact_id, other.contact_id)
    query = (
        select(other.contact_id, func.min(mine.key))
        .select_from(mine)
        .join(other, (col(other.key) == col(mine.key)) & (col(other.contact_id) != col(mine.contact_id)))
        .where(mine.contact_id == contact_id, having <= SHARED, ~_dismissed(low, high))
        .group_by(col(other.contact_id))
        .order_by(col(other.contact_id))
    )
    return [(other_id, key) for other_id, key in session.execute(query)]


def bare(session: Session, limit: int) -> list[int]:
    """The ids of people of whom only the name tells who they are, those known last first.

    They have neither an address nor an email, as an import without its numbers leaves people, and so no message.
    """
    query = (
        select(ContactRow.id)
        .where(ContactRow.activity_at == NEVER, *_nothing_but_a_name())
        .order_by(col(ContactRow.id).desc())
        .limit(limit)
    )
    return [contact_id for contact_id in session.exec(query) if contact_id is not None]


def bare_among(session: Session, ids: Iterable[int]) -> set[int]:
    """Those of these people of whom only the name tells who they are."""
    query = select(ContactRow.id).where(col(ContactRow.id).in_(ids_among(ids)), *_nothing_but_a_name())
    return {contact_id for contact_id in session.exec(query) if contact_id is not None}


def are_distinct(session: Session, one_id: int, other_id: int) -> bool:
    """Whether somebody said that these two are not the same person."""
    return session.get(DismissalRow, tuple(sorted((one_id, other_id)))) is not None


def dismiss(session: Session, one_id: int, other_id: int, author: str, at: datetime) -> bool:
    """Remembers that these two are not the same person. False when it was known."""
    low, high = sorted((one_id, other_id))
    if session.get(DismissalRow, (low, high)) is not None:
        return False
    session.add(DismissalRow(low_id=low, high_id=high, author=author, at=at))
    session.flush()
    return True


def forget_dismissals(session: Session, contact_id: int, others: Iterable[int]) -> None:
    """Takes back that this person is not the same as any of the others."""
    for other_id in others:
        low, high = sorted((contact_id, other_id))
        row = session.get(DismissalRow, (low, high))
        if row is not None:
            session.delete(row)
    session.flush()


def dismissals_of(session: Session, contact_id: int) -> list[int]:
    """Everybody who was said not to be the same person as this one."""
    rows = session.exec(
        select(DismissalRow.low_id, DismissalRow.high_id).where(
            (col(DismissalRow.low_id) == contact_id) | (col(DismissalRow.high_id) == contact_id)
        )
    )
    return [high if low == contact_id else low for low, high in rows]


def _nothing_but_a_name() -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return (
        ~select(IdentityRow.id).where(IdentityRow.contact_id == ContactRow.id).exists(),
        ~select(LikenessRow.key).where(LikenessRow.contact_id == ContactRow.id).exists(),
    )


def _dismissed(low: SQLColumnExpression[int] | int, high: SQLColumnExpression[int] | int) -> ColumnElement[bool]:
    return select(DismissalRow.low_id).where(DismissalRow.low_id == low, DismissalRow.high_id == high).exists()
