"""Statements that are sent to the server with a later one: a transaction does the same, and takes less time."""

import os
import signal
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg
import pytest
from sqlmodel import Session

from contacts_tui.domain.channel import Channel
from contacts_tui.domain.clock import Clock
from contacts_tui.domain.contact import NewContact
from contacts_tui.domain.message import NewMessage
from contacts_tui.services import messaging
from contacts_tui.store import contacts, notes, settings, sql
from contacts_tui.store.errors import Contradiction, StoreError
from contacts_tui.store.people_tables import NoteRow
from contacts_tui.store.store import Store
from tests.services.conftest import world as world
from tests.services.world import World
from tests.store.lossy_wire import lossy_wire
from tests.store.test_group_commit import gathered
from tests.store.test_postgresql import short_folder as short_folder
from tests.store.test_store import count_up, read

NOBODY = 4711
NOW = datetime(2026, 11, 28, tzinfo=UTC)

_NOTE = sql.insertion(NoteRow, "contact_id", "author", "at", "text")
_TEXTS = sql.lookup(NoteRow, "contact_id", "text", order="id")

on_a_server = pytest.mark.engine("postgresql")


def note(session: Session, contact_id: int, text: str) -> None:
    sql.write(session, _NOTE, contact_id=contact_id, author="Kim", at=NOW, text=text)


def texts(store: Store, contact_id: int) -> list[str]:
    return [text for (text,) in store.call_read(lambda session, _: sql.several(session, _TEXTS, contact_id=contact_id))]


@pytest.fixture
def ann(store: Store) -> int:
    return store.call(contacts.insert, NewContact(name="Ann")).id


@pytest.mark.parametrize("reads", [True, False])
def test_one_that_fails_stores_nothing_and_says_why_wherever_it_shows(store: Store, ann: int, reads: bool) -> None:
    def work(session: Session, clock: Clock) -> None:
        note(session, ann, "before")
        note(session, NOBODY, "contradicts")
        note(session, ann, "after")
        if reads:
            notes.of_person(session, ann)

    for _ in range(8):
        with pytest.raises(Contradiction, match=r"contradicts what is in the store .*nothing was stored"):
            store.call(work)
        assert texts(store, ann) == []
    for _ in range(8):
        store.call(lambda session, _: note(session, ann, "later"))
    assert texts(store, ann) == ["later"] * 8


@on_a_server
def test_what_the_function_raises_passes_and_takes_with_it_what_was_kept_back(store: Store, ann: int) -> None:
    def work(session: Session, clock: Clock) -> None:
        note(session, ann, "before")
        note(session, NOBODY, "contradicts")
        raise LookupError("on purpose")

    with pytest.raises(LookupError, match="on purpose"):
        store.call(work)
    store.call(lambda session, _: note(session, ann, "later"))
    assert texts(store, ann) == ["later"]


async def test_one_of_a_group_that_fails_only_at_the_commit_fails_alone(store: Store, ann: int) -> None:
    one, wrong, two = await gathered(
        store, (count_up,), (lambda session, _: note(session, NOBODY, "contradicts"),), (count_up,)
    )
    assert (one, two) == (1, 2)
    assert isinstance(wrong, Contradiction)
    assert await store.read(read, "count") == "2"


def test_whatever_comes_after_finds_them_done_in_their_order(store: Store, ann: int) -> None:
    many = [str(number) for number in range(50)]

    def work(session: Session, clock: Clock) -> list[list[str]]:
        found = []
        for begin, look in enumerate((sql.several, sql.each)):
            for text in many[begin::2]:
                note(session, ann, text)
            found.append([text for (text,) in look(session, _TEXTS, contact_id=ann)])
        settings.put(session, clock, "key", "first")
        sql.write_all(session, _NOTE, [{"contact_id": ann, "author": "Kim", "at": NOW, "text": "many"}] * 2)
        settings.put(session, clock, "key", "last")
        return [*found, [settings.get(session, "key")]]

    odd_and_even = many[0::2] + many[1::2]
    assert store.call(work) == [many[0::2], odd_and_even, ["last"]]
    assert texts(store, ann) == [*odd_and_even, "many", "many"]


@on_a_server
def test_what_goes_with_a_commit_that_is_cut_off_is_stored_as_a_whole_or_not_at_all(
    store: Store, ann: int, location: str, short_folder: Path
) -> None:
    def work(session: Session, clock: Clock) -> None:
        for text in ("one", "two", "three"):
            note(session, ann, text)

    with lossy_wire(location, short_folder) as (wire, through), closing(Store.open(through)) as other:
        assert texts(other, ann) == []
        wire.loses_question = True
        with pytest.raises(StoreError, match=r"connection to the store .* was cut .*nothing was stored"):
            other.call(work)
        assert texts(store, ann) == []
        wire.loses_answer = True
        other.call(work)
        assert texts(store, ann) == ["one", "two", "three"]
        assert not (wire.loses_answer or wire.loses_question)


@on_a_server
def test_a_send_waits_for_the_server_once_for_each_thing_that_it_reads(world: World, tmp_path: Path) -> None:
    identity = world.identity(world.person(), Channel.SMS).id
    first, *others, last = (NewMessage(messaging.new_uid(), "it is ready", author="Kim") for _ in range(8))
    written = tmp_path / "wire"

    def work(session: Session, clock: Clock) -> None:
        driver_of(session).pgconn.trace(os.open(written, os.O_CREAT | os.O_RDWR))
        messaging.send(session, clock, identity, world.shop.id, last)

    with closing(Store.open(world.location)) as store:
        # The conversation is begun, and statements that are frequent are prepared.
        for new in (first, *others):
            store.call(messaging.send, identity, world.shop.id, new)
        store.call(work)
    # Whether it is stored, what may be sent, the inbox's problems, the new message's id, and all else at the commit.
    assert written.read_text().count("ReadyForQuery") == 5


@on_a_server
def test_where_a_pooler_may_be_nothing_is_sent_after_the_commit(location: str, tmp_path: Path) -> None:
    written = tmp_path / "wire"

    def work(session: Session, clock: Clock) -> None:
        driver_of(session).pgconn.trace(os.open(written, os.O_CREAT | os.O_RDWR))
        settings.put(session, clock, "key", "value")

    with closing(Store.open(f"{location}&prepared=off")) as store:
        store.call(work)
        *_, last = [line.split("\t")[1:] for line in written.read_text().splitlines() if "\tF\t" in line]
    assert "COMMIT" in last[-1]


def driver_of(session: Session) -> psycopg.Connection[Any]:
    driver: psycopg.Connection[Any] = session.connection().connection.driver_connection  # type: ignore[assignment]
    return driver


class Interrupted(BaseException):
    """Raised by a signal in the middle of a wait."""


@on_a_server
def test_one_that_is_interrupted_while_it_waits_stores_nothing_and_the_next_one_goes_on(
    store: Store, ann: int, capfd: pytest.CaptureFixture[str]
) -> None:
    def interrupt(*_: object) -> None:
        raise Interrupted

    def work(session: Session, clock: Clock) -> None:
        note(session, ann, "before")
        signal.setitimer(signal.ITIMER_REAL, 0.2)
        sql.one(session, "SELECT pg_sleep(20)")

    usual = signal.signal(signal.SIGALRM, interrupt)
    try:
        with pytest.raises(Interrupted):
            store.call(work)
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, usual)
    assert "Traceback" not in capfd.readouterr().err
    store.call(lambda session, _: note(session, ann, "later"))
    assert texts(store, ann) == ["later"]
