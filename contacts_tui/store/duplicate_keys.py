"""The keys by which people are recognised: which of them may be one person, and which an agent said are not."""

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import Integer, String, delete, func
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from contacts_tui.domain.duplicates import SHARED
from contacts_tui.store import sql
from contacts_tui.store.people_tables import ContactRow, DismissalRow, IdentityRow, LikenessRow
from contacts_tui.store.timestamps import NEVER

Pair = tuple[int, int]
"""The ids of two contacts, the lower one first."""


_KEYS = sql.statement(lambda: sql.query(LikenessRow.key).where(LikenessRow.contact_id == sql.param("contact")))
_ADD_KEY = sql.insertion(LikenessRow, "key", "contact_id")
_DROP_KEYS = sql.statement(
    lambda: delete(LikenessRow).where(
        col(LikenessRow.contact_id) == sql.param("contact"), col(LikenessRow.key).in_(sql.members("keys", String()))
    )
)


def _dismissed(low: Any, high: Any) -> Any:
    return sql.query(DismissalRow.low_id).where(DismissalRow.low_id == low, DismissalRow.high_id == high).exists()


def _alike() -> Any:
    one, other = aliased(LikenessRow), aliased(LikenessRow)
    shared = (
        sql.query(LikenessRow.key)
        .group_by(col(LikenessRow.key))
        .having(func.count().between(2, SHARED))
        .subquery("shared")
    )
    return (
        sql.query(one.contact_id, other.contact_id, func.min(one.key))
        .select_from(shared)
        .join(one, col(one.key) == shared.c.key)
        .join(other, (col(other.key) == shared.c.key) & (col(other.contact_id) > col(one.contact_id)))
        .where(~_dismissed(one.contact_id, other.contact_id))
        .group_by(col(one.contact_id), col(other.contact_id))
        .order_by(col(other.contact_id).desc(), col(one.contact_id).desc())
        .limit(sql.param("limit", Integer()))
    )


def _alike_to() -> Any:
    one, other, everybody = aliased(LikenessRow), aliased(LikenessRow), aliased(LikenessRow)
    having = sql.query(func.count()).where(everybody.key == one.key).scalar_subquery()
    either = _dismissed(one.contact_id, other.contact_id) | _dismissed(other.contact_id, one.contact_id)
    return (
        sql.query(other.contact_id, func.min(one.key))
        .select_from(one)
        .join(other, (col(other.key) == col(one.key)) & (col(other.contact_id) != col(one.contact_id)))
        .where(one.contact_id == sql.param("contact"), having <= SHARED, ~either)
        .group_by(col(other.contact_id))
        .order_by(col(other.contact_id))
    )


def _nothing_but_a_name() -> tuple[Any, Any]:
    return (
        ~sql.query(IdentityRow.id).where(IdentityRow.contact_id == ContactRow.id).exists(),
        ~sql.query(LikenessRow.key).where(LikenessRow.contact_id == ContactRow.id).exists(),
    )


_ALIKE = sql.statement(_alike)
_ALIKE_TO = sql.statement(_alike_to)
_BARE = sql.statement(
    lambda: (
        sql.query(ContactRow.id)
        .where(col(ContactRow.activity_at) == NEVER, *_nothing_but_a_name())
        .order_by(col(ContactRow.id).desc())
        .limit(sql.param("limit", Integer()))
    )
)
_BARE_AMONG = sql.statement(
    lambda: sql.query(ContactRow.id).where(
        col(ContactRow.id).in_(sql.members("ids", Integer())), *_nothing_but_a_name()
    )
)
_DISMISSAL = sql.statement(
    lambda: sql.query(DismissalRow.low_id).where(
        DismissalRow.low_id == sql.param("low"), DismissalRow.high_id == sql.param("high")
    )
)
_DISMISS = sql.insertion(DismissalRow, "low_id", "high_id", "author", "at")
_FORGET = sql.statement(
    lambda: delete(DismissalRow).where(
        col(DismissalRow.low_id) == sql.param("low"), col(DismissalRow.high_id) == sql.param("high")
    )
)
_DISMISSALS = sql.statement(
    lambda: sql.query(DismissalRow.low_id, DismissalRow.high_id).where(
        (col(DismissalRow.low_id) == sql.param("contact")) | (col(DismissalRow.high_id) == sql.param("contact"))
    )
)


def keep(session: Session, contact_id: int, keys: Collection[str]) -> None:
    """Store the keys by which a person is recognised from now on, and forget all others."""
    known = {key for (key,) in sql.several(session, _KEYS, contact=contact_id)}
    if gone := known.difference(keys):
        sql.write(session, _DROP_KEYS, contact=contact_id, keys=gone)
    sql.write_all(session, _ADD_KEY, ({"key": key, "contact_id": contact_id} for key in sorted(set(keys) - known)))


def alike(session: Session, limit: int) -> list[tuple[Pair, str]]:
    """Return pairs that share a key, each with that key, the pairs known last first, without dismissed pairs.

    This takes one pass over an index, however many people there are.
    """
    return [((low, high), key) for low, high, key in sql.several(session, _ALIKE, limit=limit)]


def alike_to(session: Session, contact_id: int) -> list[tuple[int, str]]:
    """Return the ids of contacts that may be the same person as this one, each with a shared key."""
    return sql.several(session, _ALIKE_TO, contact=contact_id)


def bare(session: Session, limit: int) -> list[int]:
    """Return the ids of people of whom nothing but the name tells who they are, those known last first.

    They have no address, no email address, and so no message: an import without phone numbers leaves such people.
    """
    return [contact_id for (contact_id,) in sql.several(session, _BARE, limit=limit)]


def bare_among(session: Session, ids: Iterable[int]) -> set[int]:
    """Return the ids of those of these people of whom nothing but the name tells who they are."""
    return {contact_id for (contact_id,) in sql.several(session, _BARE_AMONG, ids=ids)}


def are_distinct(session: Session, one_id: int, other_id: int) -> bool:
    """Return whether an agent said that these two contacts are not the same person."""
    low, high = sorted((one_id, other_id))
    return sql.one(session, _DISMISSAL, low=low, high=high) is not None


def dismiss(session: Session, one_id: int, other_id: int, author: str, at: datetime) -> bool:
    """Store that these two contacts are not the same person. Return False when that was known."""
    if are_distinct(session, one_id, other_id):
        return False
    low, high = sorted((one_id, other_id))
    sql.write(session, _DISMISS, low_id=low, high_id=high, author=author, at=at)
    return True


def forget_dismissals(session: Session, contact_id: int, others: Iterable[int]) -> None:
    """Forget that this contact was said not to be the same person as any of these others."""
    for other_id in others:
        low, high = sorted((contact_id, other_id))
        sql.write(session, _FORGET, low=low, high=high)


def dismissals_of(session: Session, contact_id: int) -> list[int]:
    """Return the ids of the contacts that were said not to be the same person as this one."""
    rows = sql.several(session, _DISMISSALS, contact=contact_id)
    return [high if low == contact_id else low for low, high in rows]
