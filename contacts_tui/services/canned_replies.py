"""Canned replies: kept, replaced and removed, shared or an agent's own."""

from dataclasses import replace

from sqlmodel import Session

from contacts_tui.domain.canned_reply import VARIABLES, CannedReply, unknown
from contacts_tui.domain.change import ChangeKind
from contacts_tui.domain.clock import Clock
from contacts_tui.domain.roles import Right
from contacts_tui.domain.text import draws_nothing, name_fault
from contacts_tui.services import rights
from contacts_tui.services.errors import BadInput, NotFound
from contacts_tui.store import canned_replies, change_feed

LONGEST = 4096
"""Characters of a reply: no channel takes longer texts."""


def listed(session: Session, clock: Clock, agent: str) -> tuple[CannedReply, ...]:
    """Return the replies that an agent has, by name. Of two with the same name, the agent's own comes last."""
    return canned_replies.listed(session, agent)


def named(session: Session, clock: Clock, agent: str, name: str) -> CannedReply:
    """Return the reply of this name, in upper or lower case; the agent's own before a shared one. Raise NotFound."""
    wanted = name.strip().casefold()
    found = [reply for reply in listed(session, clock, agent) if reply.name.casefold() == wanted]
    if not found:
        raise NotFound(f"there is no canned reply “{name}”: `contacts-tui replies list` shows them")
    return max(found, key=lambda reply: reply.author)


def save(session: Session, clock: Clock, agent: str, reply: CannedReply) -> CannedReply:
    """Store a reply, in place of one with the same name and author. Raise BadInput and NotAllowed."""
    name = reply.name.strip()
    if fault := name_fault(name):
        raise BadInput(f"a canned reply can't be named so: {fault}")
    if draws_nothing(reply.text):
        raise BadInput("a canned reply needs a text")
    if len(reply.text) > LONGEST:
        raise BadInput(f"a canned reply has at most {LONGEST:,} characters: this one has {len(reply.text):,}")
    if names := unknown(reply.text):
        known = ", ".join(f"{{{{{name}}}}}" for name in VARIABLES)
        raise BadInput(f"{names[0]} is never filled in: there are {known}")
    _check_shared(session, clock, agent, replace(reply, name=name))
    kept = CannedReply(name, reply.text.strip(), reply.author)
    canned_replies.put(session, kept)
    change_feed.record(session, clock, ChangeKind.SETTING)
    return kept


def remove(session: Session, clock: Clock, agent: str, name: str) -> CannedReply:
    """Remove the reply of this name; the agent's own before a shared one. Raise NotFound and NotAllowed."""
    reply = named(session, clock, agent, name)
    drop(session, clock, agent, reply)
    return reply


def drop(session: Session, clock: Clock, agent: str, reply: CannedReply) -> None:
    """Remove exactly this reply, if it still exists. Raise NotAllowed."""
    _check_shared(session, clock, agent, reply)
    canned_replies.remove(session, reply)
    change_feed.record(session, clock, ChangeKind.SETTING)


def _check_shared(session: Session, clock: Clock, agent: str, reply: CannedReply) -> None:
    """Raise NotAllowed when a shared reply of this name exists already, unless the agent has the right to change it."""
    known = canned_replies.listed(session, agent)
    if any(one.is_shared and reply.is_shared and one.name == reply.name for one in known):
        rights.check(session, clock, agent, Right.SHARED)
