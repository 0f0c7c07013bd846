"""A store on a server: failures at its opening, connections that are cut, a server that is restarted."""

import asyncio
import os
import tempfile
from collections.abc import AsyncIterator, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from io import BytesIO
from pathlib import Path

import psycopg
import pytest
from sqlmodel import Session

from contacts_sandbox.database_server import Server, own_server
from contacts_tui import paths
from contacts_tui.domain.change import Change
from contacts_tui.domain.channel import Channel
from contacts_tui.domain.clock import Clock
from contacts_tui.domain.contact import ContactChange, NewContact
from contacts_tui.domain.message import NewMessage
from contacts_tui.services import first_page, messaging
from contacts_tui.services.workers.reconnecting import keep_telling
from contacts_tui.store import attachments, bulk_import, change_feed, contacts, deadline, settings, sql
from contacts_tui.store.backends.postgresql import commits, connections, search, watch
from contacts_tui.store.backends.postgresql.engines import LOCK
from contacts_tui.store.change_feed import ChangeKind
from contacts_tui.store.database import Database
from contacts_tui.store.errors import ReadOnlyStore, StoreError, StoreLost
from contacts_tui.store.store import Store
from tests.other_program import execute, locked
from tests.patience import LIMIT
from tests.postgresql import ASKED, REJECTED, RULES, Databases
from tests.services.conftest import world as world
from tests.services.world import START, World
from tests.store.lossy_wire import lossy_wire

pytestmark = pytest.mark.engine("postgresql")


@pytest.fixture(autouse=True)
def no_look_that_nobody_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let followers look only when they are notified, so that each change they see was announced."""
    monkeypatch.setattr(watch, "UNTOLD", 10 * LIMIT)


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    """Yield a server that a test may stop and start."""
    with own_server(rules=RULES) as made:
        yield made


@pytest.fixture
def restartable(server: Server) -> Iterator[str]:
    """Yield the address of a store on that server."""
    databases = Databases(server.address())
    location = databases.new()
    Store.open(location).close()
    yield location
    databases.drop(location)


def as_role(location: str, role: str) -> str:
    return location.replace("postgres@", f"{role}@")


def put(store: Store, value: str) -> None:
    store.call(settings.put, "key", value)


def value(session: Session, clock: Clock) -> str:
    return settings.get(session, "key")


def test_what_keeps_somebody_out_is_said_with_what_to_do(server: Server, restartable: str) -> None:
    execute(restartable, f"CREATE ROLE {ASKED} LOGIN PASSWORD 'right'")
    execute(restartable, f"CREATE ROLE {REJECTED} LOGIN")
    execute(restartable, "CREATE ROLE guest LOGIN")
    execute(restartable, "CREATE ROLE nobody_logs_in NOLOGIN")
    execute(restartable, "CREATE ROLE too_many LOGIN CONNECTION LIMIT 0")
    closed = Databases(server.address()).new()
    execute(closed, f"REVOKE CONNECT ON DATABASE {closed.partition('?')[0].rpartition('/')[2]} FROM PUBLIC")
    for location, words in {
        as_role(closed, "guest"): "grant CONNECT to its role",
        as_role(restartable, "nobody_logs_in"): "let its role LOGIN",
        as_role(restartable, "too_many"): r"lets no more in \(too many connections for role",
        f"{restartable}&sslmode=bogus": r"can't be used \(invalid sslmode value",
        f"{restartable}&color=red": r"can't be used \(invalid URI query parameter",
        as_role(restartable, ASKED): "asks for a password: give it in PGPASSWORD",
        as_role(restartable, f"{ASKED}:wrong"): "doesn't take this password",
        as_role(restartable, REJECTED): r"lets nobody in from here .*pg_hba\.conf",
        as_role(restartable, "nobody_at_all"): "doesn't know this user",
        server.address("none_of_this_name"): "create it by `createdb`",
        "postgresql://kim@/contacts?host=/nowhere/at/all": r"\(No such file or directory\): check its address",
        "postgresql://kim@127.0.0.1:1/contacts": r"\(Connection refused\): check its address, and that its server runs",
        "postgresql:///?service=none_of_this_name": r"~/\.pg_service\.conf",
    }.items():
        with pytest.raises(StoreError, match=words) as refusal:
            Store.open(location)
        assert "wrong" not in refusal.value.sentence


def test_what_a_server_or_a_role_lacks_is_said_with_how_to_add_it(
    server: Server, restartable: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as earlier, pytest.raises(StoreError, match="which is too old: 99 is the first"):
        earlier.setattr(connections, "_OLDEST", 99)
        Store.open(restartable)
    empty = Databases(server.address()).new()
    with monkeypatch.context() as poorer, pytest.raises(StoreError, match=r"needs the extension .*`CREATE EXTENSION"):
        poorer.setattr(search, "ADD_EXTENSION", "CREATE EXTENSION of_no_package")
        Store.open(empty)
    execute(empty, "CREATE EXTENSION pg_trgm")
    execute(empty, "CREATE ROLE maker LOGIN")
    with pytest.raises(
        StoreError, match=r"may not make tables .*permission denied for schema public.*own the database"
    ):
        Store.open(as_role(empty, "maker"))
    execute(empty, f"ALTER DATABASE {empty.partition('?')[0].rpartition('/')[2]} OWNER TO maker")
    Store.open(as_role(empty, "maker")).close()


def test_a_role_that_may_make_nothing_or_only_read_is_told_so(server: Server, restartable: str) -> None:
    empty = Databases(server.address()).new()
    execute(restartable, "CREATE ROLE reader LOGIN")
    with pytest.raises(StoreError, match=r"no right to do this|CREATE EXTENSION pg_trgm"):
        Store.open(as_role(empty, "reader"))
    with pytest.raises(StoreError, match="no right to do this"):
        Store.open(as_role(restartable, "reader"))
    execute(restartable, "GRANT SELECT ON ALL TABLES IN SCHEMA public TO reader")
    with closing(Store.open(as_role(restartable, "reader"))) as store:
        assert store.call_read(value) == ""
        assert "may only read it" in store.read_only
        for write in (store.call, store.call_lockless):
            with pytest.raises(ReadOnlyStore):
                write(settings.put, "key", "value")


@pytest.mark.parametrize(
    ("statement", "words"),
    [
        ("CREATE TABLE photo (id INTEGER)", "a database of another program"),
        ("CREATE TABLE alembic_version (version_num TEXT)", "a database of another program"),
    ],
)
def test_another_programs_database_stays_as_it_is(databases: Databases, statement: str, words: str) -> None:
    location = databases.new()
    execute(location, statement)
    with pytest.raises(StoreError, match=words):
        Store.open(location)
    databases.drop(location)


def test_a_newer_store_is_refused_and_one_that_becomes_newer_is_lost(store: Store, location: str) -> None:
    assert store.call_read(value) == ""
    execute(location, "UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(StoreLost, match="converted by another contacts-tui"):
        store.call_read(value)
    with pytest.raises(StoreError, match="written by a newer contacts-tui"):
        Store.open(location)


def test_many_who_open_a_new_store_at_once_make_it_once(databases: Databases) -> None:
    location = databases.new()
    with ThreadPoolExecutor(6) as threads:
        for store in threads.map(Store.open, [location] * 6):
            put(store, "value")
            store.close()
    assert execute(location, "SELECT count(*) FROM alembic_version") == [(1,)]
    databases.drop(location)


def test_an_address_says_what_it_needs_and_no_password_is_ever_shown(location: str) -> None:
    with closing(Store.open(f"{location}&prepared=off&password=hunter2&connect_timeout=3")) as store:
        for number in range(10):
            put(store, str(number))
        assert store.call_read(value) == "9"
        with locked(location), deadline.within(0.1), pytest.raises(StoreError, match="busy") as busy:
            put(store, "never")
    assert "hunter2" not in busy.value.sentence


def cut(location: str) -> None:
    """End every other connection to the database, as the server or a broken wire does."""
    execute(
        location,
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
        "WHERE datname = current_database() AND pid <> pg_backend_pid()",
    )


async def test_a_cut_connection_is_made_again_and_no_change_is_missed(store: Store, location: str) -> None:
    follower = store.follow()
    for number in range(3):
        put(store, str(number))
        assert store.call_read(value) == store.call_peek(value) == str(number)
        cut(location)
        execute(location, f"INSERT INTO change (at, kind, contact_id) VALUES (1, 'contact', {number})")
    heard = await taken(follower, 6)
    assert [change.contact_id for change in heard if change.kind is ChangeKind.CONTACT] == [0, 1, 2]


def test_what_a_cut_connection_was_storing_is_not_stored_and_that_is_said(store: Store, location: str) -> None:
    def writes(session: Session, clock: Clock) -> None:
        settings.put(session, clock, "key", "half")
        cut(location)
        settings.put(session, clock, "other", "half")

    with pytest.raises(StoreError, match=r"connection to the store .* was cut"):
        store.call(writes)
    assert store.call_read(value) == ""
    put(store, "whole")
    assert store.call_read(value) == "whole"


def test_a_commit_whose_answer_is_lost_counts_as_what_it_is(location: str, short_folder: Path) -> None:
    with lossy_wire(location, short_folder) as (wire, through), closing(Store.open(through)) as store:
        put(store, "first")
        wire.loses_answer = True
        put(store, "stored")
        assert store.call_read(value) == "stored"
        wire.loses_question = True
        with pytest.raises(StoreError, match=r"connection to the store .* was cut"):
            put(store, "not stored")
        assert store.call_read(value) == "stored"
        assert not (wire.loses_answer or wire.loses_question)


def test_what_nobody_can_tell_of_is_said_so_and_stored_once_when_it_is_tried_again(
    world: World, short_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(commits, "PATIENCE", 0)
    identity = world.identity(world.person(), Channel.SMS).id
    new = NewMessage(messaging.new_uid(), "it is ready", author="Kim")
    with lossy_wire(world.location, short_folder) as (wire, through), closing(Store.open(through)) as store:
        put(store, "connected")
        wire.loses_answer = wire.lets_nobody_in = True
        with pytest.raises(
            StoreError, match=r"it can't be asked whether it was .* look whether it is there before you do"
        ):
            store.call(messaging.send, identity, world.shop.id, new)
        wire.lets_nobody_in = False
        again = store.call(messaging.send, identity, world.shop.id, new)
    assert execute(world.location, "SELECT id, uid FROM message") == [(again.id, new.uid)]


@pytest.fixture
def short_folder() -> Iterator[Path]:
    """Yield a folder whose path is short enough for a socket's address."""
    with tempfile.TemporaryDirectory() as folder:
        yield Path(folder)


async def test_a_restarted_server_is_found_again_and_meanwhile_it_is_said(server: Server, restartable: str) -> None:
    with closing(Store.open(restartable)) as store:
        follower = store.follow()
        assert store.interruption == ""
        stop, told = asyncio.Event(), list[str]()
        telling = asyncio.create_task(keep_telling(store, stop, told.append))
        await asyncio.to_thread(server.stop)
        try:
            async with asyncio.timeout(LIMIT):
                while not told:
                    await asyncio.sleep(0.01)
            with pytest.raises(StoreError):
                store.call_read(value)
        finally:
            # On this thread: a server ends with the thread that started it.
            server.start()
        await store.run(change_feed.record, ChangeKind.CONTACT, contact_id=7)
        assert [change.contact_id for change in await taken(follower, 1)] == [7]
        async with asyncio.timeout(LIMIT):
            while len(told) < 2:
                await asyncio.sleep(0.01)
        stop.set()
        await telling
        assert "is out of reach" in told[0]
        assert "this program keeps trying" in told[0]
        assert told[1] == "The store can be reached again, and nothing was missed."


def test_what_is_told_while_a_follower_reads_is_looked_for_next(location: str) -> None:
    database = Database(location, START)
    looking = database.opened.watch()
    with closing(database), closing(looking), ThreadPoolExecutor(1) as threads:
        try:
            with looking.session() as session:
                # The server notifies its own process before it answers.
                change_feed.record(session, lambda: START, ChangeKind.CONTACT)
            assert threads.submit(looking.wait).result(LIMIT)
        finally:
            looking.stop()


def test_a_look_and_a_sign_of_presence_begin_no_transaction(store: Store) -> None:
    def state(session: Session, clock: Clock) -> psycopg.pq.TransactionStatus:
        value(session, clock)
        driver, *_ = session.info[sql._DRIVER]
        assert isinstance(driver, psycopg.Connection)
        return driver.info.transaction_status

    states = [each(state) for each in (store.call_read, store.call_peek, store.call_lockless)]
    assert [each.name for each in states] == ["INTRANS", "IDLE", "IDLE"]


async def test_who_writes_later_commits_later_and_a_follower_misses_neither(store: Store, location: str) -> None:
    follower, other = store.follow(), Store.open(location)
    with psycopg.connect(location) as slow:
        # This transaction has the lowest number, and commits late.
        slow.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
        slow.execute("INSERT INTO change (at, kind, contact_id) VALUES (1, 'contact', 1)")
        later = [
            asyncio.ensure_future(each.run(change_feed.record, ChangeKind.CONTACT, contact_id=number))
            for number, each in ((2, store), (3, other))
        ]
        done, _ = await asyncio.wait(later, timeout=0.2)
        assert not done, "nobody commits past it"
        slow.commit()
    await asyncio.gather(*later)
    told = [change.contact_id for change in await taken(follower, 3)]
    assert told in ([1, 2, 3], [1, 3, 2])
    other.close()


async def taken(follower: AsyncIterator[tuple[Change, ...]], count: int) -> list[Change]:
    """Return the next changes, at least `count`, without those after which everything is to be read again."""
    heard: list[Change] = []
    async with asyncio.timeout(LIMIT):
        async for batch in follower:
            heard += [change for change in batch if change.kind is not ChangeKind.EVERYTHING]
            if len(heard) >= count:
                break
    return heard


@pytest.mark.parametrize("read", [Store.call_read, Store.call_peek])
def test_a_store_that_was_made_anew_in_its_place_is_lost(databases: Databases, read: Callable[..., str]) -> None:
    location = databases.new()
    store = Store.open(location)
    databases.drop(location)
    databases.make(location)
    Store.open(location).close()
    with pytest.raises(StoreLost, match="replaced by another"):
        read(store, value)
    with pytest.raises(StoreLost, match="replaced by another"):
        put(store, "value")
    store.close()
    databases.drop(location)


def test_what_the_server_can_not_keep_stands_as_something_else_and_stops_nobody(store: Store) -> None:
    ann = store.call(contacts.insert, NewContact(name="A\0nn", tags=("v\0ip", "\\u0000")))
    store.call(contacts.update, ann.id, ContactChange(company="100%"))
    found = store.call_read(lambda session, _: contacts.get(session, ann.id))
    assert found is not None
    assert (found.name, found.tags, found.company) == ("A\ufffdnn", ("v\ufffdip", "\\u0000"), "100%")
    with pytest.raises(StoreError, match="half a character"):
        store.call(contacts.update, ann.id, ContactChange(company="\ud800"))


def test_ids_that_an_import_gave_are_not_given_again(store: Store) -> None:
    person = bulk_import.NewPerson("Person", "", (), (), "", "", "", ())
    ids = store.call(bulk_import.add_people, [person, person])
    after = store.call(contacts.insert, NewContact(name="Ann")).id
    assert after not in ids
    assert store.call(bulk_import.add_people, [person])[0] > after


def test_files_are_found_on_every_machine(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, large: Callable[[], bytes]
) -> None:
    content = large()
    url, size = attachments.put(world.store.files, BytesIO(content), len(content))
    world.store.call(lambda session, _: attachments.hold(session, url))
    monkeypatch.setenv(paths.FOLDER_VARIABLE, str(tmp_path / "another machine"))
    with closing(Store.open(world.location)) as other:
        copy = other.call_read(lambda session, _: attachments.path_of(session, url))
        assert copy is not None
        assert copy.is_relative_to(tmp_path / "another machine")
        assert attachments.is_whole(copy, size)
        other.call(lambda session, _: attachments.drop(session, [url]))
        copy.unlink()
        gone = other.call_read(lambda session, _: attachments.path_of(session, url))
        assert gone is not None
        assert not gone.exists()


@pytest.fixture
def large() -> Callable[[], bytes]:
    """Return a function that makes more content than fits into one row."""
    return lambda: os.urandom(1_300_000)


def test_the_first_page_is_read_by_the_driver_alone(world: World) -> None:
    world.hears(world.shop, "is it ready?")
    rows, are_waiting = first_page.first_page(world.location, lambda: START, "", 40)
    assert ([row.last_text for row in rows], are_waiting) == (["is it ready?"], True)
    assert first_page.first_page("postgresql:///none?host=/nowhere", lambda: START, "", 40) == ((), False)
