"""The first page of people, at the start of the interface: shown while the rest of the program is still loading."""

from collections.abc import Iterable

from contacts_tui.domain.clock import Clock
from contacts_tui.domain.listing import PersonRow
from contacts_tui.domain.view import EVERYBODY, WAITING
from contacts_tui.store import people_list


def first_page(location: str, clock: Clock, view: str, limit: int) -> tuple[tuple[PersonRow, ...], bool]:
    """Return the first people of the view shown at the start, and whether they are the waiting ones.

    `view` is its name; "" means the waiting people, or everybody when no one waits. Return no people for another view,
    or when the store can't be read at once.
    """
    if view not in ("", WAITING, EVERYBODY):
        return (), False
    waits, all_ = view != EVERYBODY, view != WAITING
    records, are_waiting = people_list.first_page(location, limit, clock(), waiting=waits, everybody=all_)
    return explained(records), are_waiting


def explained(records: Iterable[people_list.PersonRecord]) -> tuple[PersonRow, ...]:
    """Return the lines of the people list, with failures in words."""
    return tuple(map(_explained, records))


def _explained(record: people_list.PersonRecord) -> PersonRow:
    if not record.error_code or record.provider is None:
        return record.row
    # Imported here, so that the names of most people don't wait for it.
    from contacts_tui.channels.registry import explain

    return record.row._replace(last_failure=explain(record.provider, record.error_code))
