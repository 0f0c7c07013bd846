"""Whom the list of people shows: a view, or what is typed into the search field."""

from array import array
from collections.abc import Collection
from typing import NamedTuple

from contacts_tui.domain.person_filter import Field, FilterError, Order, PersonFilter, parse
from contacts_tui.domain.view import View
from contacts_tui.widgets.person_line import Timing, timing_of

FIRST = 200
"""How many people are read before the whole order: enough for the tallest terminal."""

_SORTED = {
    Order.URGENT: "most urgent first",
    Order.WAITING: "longest waiting first",
    Order.WINDOW: "closing soonest first",
    Order.LATEST: "sorted by last message",
    Order.NAME: "sorted by name",
    Order.SNOOZED: "waking soonest first",
}


class PeopleQuery(NamedTuple):
    """What the list asks the store for."""

    typed: str
    """The text of the search field; for a view empty, or its filter if that has a mistake."""
    filter: PersonFilter
    words: str
    """The words to search for, if there are only words; empty for a filter with any other term."""
    mistake: FilterError | None = None
    """What is wrong with the filter, which can't be asked then; None if it is right."""

    @property
    def line(self) -> str:
        """The filter as a line."""
        return str(self.filter)

    @property
    def is_by_name(self) -> bool:
        """Whether it asks for all people by name: messages don't change that, and reading a million takes seconds."""
        return self.filter == PersonFilter(order=Order.NAME)

    @property
    def timing(self) -> Timing:
        """Which times the list shows."""
        return timing_of(self.filter.order)

    @property
    def has_assignees(self) -> bool:
        """Whether the people found may have several assignees, so that the list has to show them."""
        return not any(
            term.field is Field.ASSIGNEE or (term.field, term.value) == (Field.IS, "unassigned")
            for term in self.filter.terms
        )

    @property
    def sorted_words(self) -> str:
        """How the list is sorted, in words."""
        return (
            "newest first" if self.typed and self.filter.order is None else _SORTED[self.filter.order or Order.LATEST]
        )


def of_view(view: View, *, by_name: bool) -> PeopleQuery:
    """Return the query for the people of a view, in its order or by name; with the mistake of a wrong filter."""
    try:
        found = parse(view.filter)
    except FilterError as mistake:
        # A newer version of the program saved the view.
        return PeopleQuery(view.filter, PersonFilter(), "", mistake)
    return PeopleQuery("", found._replace(order=Order.NAME) if by_name else found, "")


def of_typed(text: str) -> PeopleQuery:
    """Return the query for a typed text, which is not blank: a filter, or words to search for."""
    try:
        found = parse(text)
    except FilterError as mistake:
        return PeopleQuery(text, PersonFilter(), "", mistake)
    is_plain = found.order is None and all(term.field is Field.TEXT and not term.is_not for term in found.terms)
    return PeopleQuery(text, found, found.text if is_plain else "")


def moved(order: "array[int]", first: tuple[int, ...], changed: Collection[int]) -> "array[int]":
    """Return `order` with the changed people at their places in `first`, and without those who aren't in `first`.

    `first` are the first people of the new order; fewer than FIRST are all of them, and are returned. Otherwise, an
    `order` of at most FIRST people is returned as it is.
    """
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
