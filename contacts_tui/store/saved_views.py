"""Views that agents saved."""

from sqlmodel import Session

from contacts_tui.domain.view import View
from contacts_tui.store import sql
from contacts_tui.store.queue_tables import SavedViewRow

_VIEW = sql.Record(View, SavedViewRow)
_PUT = sql.replacement(SavedViewRow, ("name",), "filter", "key", "author")
_LISTED = _VIEW.lookup(order="name")
_REMOVE = sql.removal(SavedViewRow, "name")


def listed(session: Session) -> tuple[View, ...]:
    """Return every saved view, by name."""
    return _VIEW.several(session, _LISTED)


def put(session: Session, view: View) -> None:
    """Save a view; one of the same name is replaced."""
    sql.write(session, _PUT, name=view.name, filter=view.filter, key=view.key, author=view.author)


def remove(session: Session, name: str) -> bool:
    """Remove a view; return False when there is none of this name."""
    return bool(sql.changed(session, _REMOVE, name=name))
