"""Views that somebody saved."""

from sqlalchemy import delete
from sqlmodel import Session, col

from contacts_tui.domain.view import View
from contacts_tui.store import sql
from contacts_tui.store.queue_tables import SavedViewRow

_PUT = sql.upsert(
    lambda insert: (put := insert(SavedViewRow)).on_conflict_do_update(
        index_elements=[col(SavedViewRow.name)],
        set_={name: put.excluded[name] for name in ("filter", "key", "author")},
    ),
    "name",
    "filter",
    "key",
    "author",
)
_LISTED = sql.statement(
    lambda: sql.query(SavedViewRow.name, SavedViewRow.filter, SavedViewRow.key, SavedViewRow.author).order_by(
        col(SavedViewRow.name)
    )
)
_REMOVE = sql.statement(lambda: delete(SavedViewRow).where(col(SavedViewRow.name) == sql.param("view")))


def listed(session: Session) -> tuple[View, ...]:
    """Return every saved view, by name."""
    return tuple(View(*row) for row in sql.several(session, _LISTED))


def put(session: Session, view: View) -> None:
    """Save a view; one of the same name is replaced."""
    sql.write(session, _PUT, name=view.name, filter=view.filter, key=view.key, author=view.author)


def remove(session: Session, name: str) -> bool:
    """Remove a view. False when there was none of this name."""
    return bool(sql.write(session, _REMOVE, view=name).rowcount)
