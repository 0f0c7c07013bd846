"""Agents: who can be assigned people, and in whose time zone the times they type are read."""

import pytest

from contacts_tui.services import agents, queue
from contacts_tui.services.agents import AgentForm
from contacts_tui.services.errors import BadInput, NotFound
from contacts_tui.services.queue import Action, Kind
from tests.services.world import World


def names(world: World) -> list[str]:
    return [agent.name for agent in world.store.call_read(agents.listed)]


def assign(world: World, contact_id: int, name: str) -> queue.Done:
    return world.store.call(queue.apply, "Kim", [contact_id], Action(Kind.ASSIGN, name))


def test_agents_are_those_added_and_those_with_people(world: World) -> None:
    ann, ben = world.person(), world.person("Ben", "+12025550143")
    world.store.call(agents.add, "Kim", AgentForm(" Sam ", "sam@example.com", "fri-sat 9-18", "Asia/Beirut"))
    assign(world, ann, "Noor")
    assign(world, ben, "amir")
    assert names(world) == ["amir", "Noor", "Sam"]
    found = {agent.name: agent for agent in world.store.call_read(agents.listed)}
    assert (found["Sam"].is_added, found["Noor"].is_added) == (True, False)
    assert (found["Sam"].address, found["Sam"].time_zone) == ("sam@example.com", "Asia/Beirut")


def test_nobody_is_assigned_to_an_agent_who_is_disabled_until_they_are_added_again(world: World) -> None:
    ann, ben = world.person(), world.person("Ben", "+12025550143")
    assign(world, ann, "Noor")
    assert world.store.call(agents.disable, "Kim", "noor").disabled_at == world.clock()
    assert [agent.name for agent in world.store.call_read(agents.assignable)] == []
    with pytest.raises(BadInput, match="Noor is disabled"):
        assign(world, ben, "Noor")
    entry = world.store.call_read(queue.entry, ann)
    assert entry is None or entry.assignee == "Noor", "who is assigned stays"
    world.store.call(agents.add, "Kim", AgentForm("Noor"))
    assert assign(world, ben, "Noor").contact_ids == (ben,)


def test_the_zone_of_an_agent_goes_before_that_of_the_machine(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", "Europe/Berlin")
    world.store.call(agents.add, "Kim", AgentForm("Noor", time_zone="Asia/Beirut"))
    world.store.call(agents.add, "Kim", AgentForm("Sam"))
    zones = [world.store.call_read(agents.zone, name).key for name in ("Noor", "Sam", "Kim")]
    assert zones == ["Asia/Beirut", "Europe/Berlin", "Europe/Berlin"]


@pytest.mark.parametrize(
    ("name", "hours", "zone", "sentence"),
    [
        ("", "", "", "can't be named so"),
        ("me", "", "", "meaning of its own"),
        ("Noor", "mon-fri", "", "has no hours"),
        ("Noor", "", "Mars/Olympus", "isn't a time zone"),
    ],
)
def test_what_is_wrong_with_an_agent_is_said(world: World, name: str, hours: str, zone: str, sentence: str) -> None:
    with pytest.raises(BadInput, match=sentence):
        world.store.call(agents.add, "Kim", AgentForm(name, "", hours, zone))
    assert names(world) == []


def test_an_agent_nobody_knows_cannot_be_disabled(world: World) -> None:
    with pytest.raises(NotFound, match="there is no agent “Zoe”"):
        world.store.call(agents.disable, "Kim", "Zoe")
