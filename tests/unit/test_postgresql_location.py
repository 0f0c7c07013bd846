"""The address of a store on a server: read as PostgreSQL's own programs read it, and shown without its password."""

import pytest
from psycopg.conninfo import conninfo_to_dict

from contacts_tui.config import database_url, load
from contacts_tui.store import backends
from contacts_tui.store.backends.postgresql.location import CONNECT_WAIT, parse
from contacts_tui.store.errors import StoreError

SECRET = "hun"
"""The beginning of each password here."""


@pytest.mark.parametrize(
    ("location", "name"),
    [
        ("postgresql://kim@db.example/desk", "postgresql://kim@db.example/desk"),
        ("postgres://kim:hunter2@db.example:5433/desk", "postgresql://kim@db.example:5433/desk"),
        ("postgresql://kim:hun%40%2F%3A%3F%25@db/desk", "postgresql://kim@db/desk"),
        ("postgresql://kim:hun#ter?2:3@db/desk?sslmode=require", "postgresql://kim@db/desk?sslmode=require"),
        ("postgresql://kim:hunter2@[2001:db8::7]:5433/desk", "postgresql://kim@[2001:db8::7]:5433/desk"),
        ("postgresql://[::1]/desk", "postgresql://[::1]/desk"),
        ("postgresql://kim:hunter2@one:5432,two:5433/desk", "postgresql://kim@one:5432,two:5433/desk"),
        ("postgresql:///desk?host=/var/run/postgresql", "postgresql:///desk?host=/var/run/postgresql"),
        ("postgresql://kim@%2Fvar%2Frun/desk", "postgresql://kim@%2Fvar%2Frun/desk"),
        ("postgresql:///?service=desk", "postgresql:///?service=desk"),
        ("postgresql://", "postgresql:///"),
        ("postgresql://db/desk?password=hun+ter&pass%77ord=hun%2B&user=kim", "postgresql://db/desk?user=kim"),
        ("postgresql://db/desk?sslpassword=hunter2&connect_timeout=3", "postgresql://db/desk?connect_timeout=3"),
    ],
)
def test_it_is_read_as_the_server_s_own_programs_do_and_shown_without_a_password(location: str, name: str) -> None:
    found = parse(location)
    assert found.name == name
    theirs = {"connect_timeout": str(CONNECT_WAIT), **conninfo_to_dict(location)}
    assert conninfo_to_dict(found.address) == theirs
    assert backends.shown(location) == name
    assert load({"CONTACTS_TUI_DATABASE_URL": location}).database == location


def test_what_is_ours_in_an_address_is_not_the_drivers() -> None:
    assert [parse(f"postgresql://db/desk{each}").prepares for each in ("", "?prepared=on", "?prepared=off")] == [
        True,
        True,
        False,
    ]
    assert "prepared" not in parse("postgresql://db/desk?prepared=off&user=kim").address


@pytest.mark.parametrize(
    "location",
    [
        "postgresql://kim:hun@ter@db/desk",
        "postgresql://kim:hun/ter@db/desk",
        "postgresql://kim:hun%ter@db/desk",
        "postgresql://kim:hun%00ter@db/desk",
        "postgresql://kim:hun/ter?2@db/desk",
        "postgresql://kim:hun/ter",
        "postgresql://kim:12/hun@db",
        "postgresql://kim:[hun/ter@db/desk",
        "postgresql://db/desk?hunter2",
        "postgresql://db/desk?prepared=maybe",
        "postgresql:/kim:hunter2@db/desk",
        "postgres:kim:hunter2@db/desk",
        "postgresql+psycopg://kim:hunter2@db/desk",
        "mysql://kim:hunter2@db/desk",
    ],
)
def test_one_that_can_not_be_read_is_refused_and_nothing_of_it_is_repeated(location: str) -> None:
    with pytest.raises(StoreError) as refusal:
        backends.of(database_url(location))
    assert SECRET not in str(refusal.value)
    assert SECRET not in backends.shown(location)


def test_an_option_that_the_driver_does_not_know_is_said() -> None:
    with pytest.raises(StoreError, match=r'postgresql://kim@db/desk\?color=red can\'t be used .*"color".*: correct it'):
        backends.of("postgresql://kim:hunter2@db/desk?color=red").exists()
