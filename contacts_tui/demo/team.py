"""The demo's team: its agents, what they send often and noted down, and whom they closed or snoozed."""

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from sqlmodel import Session

from contacts_tui.demo.documents import read
from contacts_tui.demo.history import stopped_at
from contacts_tui.demo.spans import span
from contacts_tui.domain import snooze
from contacts_tui.domain.canned_reply import CannedReply
from contacts_tui.domain.clock import Clock
from contacts_tui.services import agents, canned_replies, notes, people, queue
from contacts_tui.services.queue import Action, Kind


def _action(entry: Mapping[str, Any], at: datetime) -> Action:
    if "snooze" not in entry:
        return Action(Kind.CLOSE)
    return Action(Kind.SNOOZE, snooze=snooze.read(entry["snooze"], at, ZoneInfo("UTC")))


def gather(session: Session, clock: Clock, folder: Path) -> None:
    """Add what the agents of `folder` did to a store that has its people and conversations."""
    for entry in read(folder, "agents.json"):
        agents.add(session, clock, entry["name"], entry["address"], entry["hours"], entry["time_zone"])
    for entry in read(folder, "replies.json"):
        canned_replies.save(session, clock, CannedReply(entry["name"], entry["text"]))
    now = clock()
    for entry in read(folder, "notes.json"):
        contact = people.find(session, clock, entry["with"])
        notes.add(session, stopped_at(now - span(entry["ago"])), entry["by"], contact.id, entry["text"])
    for entry in read(folder, "standings.json"):
        at = now - span(entry["ago"])
        contact = people.find(session, clock, entry["with"])
        queue.apply(session, stopped_at(at), entry["by"], [contact.id], _action(entry, at))
