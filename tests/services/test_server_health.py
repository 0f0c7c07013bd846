"""What is examined on a server: how it is set up, what it is doing, and whether its indexes are there."""

import secrets
from contextlib import closing
from datetime import timedelta

import psycopg
import pytest

from contacts_tui.services import doctor, store_care
from contacts_tui.services.doctor import Verdict
from contacts_tui.store.backends.postgresql import server_health
from contacts_tui.store.invariants import Rule
from tests.other_program import execute
from tests.services.world import World

pytestmark = pytest.mark.engine("postgresql")


def told(world: World) -> dict[str, str]:
    """Return what needs attention or fails, and what to do, by what it is about."""
    found = [each for each in doctor.examine(world.location, world.clock) if each.verdict is not Verdict.OK]
    assert all(each.remedy for each in found)
    return {each.about: f"{each.said}: {each.remedy}" for each in found if each.about != "server"}


def test_what_a_server_is_at_is_told_with_what_to_do(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    assert told(world).keys().isdisjoint({"changes", "connections", "transactions", "replication", "vacuum"})
    slot = f"contacts_tui_{secrets.token_hex(4)}"
    for name, value in {"LONG": timedelta(-1), "MUCH_LOG": -1, "NEARLY_FULL": 0.0, "OLD": -1}.items():
        monkeypatch.setattr(server_health, name, value)
    execute(world.location, "ALTER TABLE change DISABLE TRIGGER tell_of_change")
    execute(world.location, "SELECT pg_create_physical_replication_slot(?, true)", slot)
    try:
        with psycopg.connect(world.location, application_name="a report") as slow:
            slow.execute("SELECT 1")
            process = slow.info.backend_pid
            found = told(world)
    finally:
        execute(world.location, "SELECT pg_drop_replication_slot(?)", slot)
    assert "ENABLE TRIGGER tell_of_change" in found["changes"]
    assert "are used: raise max_connections" in found["connections"]
    assert "(a report) has been open for" in found["transactions"]
    assert f"SELECT pg_terminate_backend({process})" in found["transactions"]
    assert f"“{slot}”, which nobody uses, keeps" in found["replication"]
    assert "VACUUM FREEZE" in found["vacuum"]


def test_settings_that_can_lose_what_was_stored_are_told(world: World) -> None:
    about = {each.said: each for each in doctor.examine(world.location, world.clock) if each.about == "server"}
    assert any(said.startswith("it is PostgreSQL ") for said in about)
    with closing(psycopg.connect(world.location)) as connection:
        for name, (safe, what) in server_health._SAFE.items():
            row = connection.execute("SELECT current_setting(%s)", [name]).fetchone()
            assert row is not None
            said = f"{what} ({name} = {row[0]})"
            assert (said in about) == (row[0] != safe), name
            assert row[0] == safe or about[said].remedy


def test_a_search_index_that_is_gone_is_found_and_made_anew(world: World) -> None:
    world.hears(world.shop, "is it ready?")
    assert store_care.check(world.location) == ()
    execute(world.location, "DROP EXTENSION pg_trgm CASCADE")
    found = store_care.check(world.location)
    assert [finding.rule for finding in found] == [Rule.PEOPLE_INDEX, Rule.MESSAGES_INDEX]
    store_care.repair(world.location, "Kim", found, world.clock)
    assert store_care.check(world.location) == ()


def test_a_server_tells_its_version_and_what_takes_room(world: World) -> None:
    found = store_care.info(world.location, world.clock)
    assert found.engine.startswith("PostgreSQL ")
    assert found.log_size is None
    assert len(found.tables) == 5
    assert list(found.tables.values()) == sorted(found.tables.values(), reverse=True)


def test_what_can_not_be_reached_is_a_finding_and_no_end() -> None:
    *_, last = doctor.examine("postgresql://kim@127.0.0.1:1/desk", lambda: doctor.EARLIEST)
    assert (last.about, last.verdict) == ("store", Verdict.FAILED)
    assert "can't be reached (Connection refused)" in last.said
