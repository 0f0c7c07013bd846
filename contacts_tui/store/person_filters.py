"""The people who fit a filter, by one statement: see `domain.person_filter`.

A statement is built once for a filter and an agent; values that change with time are given at each run. A term that few
people meet is written so that the database begins with it, and needn't look at a million people.
"""

from array import array
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache
from itertools import chain, filterfalse
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Integer,
    String,
    and_,
    column,
    exists,
    func,
    literal,
    literal_column,
    not_,
    or_,
)
from sqlmodel import Session, col, select

from contacts_tui.domain.person_filter import ME, NOBODY, Field, Order, PersonFilter, Term
from contacts_tui.domain.text import searchable
from contacts_tui.domain.urgency import State
from contacts_tui.store import sql
from contacts_tui.store.columns import Instant
from contacts_tui.store.expressions import Each, Gathered
from contacts_tui.store.message_tables import ConversationRow, DraftRow, InboxRow
from contacts_tui.store.people_tables import ContactRow, IdentityRow
from contacts_tui.store.queue_tables import QueueRow


def _each_tag() -> Any:
    return Each(col(ContactRow.tags)).table_valued(column("value", String))


def _every_tag() -> Any:
    each = _each_tag()
    return (
        sql.query(each.c.value)
        .select_from(ContactRow, each)
        .distinct()
        .order_by(each.c.value)
        .limit(sql.param("limit", Integer()))
    )


_TAGS = sql.statement(_every_tag)


def _values_of(used: Any) -> sql.Statement:
    return sql.statement(
        lambda: (
            sql.query(used).where(col(used) != "").distinct().order_by(col(used)).limit(sql.param("limit", Integer()))
        )
    )


_LANGUAGES = _values_of(ContactRow.language)
_COMPANIES = _values_of(ContactRow.company)


@dataclass(frozen=True, slots=True)
class Asked:
    """A filter, and the values that it is run with."""

    filter: PersonFilter
    agent: str
    """The agent whom `me` means."""
    now: datetime
    found: Collection[int] | None
    """The people whom the search for the filter's words found; None for a filter without words."""


def matching(session: Session, asked: Asked, limit: int) -> tuple[int, ...]:
    """Return the ids of up to `limit` people who fit the filter, in its order."""
    statement = _first(asked.filter, asked.agent, asked.found is not None)
    return tuple(contact_id for (contact_id,) in sql.several(session, statement, limit=limit, **_values(asked)))


def order(session: Session, asked: Asked) -> "array[int]":
    """Return the ids of all people who fit the filter, in its order. A million take some 200 ms and 8 MB."""
    if asked.found is None and (others := _all_but(asked.filter)) is not None:
        everyone = _listed(session, replace(asked, filter=PersonFilter(order=asked.filter.order)))
        quickly = [replace(asked, filter=other._replace(order=Order.URGENT)) for other in others]
        left_out = {contact_id for other in quickly for contact_id in _listed(session, other)}
        return array("q", filterfalse(left_out.__contains__, everyone))
    return array("q", _listed(session, asked))


def _listed(session: Session, asked: Asked) -> list[int]:
    # The whole list comes as one text: four times quicker than a million rows, and other threads can run meanwhile.
    (listed,) = sql.one(session, _all(asked.filter, asked.agent, asked.found is not None), **_values(asked))
    return listed or []


def counts(session: Session, asked: Sequence[Asked]) -> tuple[int, ...]:
    """Return how many people fit each filter, of one agent at one moment; filters without words take one statement."""
    parts = [_parts(PersonFilter(each.filter.terms)) if each.found is None else Counter() for each in asked]
    plain = tuple(dict.fromkeys(chain.from_iterable(parts)))
    found: dict[PersonFilter, int] = {}
    if plain:
        now = replace(asked[0], found=None)
        edges = [_values(replace(now, filter=each), f"of{place}_") for place, each in enumerate(plain)]
        values = {name: value for each in edges for name, value in each.items()}
        found = dict(zip(plain, sql.one(session, _counts(plain, now.agent), **values), strict=True))
    return tuple(
        sum(sign * found[part] for part, sign in some.items()) if each.found is None else _count_found(session, each)
        for each, some in zip(asked, parts, strict=True)
    )


def _count_found(session: Session, asked: Asked) -> int:
    return int(sql.one(session, _count_among(asked.filter, asked.agent), **_values(asked))[0])


def _parts(asked: PersonFilter) -> "Counter[PersonFilter]":
    """Return filters that are quick to count, and how often to add the count of each (negative: to subtract it)."""
    if (others := _all_but(asked)) is not None:
        return Counter({PersonFilter(): 1, **dict.fromkeys(others, -1)})
    if len(asked.terms) > 1 and _UNASSIGNED in asked.terms:
        # An index holds the people who have an assignee.
        rest = tuple(term for term in asked.terms if term != _UNASSIGNED)
        return Counter({PersonFilter(rest): 1, PersonFilter((*rest, _UNASSIGNED._replace(is_not=True))): -1})
    return Counter({asked: 1})


def tags(session: Session, limit: int) -> tuple[str, ...]:
    """Return up to `limit` tags that people have, sorted."""
    return tuple(value for (value,) in sql.several(session, _TAGS, limit=limit))


def languages(session: Session, limit: int) -> tuple[str, ...]:
    """Return up to `limit` languages that people prefer, sorted."""
    return tuple(value for (value,) in sql.several(session, _LANGUAGES, limit=limit))


def companies(session: Session, limit: int) -> tuple[str, ...]:
    """Return up to `limit` companies that people belong to, sorted."""
    return tuple(value for (value,) in sql.several(session, _COMPANIES, limit=limit))


def _all_but(asked: PersonFilter) -> tuple[PersonFilter, ...] | None:
    """Return the filters of the people to subtract from all; None for a filter that isn't counted like this.

    Most people are closed: they are counted by those who aren't.
    """
    if asked.terms != (Term(Field.STATE, State.CLOSED.value),):
        return None
    return tuple(PersonFilter((Term(Field.STATE, state.value),)) for state in (State.OPEN, State.SNOOZED))


_UNASSIGNED = Term(Field.IS, "unassigned")


@lru_cache(256)
def _first(asked: PersonFilter, agent: str, among: bool) -> sql.Statement:
    return sql.statement(lambda: _sorted(asked, agent, among).limit(sql.param("limit", Integer())))


@lru_cache(256)
def _all(asked: PersonFilter, agent: str, among: bool) -> sql.Statement:
    def build() -> Any:
        listed = _sorted(asked, agent, among).subquery()
        return sql.query(Gathered(listed.c.id))

    return sql.statement(build)


@lru_cache(256)
def _count_among(asked: PersonFilter, agent: str) -> sql.Statement:
    return sql.statement(lambda: _fitting(func.count(), PersonFilter(asked.terms), agent, True))


@lru_cache(64)
def _counts(several: tuple[PersonFilter, ...], agent: str) -> sql.Statement:
    def build() -> Any:
        each = (_fitting(func.count(), asked, agent, False, f"of{place}_") for place, asked in enumerate(several))
        return sql.query(*(one.scalar_subquery() for one in each))

    return sql.statement(build)


def _values(asked: Asked, name: str = "") -> dict[str, Any]:
    """Return the values of a statement; the names of the filter's own values have the prefix `name`."""
    values: dict[str, Any] = {"now": asked.now}
    for place, term in enumerate(asked.filter.terms):
        if term.field is Field.WAITING:
            values[f"{name}edge{place}"] = asked.now - term.span
        elif term.field is Field.WINDOW:
            values[f"{name}edge{place}"] = asked.now + term.span
    return values if asked.found is None else {**values, "found": list(asked.found)}


def _now() -> Any:
    return sql.param("now", Instant())


def _sorted(asked: PersonFilter, agent: str, among: bool) -> Any:
    asked = asked._replace(order=asked.order or Order.LATEST)
    is_queue = _is_queue_alone(asked, among)
    person = col(QueueRow.contact_id) if is_queue else col(ContactRow.id)
    return _fitting(person.label("id"), asked, agent, among).order_by(*_order(asked.order, person))


def _is_queue_alone(asked: PersonFilter, among: bool) -> bool:
    """Return whether the queue alone can answer: it has an entry for every person who is open, snoozed or waiting."""
    return (
        not among
        and asked.order in (None, Order.URGENT)
        and bool(asked.terms)
        and all(_needs_queue(term) and not term.is_not for term in asked.terms)
    )


def _fitting(wanted: Any, asked: PersonFilter, agent: str, among: bool, name: str = "") -> Any:
    query = sql.query(wanted)
    needing = [term for term in asked.terms if _needs_queue(term)]
    if _is_queue_alone(asked, among):
        query = query.select_from(QueueRow)
    else:
        query = query.select_from(ContactRow)
        if needing or asked.order in (Order.URGENT, Order.WAITING, Order.SNOOZED):
            only_those = any(not term.is_not or term.field is Field.STATE for term in needing)
            query = query.join(QueueRow, col(QueueRow.contact_id) == ContactRow.id, isouter=not only_those)
    for place, term in enumerate(asked.terms):
        if term.field is Field.TEXT and not term.is_not:
            continue  # The people whom the search found have all of these words.
        condition = _condition(term, agent, sql.param(f"{name}edge{place}", Instant()))
        query = query.where(not_(condition) if term.is_not else condition)
    if among:
        query = query.where(col(ContactRow.id).in_(sql.members("found", Integer())))
    return query


def _needs_queue(term: Term) -> bool:
    """Return whether a term needs the person's entry in the queue, which people without messages don't have."""
    if term.field is Field.STATE:
        return (term.value == State.CLOSED) is term.is_not
    return term.field is Field.WAITING or (term.field is Field.IS and term.value in ("waiting", "late"))


def _condition(term: Term, agent: str, edge: Any) -> ColumnElement[bool]:
    """Return the condition under which a term holds. It is never NULL, so that it can be negated."""
    value = term.value
    match term.field:
        case Field.ASSIGNEE:
            return _assigned(value, agent)
        case Field.TAG:
            each = _each_tag()
            return exists(select(literal(1)).select_from(each).where(func.lower(each.c.value) == value.lower()))
        case Field.COMPANY:
            return func.lower(ContactRow.company).contains(value.lower(), autoescape=True)
        case Field.LANGUAGE:
            language = func.lower(ContactRow.language)
            return or_(language == value.lower(), language.startswith(f"{value.lower()}-", autoescape=True))
        case Field.ATTRIBUTE:
            return _has_attribute(value)
        case Field.CHANNEL:
            return _talks(InboxRow.channel == value.lower())
        case Field.INBOX:
            return _talks(func.lower(InboxRow.name) == value.lower())
        case Field.STATE:
            return _stands(State(value), is_not=term.is_not)
        case Field.IS:
            return _fact(value)
        case Field.WAITING:
            since = col(QueueRow.waiting_since)
            return _waits(since, since < edge if term.operator == ">" else since > edge)
        case Field.WINDOW:
            until = col(ConversationRow.window_until)
            return _has_window(until > _now(), until > edge if term.operator == ">" else until < edge)
        case Field.TEXT:
            return col(ContactRow.search_text).contains(searchable(value), autoescape=True)


def _has_attribute(term: str) -> ColumnElement[bool]:
    name, equals, value = term.partition("=")
    held = func.coalesce(col(ContactRow.attributes)[name].as_string(), "")
    return func.lower(held) == value.strip().lower() if equals else held != ""


def _assigned(value: str, agent: str) -> ColumnElement[bool]:
    owner = col(ContactRow.owner)
    if value.lower() == NOBODY or (value.lower() == ME and not agent):
        return owner == ""
    # The index holds the people who have an assignee.
    has_one = owner != ""
    if value.lower() == ME:
        return and_(owner == agent, has_one)
    return and_(func.lower(owner) == value.lower(), has_one)


def _stands(state: State, *, is_not: bool) -> ColumnElement[bool]:
    """Return the condition for a term about a state. A person without messages is closed, and has no entry."""
    unclosed = [State.OPEN.value, State.SNOOZED.value]
    if state is State.CLOSED and is_not:
        return not_(col(QueueRow.state).in_(unclosed))
    if state is not State.CLOSED and not is_not:
        return col(QueueRow.state) == state.value
    states = unclosed if state is State.CLOSED else [state.value]
    there = col(ContactRow.id).in_(select(QueueRow.contact_id).where(col(QueueRow.state).in_(states)))
    return not_(there) if state is State.CLOSED else there


def _fact(name: str) -> ColumnElement[bool]:
    identity = select(IdentityRow.id).where(IdentityRow.contact_id == ContactRow.id)
    draft = (
        select(IdentityRow.contact_id)
        .join(DraftRow, col(IdentityRow.id) == DraftRow.identity_id)
        .where(col(ContactRow.id) == IdentityRow.contact_id)
    )
    facts: dict[str, Any] = {
        "unread": col(ContactRow.unread) > 0,
        # The condition of the partial index of these few people, so that it is used.
        "failed": literal_column("contact.failing"),
        "waiting": _waits(col(QueueRow.waiting_since)),
        "draft": draft.exists(),
        "unassigned": col(ContactRow.owner) == "",
        "blocked": or_(
            col(ContactRow.blocked_at).is_not(None), identity.where(col(IdentityRow.blocked_at).is_not(None)).exists()
        ),
        "opted-out": identity.where(col(IdentityRow.opted_out_at).is_not(None)).exists(),
        "late": _waits(col(QueueRow.deadline), col(QueueRow.deadline) < _now()),
    }
    fact: ColumnElement[bool] = facts[name]
    return fact


def _waits(moment: Any, *conditions: Any) -> ColumnElement[bool]:
    """Return the condition that an open person has this time and these hold: snoozed and closed people don't wait."""
    return and_(col(QueueRow.state) == State.OPEN.value, moment.is_not(None), *conditions)


def _talks(condition: Any) -> ColumnElement[bool]:
    """Return the condition that the person has a conversation with messages for which this one holds."""
    return (
        select(ConversationRow.id)
        .join(InboxRow, col(InboxRow.id) == ConversationRow.inbox_id)
        .where(
            ConversationRow.contact_id == ContactRow.id, col(ConversationRow.last_message_at).is_not(None), condition
        )
        .exists()
    )


def _has_window(*conditions: Any) -> ColumnElement[bool]:
    """Return the condition that the person has a window for which these hold: an index finds these people."""
    return col(ContactRow.id).in_(select(ConversationRow.contact_id).where(*conditions))


def _order(by: Order | None, person: Any) -> tuple[Any, ...]:
    """Return what people are sorted by. Orders that no index helps sort equal people by their latest message."""
    latest = (col(ContactRow.activity_at).desc(), col(ContactRow.id).desc())
    window = (
        sql.query(func.min(ConversationRow.window_until))
        .where(ConversationRow.contact_id == ContactRow.id, col(ConversationRow.window_until) > _now())
        .scalar_subquery()
    )
    firsts: dict[Order, Any] = {
        Order.WAITING: col(QueueRow.waiting_since),
        Order.WINDOW: window,
        Order.SNOOZED: col(QueueRow.wake_at),
    }
    match by:
        case None | Order.LATEST:
            return latest
        case Order.URGENT:
            # The order of the queue's index, so that the first ones are found without sorting all.
            return (col(QueueRow.deadline).asc().nulls_last(), col(QueueRow.waiting_since), person)
        case Order.NAME:
            return (col(ContactRow.search_text), col(ContactRow.id))
        case order:
            return (or_(firsts[order].is_(None), literal(False)), firsts[order], *latest)
