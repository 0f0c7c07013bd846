"""`contacts-tui agents`: who answers people."""

from typing import Annotated, Any

from contacts_tui.cli.declare import Argument, Json, Option, command
from contacts_tui.cli.exit import Exit
from contacts_tui.cli.open_store import open_store, open_to_read
from contacts_tui.cli.output import local_time, say_done, say_json, say_list
from contacts_tui.config import Config
from contacts_tui.domain import working_hours
from contacts_tui.domain.agent import Agent
from contacts_tui.domain.roles import Role
from contacts_tui.services import agents
from contacts_tui.services.agents import AgentForm

Name = Annotated[str, Argument("the agent's name, as the team sees it", "NAME")]


@command("contacts-tui agents add Noor --address noor@example.com --hours 'mon-fri 9-18' --time-zone Asia/Beirut")
def add(
    config: Config,
    name: Name,
    address: Annotated[
        str | None, Option("where the agent can be told something, such as an email address", "ADDRESS")
    ] = None,
    hours: Annotated[
        str | None, Option("when the agent works, such as `mon-fri 9-12:30 13-18, sat 10-14`", "HOURS")
    ] = None,
    time_zone: Annotated[
        str | None, Option("in which time zone, such as Europe/Berlin (default: this machine's)", "ZONE")
    ] = None,
    role: Annotated[
        Role | None, Option("what they may do, see docs/team.md (default: as it is; agent at first)")
    ] = None,
    as_json: Json = False,
) -> Exit:
    """Add an agent, change the one of that name, or enable one again. What isn't given stays as it is."""
    with open_store(config) as store:
        agent = store.call(agents.add, config.agent, AgentForm(name, address, hours, time_zone, role))
    return _say(agent, f"added: {agent.name}", as_json=as_json)


@command("contacts-tui agents list", only_tells=True)
def list_agents(config: Config, as_json: Json = False) -> Exit:
    """Print every agent: those who were added, and all others who have people assigned."""
    with open_to_read(config) as store:
        found = store.call_read(agents.listed)
    if as_json:
        say_json({"agents": [_fields(agent) for agent in found]})
        return Exit.DONE
    say_list(
        ("name", "role", "address", "hours", "time zone", "state"),
        (
            (agent.name, agent.role, agent.address or "-", _hours(agent) or "-", agent.time_zone or "-", _state(agent))
            for agent in found
        ),
    )
    return Exit.DONE


@command("contacts-tui agents disable Noor")
def disable(config: Config, name: Name, as_json: Json = False) -> Exit:
    """Disable an agent: no more people can be assigned to them; those who are stay. `agents add` enables them again."""
    with open_store(config) as store:
        agent = store.call(agents.disable, config.agent, name)
    return _say(agent, f"disabled: {agent.name}", as_json=as_json)


def _say(agent: Agent, words: str, *, as_json: bool) -> Exit:
    return say_done(_fields(agent), words, as_json=as_json)


def _fields(agent: Agent) -> dict[str, Any]:
    return {
        "name": agent.name,
        "role": agent.role,
        "address": agent.address,
        "hours": _hours(agent),
        "time_zone": agent.time_zone,
        "disabled_at": agent.disabled_at,
    }


def _hours(agent: Agent) -> str:
    return "" if agent.hours is None else working_hours.written(agent.hours)


def _state(agent: Agent) -> str:
    if agent.disabled_at is not None:
        return f"disabled since {local_time(agent.disabled_at)}"
    return "enabled" if agent.is_added else "has people assigned"
