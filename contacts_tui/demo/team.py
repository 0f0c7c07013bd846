"""What the demo's agents have written: canned replies, and private notes on people."""

from pathlib import Path

from sqlmodel import Session

from contacts_tui.demo.documents import read
from contacts_tui.demo.history import stopped_at
from contacts_tui.demo.spans import span
from contacts_tui.domain.canned_reply import CannedReply
from contacts_tui.domain.clock import Clock
from contacts_tui.domain.roles import SYSTEM
from contacts_tui.services import canned_replies, notes, people


def gather(session: Session, clock: Clock, folder: Path) -> None:
    """Add the replies and notes of `folder` to a store that has the demo's people."""
    for entry in read(folder, "replies.json"):
        canned_replies.save(session, clock, SYSTEM, CannedReply(entry["name"], entry["text"]))
    now = clock()
    for entry in read(folder, "notes.json"):
        contact = people.find(session, clock, entry["with"])
        notes.add(session, stopped_at(now - span(entry["ago"])), entry["by"], contact.id, entry["text"])
