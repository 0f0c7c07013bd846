"""Statements written once: values and rows have the columns' types, whatever the driver takes."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Integer, func
from sqlmodel import Session, col, select, update

from contacts_tui.domain.clock import Clock
from contacts_tui.store import sql
from contacts_tui.store.columns import Instant
from contacts_tui.store.process_tables import PaceRow
from contacts_tui.store.store import Store

NOW = datetime(2026, 3, 29, 1, 30, 0, 123456, tzinfo=UTC)

_PUT = sql.insertion(PaceRow, "inbox_id", "conversation_id", "free_at")
_FREE = sql.statement(
    lambda: (
        select(PaceRow.conversation_id, PaceRow.free_at)
        .where(
            col(PaceRow.conversation_id).in_(sql.members("ids", Integer())), col(PaceRow.free_at) <= sql.param("now")
        )
        .order_by(col(PaceRow.conversation_id))
    )
)
_MOVE = sql.statement(
    lambda: (
        update(PaceRow)
        .where(PaceRow.conversation_id == sql.param("conversation"))
        .values(free_at=func.greatest(PaceRow.free_at, sql.param("until", Instant())))
        .returning(col(PaceRow.free_at), col(PaceRow.inbox_id))
    )
)


@pytest.fixture
def filled(store: Store) -> Store:
    def fill(session: Session, _: Clock) -> None:
        for place in range(4):
            at = NOW + timedelta(seconds=place)
            sql.write(session, _PUT, inbox_id=1, conversation_id=place, free_at=at)

    store.call(fill)
    return store


def found(session: Session, _: Clock, ids: Iterable[int], now: datetime) -> list[tuple[int, datetime]]:
    return sql.several(session, _FREE, ids=ids, now=now)


def moved(session: Session, _: Clock, until: datetime) -> tuple[datetime, int]:
    row: tuple[datetime, int] = sql.returned(session, _MOVE, conversation=1, until=until)
    return row


def test_times_go_in_and_come_out_as_aware_times(filled: Store) -> None:
    rows = filled.call_read(found, (0, 2, 9), NOW + timedelta(seconds=2))
    assert rows == [(0, NOW), (2, NOW + timedelta(seconds=2))]


def test_a_set_may_be_empty_and_large(filled: Store) -> None:
    assert filled.call_read(found, [], NOW) == []
    assert filled.call_read(found, range(100_000), NOW) == [(0, NOW)]


def test_what_a_statement_returns_has_the_columns_types(filled: Store) -> None:
    assert filled.call(moved, NOW) == (NOW + timedelta(seconds=1), 1), "the greatest counts"
    assert filled.call(moved, NOW + timedelta(days=1)) == (NOW + timedelta(days=1), 1)


def test_a_value_that_was_not_given_is_a_mistake(filled: Store) -> None:
    with pytest.raises(KeyError, match="now"):
        filled.call_read(lambda session, _: sql.one(session, _FREE, ids=[1]))


def test_a_value_without_a_type_is_a_mistake(filled: Store) -> None:
    bare = sql.statement(lambda: select(func.greatest(PaceRow.free_at, sql.param("until"))))
    with pytest.raises(TypeError, match="until"):
        filled.call_read(lambda session, _: sql.one(session, bare, until=NOW))
