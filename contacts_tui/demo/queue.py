"""What agents have done in the demo before it begins: who is assigned, snoozed, closed and tagged, and their views."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sqlmodel import Session

from contacts_tui.demo.documents import read
from contacts_tui.domain import snooze
from contacts_tui.domain.clock import Clock
from contacts_tui.domain.person_filter import ME
from contacts_tui.domain.roles import SYSTEM
from contacts_tui.domain.view import View
from contacts_tui.local_zone import local_zone
from contacts_tui.services import agents, people, queue, views
from contacts_tui.services.agents import AgentForm
from contacts_tui.services.queue import Action, Kind
from contacts_tui.store import queue as entries


def work(session: Session, clock: Clock, folder: Path, agent: str) -> None:
    """Do what `queue.json` says, once every conversation is stored; `agent` is the agent who runs the demo."""
    for contact_id in views.order(session, clock, "", agent):
        # Each conversation was stored by itself: the last answer on any channel is known only now.
        entries.reckon(session, contact_id, clock())
    told = read(folder, "queue.json")
    for each in told["agents"]:
        form = AgentForm(each["name"], hours=each["hours"], time_zone=each["time_zone"])
        agents.add(session, clock, SYSTEM, form)
    for entry in told["actions"]:
        whom = [people.find(session, clock, name).id for name in entry["with"]]
        queue.apply(session, clock, entry["by"], whom, _action(entry, clock, agent))
    for entry in told["views"]:
        view = View(entry["name"], entry["filter"], entry["key"], entry["by"])
        views.save(session, clock, entry["by"], view)


def _action(entry: Mapping[str, Any], clock: Clock, agent: str) -> Action:
    kind = Kind(entry["do"])
    if kind is Kind.SNOOZE:
        return Action(kind, snooze=snooze.read(entry["until"], clock(), local_zone()))
    if kind is Kind.ASSIGN:
        return Action(kind, agent if entry["to"] == ME else entry["to"])
    return Action(kind, entry.get("tag", ""))
