"""Whom the list of people shows: a view, or what is typed into the search field."""

from array import array
from collections.abc import Collection
from typing import NamedTuple

from contacts_tui.domain.person_filter import Field, FilterError, Order, PersonFilter, parse
from contacts_tui.domain.view import View
from contacts_tui.widgets.person_line import Timing, timing_of

FIRST = 200
"""People read before the whole order: enough for the tallest terminal."""

_SORTED = {
    Order.URGENT: "most urgent first",
    Order.WAITING: "longest waiting first",
    Order.WINDOW: "closing soonest first",
    Order.LATEST: "sorted by last message",
    Order.NAME: "sorted by name",
    Order.SNOOZED: "waking soonest first",
}


class PeopleQuery(NamedTuple):
    """One question to the store."""

    typed: str
    """What stands in the search field; empty for a view."""
    filter: PersonFilter
    words: str
    """What is searched for as people write it, without any term of a filter; empty when a filter is asked for."""
    mistake: FilterError | None = None
    """What is wrong with what is typed: nothing can be asked then."""

    @property
    def line(self) -> str:
        """The filter as a line."""
        return str(self.filter)

    @property
    def is_by_name(self) -> bool:
        """Whether everybody is sorted by name: messages change nothing about it, and a million take seconds."""
        return self.filter == PersonFilter(order=Order.NAME)

    @property
    def timing(self) -> Timing:
        """Which times the list shows."""
        return timing_of(self.filter.order)

    @property
    def has_assignees(self) -> bool:
        """Whether people of several assignees are found, so that whose each is has to be seen."""
        return not any(
            term.field is Field.ASSIGNEE or (term.field, term.value) == (Field.IS, "unassigned")
            for term in self.filter.terms
        )

    @property
    def sorted_words(self) -> str:
        """How the list is sorted."""
        return (
            "newest first" if self.typed and self.filter.order is None else _SORTED[self.filter.order or Order.LATEST]
        )


def of_view(view: View, *, by_name: bool) -> PeopleQuery:
    """Return the question for the people of a view, in its order or by name."""
    try:
        found = parse(view.filter)
    except FilterError as mistake:
        # A newer version saved it.
        return PeopleQuery(view.filter, PersonFilter(), "", mistake)
    return PeopleQuery("", found._replace(order=Order.NAME) if by_name else found, "")


def of_typed(text: str) -> PeopleQuery:
    """Return the question that is typed: a filter, or words to search for. `text` is not blank."""
    try:
        found = parse(text)
    except FilterError as mistake:
        return PeopleQuery(text, PersonFilter(), "", mistake)
    is_plain = found.order is None and all(term.field is Field.TEXT and not term.is_not for term in found.terms)
    return PeopleQuery(text, found, found.text if is_plain else "")


def moved(order: "array[int]", first: tuple[int, ...], changed: Collection[int]) -> "array[int]":
    """Return the order with these people at their new place, as far as they are among the first; the others stay."""
    if len(order) <= FIRST or len(first) < FIRST:
        return array("q", first) if len(first) < FIRST else order
    moved = array("q", order)
    for contact_id in changed:
        try:
            moved.remove(contact_id)
        except ValueError:
            continue
    for place, contact_id in enumerate(first):
        if contact_id in changed:
            moved.insert(place, contact_id)
    return moved
