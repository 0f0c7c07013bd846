"""Repairs of values that are derived from other rows, where `invariants` found that they are wrong."""

from collections.abc import Callable

from sqlalchemy import update
from sqlmodel import Session, col

from contacts_tui.domain.clock import Clock
from contacts_tui.store import belongings, outbox, search, sql
from contacts_tui.store.invariants import Finding, Rule, summed_up, window_end, windows
from contacts_tui.store.message_tables import ConversationRow, MessageRow
from contacts_tui.store.people_tables import IdentityRow

_REPAIR_OWNERS = (
    sql.statement(
        lambda: (
            update(ConversationRow)
            .where(col(ConversationRow.id) == sql.param("conversation"))
            .values(
                contact_id=sql.query(IdentityRow.contact_id)
                .where(IdentityRow.id == ConversationRow.identity_id)
                .scalar_subquery()
            )
        )
    ),
    sql.statement(
        lambda: (
            update(MessageRow)
            .where(col(MessageRow.conversation_id) == sql.param("conversation"))
            .values(
                {
                    name: sql.query(getattr(ConversationRow, name))
                    .where(ConversationRow.id == MessageRow.conversation_id)
                    .scalar_subquery()
                    for name in ("contact_id", "inbox_id")
                }
            )
        )
    ),
)
_REPAIR_CONVERSATION = sql.statement(
    lambda: update(ConversationRow).where(col(ConversationRow.id) == sql.param("conversation")).values(summed_up())
)
_WINDOW = sql.statement(lambda: windows().where(ConversationRow.id == sql.param("conversation")))
_MOVE_WINDOW = sql.statement(
    lambda: (
        update(ConversationRow)
        .where(col(ConversationRow.id) == sql.param("conversation"))
        .values(window_until=sql.param("until"))
    )
)


def repair(session: Session, clock: Clock, finding: Finding) -> None:
    """Derive anew the values that a finding is about."""
    match finding.rule:
        case Rule.PEOPLE_INDEX:
            search.rebuild_people(session)
        case Rule.MESSAGES_INDEX:
            search.rebuild_messages(session)
        case _:
            each = _REPAIRS[finding.rule]
            for ident in finding.ids:
                each(session, clock, ident)


def _belong(session: Session, clock: Clock, conversation_id: int) -> None:
    for statement in _REPAIR_OWNERS:
        sql.write(session, statement, conversation=conversation_id)


def _sum_up(session: Session, clock: Clock, conversation_id: int) -> None:
    sql.write(session, _REPAIR_CONVERSATION, conversation=conversation_id)
    _end_window(session, clock, conversation_id)


def _end_window(session: Session, clock: Clock, conversation_id: int) -> None:
    _, channel, received, closed, _ = sql.one(session, _WINDOW, conversation=conversation_id)
    sql.write(session, _MOVE_WINDOW, conversation=conversation_id, until=window_end(channel, received, closed))


def _person(session: Session, clock: Clock, contact_id: int) -> None:
    belongings.refresh(session, contact_id)


def _task(session: Session, clock: Clock, message_id: int) -> None:
    outbox.put(session, message_id, outbox.Task.SEND, clock())


_REPAIRS: dict[Rule, Callable[[Session, Clock, int], None]] = {
    Rule.OWNERS: _belong,
    Rule.CONVERSATIONS: _sum_up,
    Rule.WINDOWS: _end_window,
    Rule.CONTACTS: _person,
    Rule.SEARCH_TEXT: _person,
    Rule.TASKS: _task,
}
