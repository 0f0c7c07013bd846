"""The places of the people list: who is in each, in which order, and how many."""

from array import array
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Integer, func, literal_column
from sqlmodel import Session, col

from contacts_tui.domain import window
from contacts_tui.domain.listing import Order, Place, PlaceCounts
from contacts_tui.store import sql
from contacts_tui.store.expressions import Gathered
from contacts_tui.store.message_tables import ConversationRow
from contacts_tui.store.people_tables import ContactRow

_FAILING: Any = literal_column("contact.failing")
"""As it stands in the index of those, which is found by it."""
_LATEST = (col(ContactRow.activity_at).desc(), col(ContactRow.id).desc())


def _closing(*columns: Any) -> Any:
    return sql.query(*columns).where(
        col(ConversationRow.window_until) > sql.param("now"), col(ConversationRow.window_until) <= sql.param("soon")
    )


def _people(place: Place, wanted: Any) -> Any:
    """Return the query for something of everybody in a place."""
    match place:
        case Place.ALL:
            return sql.query(wanted).select_from(ContactRow)
        case Place.UNREAD:
            return sql.query(wanted).select_from(ContactRow).where(col(ContactRow.unread) > 0)
        case Place.FAILED:
            return sql.query(wanted).select_from(ContactRow).where(_FAILING)
        case Place.CLOSING:
            return sql.query(wanted).where(col(ContactRow.id).in_(_closing(ConversationRow.contact_id)))


def _listed(place: Place, by: Order) -> Any:
    """Return the query for the ids in order. By the latest, all but the closing ones are read off an index as they
    stand."""
    if by is Order.NAME:
        # What a person is found by begins with the folded name.
        return _people(place, ContactRow.id).order_by(col(ContactRow.search_text), col(ContactRow.id))
    if place is Place.CLOSING:
        of = col(ConversationRow.contact_id)
        return _closing(of.label("id")).group_by(of).order_by(func.min(ConversationRow.window_until), of)
    return _people(place, ContactRow.id).order_by(*_LATEST)


def _statements(place: Place, by: Order) -> tuple[sql.Statement, sql.Statement]:
    """Return the statements for all ids at once, and for the first ones."""
    return (
        sql.statement(lambda: sql.query(Gathered(_listed(place, by).subquery().c.id))),
        sql.statement(lambda: _listed(place, by).limit(sql.param("limit", Integer()))),
    )


_ORDERS = {(place, by): _statements(place, by) for place in Place for by in Order}
_COUNTS = sql.statement(
    lambda: sql.query(
        *(_people(place, func.count()).scalar_subquery() for place in (Place.ALL, Place.UNREAD, Place.FAILED)),
        _closing(func.count(func.distinct(ConversationRow.contact_id))).scalar_subquery(),
    )
)


def order(session: Session, place: Place, now: datetime, by: Order = Order.LATEST) -> "array[int]":
    """Ids of everybody in a place, in its order. A million take some 200 ms and 8 MB; by name some seconds."""
    # The database writes the whole list as one text: four times quicker than a million rows, and the interpreter is
    # free for the interface meanwhile.
    return array("q", sql.one(session, _ORDERS[place, by][0], **_times(now))[0])


def first(session: Session, place: Place, now: datetime, limit: int, by: Order = Order.LATEST) -> "array[int]":
    """Ids of the first people of a place: what a screen shows before the whole order is there."""
    found = sql.several(session, _ORDERS[place, by][1], limit=limit, **_times(now))
    return array("q", [contact_id for (contact_id,) in found])


def counts(session: Session, now: datetime) -> PlaceCounts:
    """How many people each place holds."""
    everyone, unread, failed, closing = sql.one(session, _COUNTS, **_times(now))
    return PlaceCounts(everyone, unread, closing, failed)


def _times(now: datetime) -> Mapping[str, datetime]:
    """The edges of "closing soon"."""
    return {"now": now, "soon": now + window.CLOSING_SOON}
