"""Addresses that are taken from a person again, where nothing depends on them."""

from sqlalchemy import delete, literal
from sqlmodel import Session, col

from contacts_tui.domain.clock import Clock
from contacts_tui.domain.contact import Identity
from contacts_tui.store import contacts, forgotten_opt_outs, sql
from contacts_tui.store.message_tables import ConversationRow, DraftRow
from contacts_tui.store.people_tables import IdentityAliasRow, IdentityRow


def _of_identity(table: type) -> sql.Statement:
    return sql.statement(
        lambda: sql.query(literal(1)).select_from(table).where(table.identity_id == sql.param("identity")).limit(1)  # type: ignore[attr-defined]  # each of the three has it
    )


_USES = tuple(map(_of_identity, (ConversationRow, DraftRow, IdentityAliasRow)))
_REMOVE = sql.statement(lambda: delete(IdentityRow).where(col(IdentityRow.id) == sql.param("identity")))


def is_used(session: Session, identity_id: int) -> bool:
    """Return whether an identity has a conversation, a draft or another name, and so can't simply be removed."""
    return any(sql.one(session, statement, identity=identity_id) is not None for statement in _USES)


def remove(session: Session, clock: Clock, identity: Identity) -> None:
    """Remove an unused identity from its person; its opt-out is remembered, in case the address comes back."""
    forgotten_opt_outs.remember(session, [identity])
    sql.write(session, _REMOVE, identity=identity.id)
    contacts.refresh_search(session, identity.contact_id)
