"""Who has a person open, and who is writing to them: the last reports of the other processes on the store."""

from collections.abc import Iterable
from dataclasses import dataclass

from contacts_tui.domain.text import one_line


@dataclass(frozen=True, slots=True)
class Presence:
    """The person whom a process has open."""

    process: str
    """The process's unique name."""
    agent: str
    """The agent who uses it."""
    contact_id: int
    is_writing: bool
    """Whether the agent typed a moment ago."""


def with_person(found: Iterable[Presence], contact_id: int | None) -> tuple[Presence, ...]:
    """Return the presences at a person, each agent once; first those who are writing, then by the agent's name."""
    here = [one for one in found if one.contact_id == contact_id]
    kept: dict[str, Presence] = {}
    for one in sorted(here, key=lambda one: (not one.is_writing, one.agent.casefold())):
        kept.setdefault(one.agent, one)
    return tuple(kept.values())


def listed_words(here: Iterable[Presence], agent: str) -> str:
    """Return who has a person open, for a list: "Noor, writing; you, elsewhere". `agent` is the reader."""
    return "; ".join(_words(one, agent) for one in here)


def sentences(here: Iterable[Presence], agent: str, person: str) -> str:
    """Return who has a person open, in sentences: "Noor is writing to Ann."; `agent` is the reader."""
    return " ".join(_sentence(one, agent, person) for one in here)


def _words(one: Presence, agent: str) -> str:
    if one.agent == agent:
        return "you, writing elsewhere" if one.is_writing else "you, elsewhere"
    return f"{one_line(one.agent)}, writing" if one.is_writing else one_line(one.agent)


def _sentence(one: Presence, agent: str, person: str) -> str:
    if one.agent == agent:
        return f"You are {'writing to' if one.is_writing else 'looking at'} {person} in another terminal."
    return f"{one_line(one.agent)} is {'writing to' if one.is_writing else 'looking at'} {person}."


def writers(found: Iterable[Presence], contact_id: int | None, agent: str) -> tuple[Presence, ...]:
    """Return the presences of the agents other than `agent` who are writing to a person."""
    return tuple(one for one in with_person(found, contact_id) if one.is_writing and one.agent != agent)
