"""Statements written once: values and rows have the columns' types, whatever types the driver uses."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Integer, func, null
from sqlmodel import Session, col, select, update

from contacts_tui.domain.clock import Clock
from contacts_tui.domain.contact import NewContact
from contacts_tui.domain.note import Note
from contacts_tui.store import contacts, sql
from contacts_tui.store.columns import Instant
from contacts_tui.store.message_tables import MessageRow
from contacts_tui.store.people_tables import NoteRow
from contacts_tui.store.process_tables import PaceRow
from contacts_tui.store.store import Store
from tests.services.world import World

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

_FREE_OF_INBOX = sql.lookup(PaceRow, "inbox_id", "conversation_id", "free_at", order="conversation_id")
_HOLD = sql.replacement(PaceRow, ("inbox_id", "conversation_id"), "free_at")
_SET = sql.change(PaceRow, ("inbox_id", "conversation_id"), "free_at", returning=("free_at",))
_FORGET = sql.removal(PaceRow, "conversation_id")
_NOTE = sql.Record(Note, NoteRow, {"text": str.upper}, author=func.coalesce(NoteRow.author, "somebody"))
_NOTED = sql.insertion(NoteRow, "contact_id", "author", "at", "text")
_NOTES = _NOTE.lookup("contact_id", order="id")
_WITHOUT_TEMPLATE = sql.statement(lambda: sql.query(MessageRow.body).where(col(MessageRow.template).is_(null())))


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
    row: tuple[datetime, int] = sql.one(session, _MOVE, conversation=1, until=until)
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


def test_rows_are_found_put_changed_and_removed_by_the_names_of_columns(filled: Store) -> None:
    later = NOW + timedelta(days=1)

    def work(session: Session, _: Clock) -> tuple[object, list[tuple[int, datetime]]]:
        sql.write(session, _HOLD, inbox_id=1, conversation_id=0, free_at=later)
        sql.write(session, _HOLD, inbox_id=1, conversation_id=9, free_at=later)
        changed = sql.one(session, _SET, inbox_id=1, conversation_id=1, free_at=later)
        for conversation_id in (2, 3):
            sql.write(session, _FORGET, conversation_id=conversation_id)
        return changed, sql.several(session, _FREE_OF_INBOX, inbox_id=1)

    assert filled.call(work) == ((later,), [(0, later), (1, later), (9, later)])


def test_many_rows_go_in_by_few_statements(store: Store) -> None:
    count = 2 * sql.AT_ONCE + 1
    # Some are one object, some are only equal, and some aren't even that.
    times = [NOW if place % 7 else NOW + timedelta(seconds=place % 3) for place in range(count)]

    def fill(session: Session, _: Clock) -> None:
        rows = ({"inbox_id": 1, "conversation_id": place, "free_at": at} for place, at in enumerate(times))
        sql.insert_all(session, _PUT, rows)
        person = contacts.insert(session, lambda: NOW, NewContact(name="Ann")).id
        sql.insert_all(session, _NOTED, [{"contact_id": person, "author": "Kim", "at": NOW, "text": "tea"}] * 2)

    store.call(fill)
    assert store.call_read(found, range(count), NOW + timedelta(days=1)) == list(enumerate(times))
    assert len(store.call_read(lambda session, _: _NOTE.several(session, _NOTES, contact_id=1))) == 2


def test_a_record_is_read_in_one_way_and_an_insert_tells_its_id(store: Store) -> None:
    person = store.call(contacts.insert, NewContact(name="Ann")).id

    def work(session: Session, _: Clock) -> tuple[int, int, tuple[Note, ...]]:
        first = sql.inserted(session, _NOTED, contact_id=person, author="Kim", at=NOW, text="likes tea")
        second = sql.inserted(session, _NOTED, contact_id=person, author="Lee", at=NOW, text="moved")
        return first, second, _NOTE.several(session, _NOTES, contact_id=person)

    first, second, notes = store.call(work)
    assert notes == (
        Note(first, person, "Kim", NOW, "LIKES TEA", None),
        Note(second, person, "Lee", NOW, "MOVED", None),
    )
    assert store.call_read(lambda session, _: _NOTE.one(session, _NOTES, contact_id=0)) is None


def test_json_that_is_missing_is_null(tmp_path: Path) -> None:
    world = World(tmp_path)
    world.hears(world.shop, "Hello")
    assert world.store.call_read(lambda session, _: sql.several(session, _WITHOUT_TEMPLATE)) == [("Hello",)]
    world.store.close()


def test_a_statement_after_a_commit_begins_a_transaction(filled: Store) -> None:
    def work(session: Session, _: Clock) -> bool:
        sql.write(session, _FORGET, conversation_id=0)
        session.commit()
        sql.write(session, _FORGET, conversation_id=1)
        return session.in_transaction()

    assert filled.call(work)
