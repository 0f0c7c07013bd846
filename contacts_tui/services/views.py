"""Views over people: which there are, and who is in one."""

from array import array
from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlmodel import Session

from contacts_tui.domain.change import ChangeKind
from contacts_tui.domain.clock import Clock
from contacts_tui.domain.listing import SearchResult
from contacts_tui.domain.person_filter import Field, FilterError, PersonFilter, parse
from contacts_tui.domain.roles import Right
from contacts_tui.domain.text import name_fault, searchable
from contacts_tui.domain.view import BUILT_IN, View
from contacts_tui.services import agents, rights
from contacts_tui.services.errors import BadInput, NotFound
from contacts_tui.store import attributes, change_feed, inboxes, person_filters, queue, saved_views
from contacts_tui.store import search as index
from contacts_tui.store.person_filters import Asked

_LEAST_TAG = 3
"""How many characters a tag must have for the index of people to find it."""
_MOST_NAMES = 500
"""Tags and companies that are offered at most."""
_MOST_LANGUAGES = 100
"""Languages that are offered at most."""
_MOST_FOUND = 10_000
"""People that a search for a filter's words looks at, at most."""


def listed(session: Session, clock: Clock) -> tuple[View, ...]:
    """Return the built-in views, then the saved ones by name."""
    return (*BUILT_IN, *saved_views.listed(session))


def named(session: Session, clock: Clock, name: str) -> View:
    """Return the view of this name, in upper or lower case. Raise NotFound."""
    for view in listed(session, clock):
        if view.name.casefold() == name.strip().casefold():
            return view
    raise NotFound(f"there is no view “{name}”: `contacts-tui views list` shows them")


def matching(session: Session, clock: Clock, line: str, agent: str, limit: int) -> SearchResult:
    """Return up to `limit` people who fit a filter, in its order. Raise BadInput, which says where the mistake is."""
    found = person_filters.matching(session, _asked(session, clock, read(line), agent), limit + 1)
    return SearchResult(found[:limit], more=len(found) > limit)


def count(session: Session, clock: Clock, line: str, agent: str) -> int:
    """Return how many people fit a filter. Raise BadInput."""
    return counts(session, clock, [line], agent)[0]


def next_person(session: Session, clock: Clock, line: str, agent: str, passed: Mapping[int, datetime]) -> int | None:
    """Return the first person who fits a filter and wasn't passed, or who wrote since; None without any.

    `passed` says when each person was passed. Raise BadInput.
    """
    found = matching(session, clock, line, agent, len(passed) + 1).ids
    entries = queue.entries(session, [contact_id for contact_id in found if contact_id in passed])
    for contact_id in found:
        entry = entries.get(contact_id)
        since = None if entry is None else entry.waiting_since
        if contact_id not in passed or (since is not None and since > passed[contact_id]):
            return contact_id
    return None


def order(session: Session, clock: Clock, line: str, agent: str) -> "array[int]":
    """Return the ids of all people who fit a filter, in its order. Raise BadInput."""
    return person_filters.order(session, _asked(session, clock, read(line), agent))


def counts(session: Session, clock: Clock, lines: Sequence[str], agent: str) -> tuple[int, ...]:
    """Return how many people fit each of these filters. Raise BadInput."""
    return person_filters.counts(session, [_asked(session, clock, read(line), agent) for line in lines])


def names(session: Session, clock: Clock) -> dict[Field, tuple[str, ...]]:
    """Return the values that a filter's terms can have: the agents, tags, inboxes and so on that exist."""
    return {
        Field.ASSIGNEE: tuple(agent.name for agent in agents.listed(session, clock)),
        Field.TAG: person_filters.tags(session, _MOST_NAMES),
        Field.COMPANY: person_filters.companies(session, _MOST_NAMES),
        Field.INBOX: tuple(inbox.name for inbox in inboxes.list_all(session)),
        Field.LANGUAGE: person_filters.languages(session, _MOST_LANGUAGES),
        Field.ATTRIBUTE: tuple(f"{name}=" for name in attributes.kinds(session)),
    }


def save(session: Session, clock: Clock, agent: str, view: View) -> View:
    """Save a view for everybody on this store, in place of one with the same name. Raise BadInput and NotAllowed."""
    name = view.name.strip()
    if fault := name_fault(name):
        raise BadInput(f"a view can't be named so: {fault}")
    if any(name.casefold() == one.name.casefold() for one in BUILT_IN):
        raise BadInput(f"“{name}” is a built-in view: choose another name")
    _check_author(session, clock, agent, name)
    saved = View(name, str(read(view.filter)), view.key, view.author)
    saved_views.put(session, saved)
    change_feed.record(session, clock, ChangeKind.SETTING)
    return saved


def remove(session: Session, clock: Clock, agent: str, name: str) -> View:
    """Remove a saved view. Raise NotFound, NotAllowed, and BadInput for a built-in one."""
    view = named(session, clock, name)
    if view in BUILT_IN:
        raise BadInput(f"“{view.name}” is a built-in view: only saved ones can be removed")
    _check_author(session, clock, agent, view.name)
    saved_views.remove(session, view.name)
    change_feed.record(session, clock, ChangeKind.SETTING)
    return view


def _check_author(session: Session, clock: Clock, agent: str, name: str) -> None:
    """Raise NotAllowed for another agent's saved view, unless the agent has the right to change it."""
    author = next((view.author for view in saved_views.listed(session) if view.name.casefold() == name.casefold()), "")
    if author and author != agent:
        rights.check(session, clock, agent, Right.SHARED)


def read(line: str) -> PersonFilter:
    """Return the filter that a line means. Raise BadInput, which says where the mistake is."""
    try:
        return parse(line)
    except FilterError as error:
        raise BadInput(f"at character {error.begin + 1} of the filter: {error}") from error


def _asked(session: Session, clock: Clock, found: PersonFilter, agent: str) -> Asked:
    if any(term.field is Field.ATTRIBUTE for term in found.terms):
        found = _spelled(found, tuple(attributes.kinds(session)))
    ids = index.search(session, found.text, _MOST_FOUND).ids if found.text else _tagged(session, found)
    return Asked(found, agent, clock(), ids)


def _spelled(found: PersonFilter, known: Sequence[str]) -> PersonFilter:
    """Return the filter with each attribute's name as it is stored. Raise BadInput for an unknown one."""
    names, terms = {name.casefold(): name for name in known}, []
    for term in found.terms:
        if term.field is Field.ATTRIBUTE:
            typed, equals, value = term.value.partition("=")
            name = names.get(typed.strip().casefold())
            if name is None:
                there_are = f"there are {', '.join(known)}" if known else "there are none yet"
                raise BadInput(f"no person has an attribute “{typed.strip()}”: {there_are}")
            term = term._replace(value=f"{name}{equals}{value}")
        terms.append(term)
    return found._replace(terms=tuple(terms))


def _tagged(session: Session, found: PersonFilter) -> list[int] | None:
    """Return the ids of people who may have the filter's tag, by the search index; None where that is of no use."""
    tag = next((searchable(term.value) for term in found.terms if term.field is Field.TAG and not term.is_not), "")
    ids = index.people_holding(session, tag, _MOST_FOUND + 1) if len(tag) >= _LEAST_TAG else None
    return None if ids is None or len(ids) > _MOST_FOUND else ids
