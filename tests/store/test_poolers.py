"""A store behind a pooler that gives each transaction another connection: listening goes to the server itself."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import closing
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import psycopg
import pytest
from sqlmodel import Session

from contacts_sandbox.database_server import Server
from contacts_tui.domain.change import Change
from contacts_tui.domain.clock import Clock
from contacts_tui.store import change_feed
from contacts_tui.store.backends.postgresql.location import parse
from contacts_tui.store.change_feed import ChangeKind
from contacts_tui.store.errors import StoreError
from contacts_tui.store.store import Store
from tests.postgresql import Databases
from tests.store.lossy_wire import lossy_wire
from tests.store.test_postgresql import no_look_that_nobody_asked_for as no_look_that_nobody_asked_for
from tests.store.test_postgresql import put, taken, value
from tests.store.test_postgresql import server as server
from tests.store.test_postgresql import short_folder as short_folder

pytestmark = pytest.mark.engine("postgresql")


def socket_of(location: str) -> str:
    (folder,) = parse_qs(urlsplit(location).query)["host"]
    return folder


async def test_who_listens_may_connect_elsewhere_than_through_a_pooler(location: str, short_folder: Path) -> None:
    with lossy_wire(location, short_folder) as (wire, through):
        wire.tells_nothing = True
        with closing(Store.open(f"{through}&prepared=off&listen={socket_of(location)}")) as store:
            follower = store.follow()
            await store.run(change_feed.record, ChangeKind.CONTACT, contact_id=7)
            assert [change.contact_id for change in await taken(follower, 1)] == [7]


def test_who_would_listen_to_another_store_is_told_so(server: Server, location: str) -> None:
    others = Databases(server.address())
    other = others.location(urlsplit(location).path.removeprefix("/"))
    others.make(other)
    Store.open(other).close()
    with closing(Store.open(f"{location}&listen={socket_of(other)}")) as store:
        put(store, "value")
        assert store.call_read(value) == "value"
        with pytest.raises(StoreError, match=r"“listen” in the address .* leads to another store"):
            asyncio.run(follow(store))
    others.drop(other)


async def follow(store: Store) -> AsyncIterator[tuple[Change, ...]]:
    return store.follow()


def test_where_prepared_statements_get_lost_it_is_said_how_to_do_without(store: Store) -> None:
    def reads(session: Session, clock: Clock) -> None:
        for _ in range(10):
            value(session, clock)
        # As if the next statement went through another connection.
        driver_of(session).pgconn.exec_(b"DEALLOCATE ALL")
        value(session, clock)

    with pytest.raises(StoreError, match=r"a pooler gives .* another connection .*: add prepared=off to the address"):
        store.call_read(reads)


def driver_of(session: Session) -> psycopg.Connection[Any]:
    driver: psycopg.Connection[Any] = session.connection().connection.driver_connection  # type: ignore[assignment]
    return driver


def test_where_to_listen_is_a_host_with_its_port_or_a_socket() -> None:
    pooled = "postgresql://kim:secret@pooler:6432/contacts?hostaddr=10.0.0.1&sslmode=require&listen="
    for listen, host in {
        "db.example": "host=db.example",
        "db.example:5433": "host=db.example&port=5433",
        "[::1]:5433": "host=%3A%3A1&port=5433",
        "/var/run": "host=/var/run",
    }.items():
        parsed = parse(pooled + listen)
        assert parsed.listening == f"postgresql://kim:secret@/contacts?sslmode=require&connect_timeout=10&{host}"
        assert parsed.name == "postgresql://kim@pooler:6432/contacts?hostaddr=10.0.0.1&sslmode=require"
    for wrong in ("", ":5433", "db.example:door"):
        with pytest.raises(ValueError, match=r"name a host|Port"):
            parse(pooled + wrong)
