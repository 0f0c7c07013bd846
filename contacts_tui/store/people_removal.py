"""The removal of many people as they were added: only of those without a thread, a draft, another name or a note."""

from collections.abc import Collection
from itertools import chain
from typing import Any

from sqlalchemy import Integer, delete
from sqlmodel import Session, SQLModel, col

from contacts_tui.domain.change import ChangeKind
from contacts_tui.domain.clock import Clock
from contacts_tui.store import change_feed, contacts, forgotten_opt_outs, sql
from contacts_tui.store.message_tables import ConversationRow, DraftRow
from contacts_tui.store.people_tables import ContactRow, IdentityAliasRow, IdentityRow, LikenessRow, NoteRow
from contacts_tui.store.queue_tables import QueueRow


def _of_these(column: Any) -> Any:
    return col(column).in_(sql.members("ids", Integer()))


def _having(table: Any) -> sql.Statement:
    """Return the query of those of these people who have an identity with a row in this table."""
    return sql.statement(
        lambda: (
            sql.query(IdentityRow.contact_id)
            .join(table, table.identity_id == IdentityRow.id)
            .where(_of_these(IdentityRow.contact_id))
        )
    )


def _removal(table: type[SQLModel], column: Any) -> sql.Statement:
    return sql.statement(lambda: delete(table).where(_of_these(column)))


_USES = (
    *map(_having, (ConversationRow, DraftRow, IdentityAliasRow)),
    sql.statement(lambda: sql.query(NoteRow.contact_id).where(_of_these(NoteRow.contact_id))),
)
_GO = (
    _removal(IdentityRow, IdentityRow.contact_id),
    _removal(LikenessRow, LikenessRow.contact_id),
    _removal(ContactRow, ContactRow.id),
    _removal(QueueRow, QueueRow.contact_id),
)


def used(session: Session, ids: Collection[int]) -> set[int]:
    """Return the ids of those of these people who have more than was added with them, and can't simply be removed."""
    return {contact_id for statement in _USES for (contact_id,) in sql.several(session, statement, ids=list(ids))}


def take_away(session: Session, clock: Clock, ids: Collection[int]) -> None:
    """Remove these people, none of whom is `used`, with one change for all; their opt-outs are remembered."""
    if not ids:
        return
    forgotten_opt_outs.remember(session, chain.from_iterable(contacts.identities_of(session, ids).values()))
    for statement in _GO:
        sql.write(session, statement, ids=list(ids))
    change_feed.record(session, clock, ChangeKind.CONTACT, contact_id=next(iter(ids)) if len(ids) == 1 else None)
