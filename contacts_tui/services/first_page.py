"""The first page of people, at the start of the interface: shown while the rest of the program is still loading."""

import sqlite3
from collections.abc import Iterable
from dataclasses import replace

from contacts_tui.channels.registry import explain
from contacts_tui.domain.clock import Clock
from contacts_tui.domain.listing import PersonRow, Place
from contacts_tui.store import people_list
from contacts_tui.store.first_page import read_first_page


def first_page(location: str, clock: Clock, limit: int) -> tuple[PersonRow, ...]:
    """The first people of the list; none when the store can't be read just like that."""
    with read_first_page(location) as query:
        if query is None:
            return ()
        try:
            return explained(people_list.rows(query, people_list.first(query, Place.ALL, clock(), limit), clock()))
        except sqlite3.Error:
            return ()


def explained(records: Iterable[people_list.PersonRecord]) -> tuple[PersonRow, ...]:
    """Lines of the people list, with failures in words."""
    return tuple(map(_explained, records))


def _explained(record: people_list.PersonRecord) -> PersonRow:
    if not record.error_code or record.provider is None:
        return record.row
    return replace(record.row, last_failure=explain(record.provider, record.error_code))
