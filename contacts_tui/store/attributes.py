"""The custom attributes that people can have, each with the kind of its values."""

from sqlmodel import Session, col

from contacts_tui.domain.attributes import Kind
from contacts_tui.domain.unknown_values import member
from contacts_tui.store import sql
from contacts_tui.store.people_tables import AttributeRow

_LISTED = sql.statement(lambda: sql.query(AttributeRow.name, AttributeRow.kind).order_by(col(AttributeRow.name)))
_PUT = sql.upsert(
    lambda insert: (put := insert(AttributeRow)).on_conflict_do_update(
        index_elements=[col(AttributeRow.name)], set_={"kind": put.excluded["kind"]}
    ),
    "name",
    "kind",
)


def kinds(session: Session) -> dict[str, Kind]:
    """Return every attribute with its kind, by name."""
    return {name: member(Kind, kind) for name, kind in sql.several(session, _LISTED)}


def put(session: Session, name: str, kind: Kind) -> None:
    """Store the kind of an attribute's values, and the attribute where it is new."""
    sql.write(session, _PUT, name=name, kind=kind.value)
