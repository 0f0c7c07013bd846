"""Who fits a filter, as one statement: see `domain.person_filter`."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Integer, String, and_, column, exists, func, literal, not_, or_
from sqlmodel import Session, col, select

from contacts_tui.domain.person_filter import ME, NOBODY, Field, Order, PersonFilter, Term
from contacts_tui.domain.text import searchable
from contacts_tui.domain.urgency import State
from contacts_tui.store import sql
from contacts_tui.store.expressions import Each
from contacts_tui.store.message_tables import ConversationRow, DraftRow, InboxRow
from contacts_tui.store.people_tables import ContactRow, IdentityRow
from contacts_tui.store.queue_tables import QueueRow


@dataclass(frozen=True, slots=True)
class Asked:
    """A filter, and what it is asked with."""

    filter: PersonFilter
    agent: str
    """Who `me` is."""
    now: datetime
    found: Collection[int] | None
    """Who the search for the filter's words found; None when it has none."""


def matching(session: Session, asked: Asked, limit: int) -> tuple[int, ...]:
    """Return the ids of up to `limit` people who fit, in the filter's order."""
    statement = sql.statement(
        lambda: _fitting(col(ContactRow.id), asked).order_by(*_order(asked)).limit(sql.param("limit", Integer()))
    )
    return tuple(contact_id for (contact_id,) in sql.several(session, statement, limit=limit, **_values(asked)))


def count(session: Session, asked: Asked) -> int:
    """Return how many people fit."""
    statement = sql.statement(lambda: _fitting(func.count(), asked))
    return int(sql.one(session, statement, **_values(asked))[0])


def _values(asked: Asked) -> dict[str, Any]:
    return {} if asked.found is None else {"found": list(asked.found)}


def _fitting(wanted: Any, asked: Asked) -> Any:
    query = (
        sql.query(wanted)
        .select_from(ContactRow)
        .join(QueueRow, col(QueueRow.contact_id) == ContactRow.id, isouter=True)
    )
    for term in asked.filter.terms:
        if term.field is Field.TEXT and not term.is_not:
            continue  # What the search found holds all of them.
        condition = _condition(term, asked)
        query = query.where(not_(condition) if term.is_not else condition)
    if asked.found is not None:
        query = query.where(col(ContactRow.id).in_(sql.members("found", Integer())))
    return query


def _condition(term: Term, asked: Asked) -> ColumnElement[bool]:
    """Return when a term holds. It never is NULL, so that it can be turned around."""
    value = term.value
    match term.field:
        case Field.ASSIGNEE:
            name = {ME: asked.agent, NOBODY: ""}.get(value.lower(), value)
            return func.lower(ContactRow.owner) == name.lower()
        case Field.TAG:
            tags = Each(col(ContactRow.tags)).table_valued(column("value", String))
            return exists(select(literal(1)).select_from(tags).where(func.lower(tags.c.value) == value.lower()))
        case Field.COMPANY:
            return func.lower(ContactRow.company).contains(value.lower(), autoescape=True)
        case Field.CHANNEL:
            return _talks(InboxRow.channel == value.lower())
        case Field.INBOX:
            return _talks(func.lower(InboxRow.name) == value.lower())
        case Field.STATE:
            return func.coalesce(QueueRow.state, State.CLOSED.value) == value
        case Field.IS:
            return _fact(value, asked.now)
        case Field.WAITING:
            since, edge = col(QueueRow.waiting_since), asked.now - term.span
            return and_(since.is_not(None), since < edge if term.operator == ">" else since > edge)
        case Field.WINDOW:
            until, edge = col(ConversationRow.window_until), asked.now + term.span
            return _talks(until > asked.now, until > edge if term.operator == ">" else until < edge)
        case Field.TEXT:
            return col(ContactRow.search_text).contains(searchable(value), autoescape=True)


def _fact(name: str, now: datetime) -> ColumnElement[bool]:
    identity = select(IdentityRow.id).where(IdentityRow.contact_id == ContactRow.id)
    draft = (
        select(DraftRow.identity_id)
        .join(IdentityRow, col(IdentityRow.id) == DraftRow.identity_id)
        .where(IdentityRow.contact_id == ContactRow.id)
    )
    facts: dict[str, ColumnElement[bool]] = {
        "unread": col(ContactRow.unread) > 0,
        "waiting": col(QueueRow.waiting_since).is_not(None),
        "failed": col(ContactRow.failing).is_(True),
        "draft": draft.exists(),
        "unassigned": col(ContactRow.owner) == "",
        "blocked": or_(
            col(ContactRow.blocked_at).is_not(None), identity.where(col(IdentityRow.blocked_at).is_not(None)).exists()
        ),
        "opted-out": identity.where(col(IdentityRow.opted_out_at).is_not(None)).exists(),
        "late": and_(col(QueueRow.deadline).is_not(None), col(QueueRow.deadline) < now),
    }
    return facts[name]


def _talks(*conditions: Any) -> ColumnElement[bool]:
    """Return whether the person has a conversation with messages for which these hold."""
    return (
        select(ConversationRow.id)
        .join(InboxRow, col(InboxRow.id) == ConversationRow.inbox_id)
        .where(
            ConversationRow.contact_id == ContactRow.id,
            col(ConversationRow.last_message_at).is_not(None),
            *conditions,
        )
        .exists()
    )


def _order(asked: Asked) -> tuple[Any, ...]:
    """Return what the people are sorted by; the latest message decides where nothing else does."""
    latest = (col(ContactRow.activity_at).desc(), col(ContactRow.id).desc())
    window = (
        sql.query(func.min(ConversationRow.window_until))
        .where(ConversationRow.contact_id == ContactRow.id, col(ConversationRow.window_until) > asked.now)
        .scalar_subquery()
    )
    firsts: dict[Order, Any] = {
        Order.URGENT: col(QueueRow.deadline),
        Order.WAITING: col(QueueRow.waiting_since),
        Order.WINDOW: window,
        Order.SNOOZED: col(QueueRow.wake_at),
    }
    match asked.filter.order:
        case None | Order.LATEST:
            return latest
        case Order.NAME:
            return (col(ContactRow.search_text), col(ContactRow.id))
        case order:
            return (or_(firsts[order].is_(None), literal(False)), firsts[order], *latest)
