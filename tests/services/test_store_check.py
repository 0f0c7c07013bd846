"""Checking a store: what is found, what is repaired, what is only told, and what is no store at all."""

import asyncio
import hashlib
import os
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from contacts_tui.domain.clock import utc_now
from contacts_tui.services import store_care
from contacts_tui.store.errors import StoreError
from contacts_tui.store.invariants import Rule
from contacts_tui.store.store import Store
from tests.services.test_store_backup import sent_file as sent_file
from tests.services.test_store_backup import world as world
from tests.services.twins import dump
from tests.services.world import World
from tests.store import frozen


@pytest.mark.parametrize("revision", frozen.REVISIONS)
def test_a_store_of_every_revision_is_sound_but_for_the_file_that_is_not_there(tmp_path: Path, revision: str) -> None:
    frozen.build(revision, tmp_path / "store.db")
    location = f"sqlite:///{tmp_path / 'store.db'}"
    assert [finding.rule for finding in store_care.check(location)] == [Rule.FILES]
    Store.open(location).close()
    assert [finding.rule for finding in store_care.check(location)] == [Rule.FILES]


HARM = {
    "UPDATE contact SET unread = unread + 3": Rule.CONTACTS,
    "UPDATE contact SET activity_at = 0": Rule.CONTACTS,
    "UPDATE contact SET last_message_id = 1": Rule.CONTACTS,
    "UPDATE contact SET failing = 1 - failing": Rule.CONTACTS,
    "UPDATE contact SET last_inbound_at = NULL": Rule.CONTACTS,
    "UPDATE conversation SET unread = 7": Rule.CONVERSATIONS,
    "UPDATE conversation SET last_message_at = 5": Rule.CONVERSATIONS,
    "UPDATE conversation SET last_inbound_at = 5 WHERE last_inbound_at IS NOT NULL": Rule.CONVERSATIONS,
    "UPDATE conversation SET window_until = 5": Rule.WINDOWS,
    "UPDATE conversation SET contact_id = 1": Rule.OWNERS,
    "UPDATE message SET contact_id = 1": Rule.OWNERS,
    "DELETE FROM outbox": Rule.TASKS,
    "UPDATE contact SET search_text = 'nothing of it'": Rule.SEARCH_TEXT,
    "INSERT INTO contact_search (contact_search) VALUES ('delete-all')": Rule.PEOPLE_INDEX,
    "INSERT INTO message_search (message_search) VALUES ('delete-all')": Rule.MESSAGES_INDEX,
    "INSERT INTO message_search (rowid, body) VALUES (4711, 'of no message')": Rule.MESSAGES_INDEX,
    "DELETE FROM message_search_data WHERE id > 10": Rule.MESSAGES_INDEX,
    "UPDATE contact_search_data SET block = x'00ff00ff' WHERE id > 10": Rule.PEOPLE_INDEX,
}


@pytest.mark.parametrize("statement", HARM)
def test_what_derives_from_other_rows_is_found_and_repaired(world: World, tmp_path: Path, statement: str) -> None:
    before = dump(world)
    assert store_care.check(world.location) == ()
    with closing(sqlite3.connect(tmp_path / "store.db")) as connection, connection:
        connection.execute(statement)
    found = store_care.check(world.location)
    assert HARM[statement] in [finding.rule for finding in found]
    assert all(finding.sentence and finding.repairable for finding in found if finding.rule is not Rule.PAGES)
    store_care.repair(world.location, "Kim", found, world.clock)
    # A repair may show what hung on it.
    store_care.repair(world.location, "Kim", store_care.check(world.location), world.clock)
    assert store_care.check(world.location) == ()
    if HARM[statement] is not Rule.TASKS:
        assert dump(world) == before


BEYOND = {
    "DELETE FROM inbox WHERE id = 1": Rule.REFERENCES,
    "UPDATE identity SET key = 'another' WHERE id = 1": Rule.IDENTITIES,
    "UPDATE identity SET scope = 9 WHERE channel = 'sms'": Rule.IDENTITIES,
    "UPDATE provider_event SET message_id = NULL": Rule.PARKED,
}


@pytest.mark.parametrize("statement", BEYOND)
def test_what_can_not_be_derived_is_only_told(world: World, tmp_path: Path, statement: str) -> None:
    with closing(sqlite3.connect(tmp_path / "store.db")) as connection, connection:
        connection.execute(statement)
    found = store_care.check(world.location)
    assert BEYOND[statement] in [finding.rule for finding in found if not finding.repairable]
    store_care.repair(world.location, "Kim", found, world.clock)
    assert BEYOND[statement] in [finding.rule for finding in store_care.check(world.location)]


@pytest.mark.parametrize("sender", ["US.13491208655302741918", "+12025550177"])
def test_a_store_with_names_of_one_inbox_alone_is_sound(world: World, sender: str) -> None:
    world.hears(world.whatsapp, "hello", sender, profile="Ann W")
    assert store_care.check(world.location) == ()


def test_an_address_of_a_channel_that_only_a_newer_version_has_is_left_to_that_version(
    world: World, tmp_path: Path
) -> None:
    before = store_care.check(world.location)
    with closing(sqlite3.connect(tmp_path / "store.db")) as connection, connection:
        connection.execute("UPDATE identity SET channel = 'hologram' WHERE id = 1")
    found = store_care.check(world.location)
    assert Rule.IDENTITIES not in [finding.rule for finding in found]
    assert before == ()


def test_a_file_of_a_message_that_is_gone_or_spoilt_is_told(world: World, sent_file: Path) -> None:
    assert store_care.check(world.location) == ()
    content = sent_file.read_bytes()
    sent_file.write_bytes(content[:-1] + b"!")
    assert [finding.rule for finding in store_care.check(world.location)] == [Rule.FILES]
    sent_file.unlink()
    assert [finding.rule for finding in store_care.check(world.location)] == [Rule.FILES]
    assert hashlib.sha256(content).hexdigest() == sent_file.name


def test_damaged_pages_are_told(world: World, tmp_path: Path) -> None:
    world.store.close()
    path = tmp_path / "store.db"
    content = bytearray(path.read_bytes())
    content[4096 * 20 : 4096 * 24] = os.urandom(4096 * 4)
    path.write_bytes(content)
    assert Rule.PAGES in [finding.rule for finding in store_care.check(world.location)]


async def test_checking_and_describing_lock_nothing(world: World, tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "store.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        assert await asyncio.to_thread(store_care.check, world.location) == ()
        found = store_care.info(world.location, world.clock)
        store_care.take_backup(world.location, tmp_path / "backup", world.clock)
        other.execute("ROLLBACK")
    assert found.counts["contact"] == 2
    assert found.newest_message_at is not None
    assert found.oldest_message_at is not None
    assert found.oldest_message_at < found.newest_message_at
    assert found.size + (found.log_size or 0) > 100_000
    assert found.free


@pytest.mark.parametrize("make", [lambda path: None, lambda path: path.write_text("Remember the milk"), Path.mkdir])
def test_what_is_no_store_is_neither_described_nor_backed_up(tmp_path: Path, make: Callable[[Path], object]) -> None:
    make(tmp_path / "notes")
    location = f"sqlite:///{tmp_path / 'notes'}"
    for call in (
        lambda: store_care.info(location, utc_now),
        lambda: store_care.check(location),
        lambda: store_care.take_backup(location, tmp_path / "backup", utc_now),
    ):
        with pytest.raises(StoreError, match=r"no store at|not a contacts-tui store"):
            call()
    assert not (tmp_path / "backup").exists()


@pytest.mark.parametrize("first", [2, 10, 20, 30, 40])
def test_whatever_page_is_damaged_a_check_tells_and_a_backup_is_refused(
    world: World, tmp_path: Path, first: int
) -> None:
    world.store.close()
    path = tmp_path / "store.db"
    content = bytearray(path.read_bytes())
    content[4096 * first : 4096 * (first + 2)] = b"\xff" * (4096 * 2)
    path.write_bytes(content)
    assert store_care.check(world.location)[0].rule is Rule.PAGES
    with pytest.raises(StoreError, match=r"store check|damaged") as refused:
        store_care.take_backup(world.location, tmp_path / "backup", world.clock)
    assert "unfinished" not in refused.value.sentence
    assert not [*tmp_path.glob("*backup*")]


def test_a_store_of_a_newer_program_is_not_called_sound(world: World, tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "store.db")) as connection, connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(StoreError, match="newer contacts-tui"):
        store_care.check(world.location)
    assert store_care.info(world.location, world.clock).revision == "9999"
