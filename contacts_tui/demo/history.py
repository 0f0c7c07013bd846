"""Stores past conversations through the services that handle present ones, each line at its own time."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import Session

from contacts_tui.channels.base import Accepted, InboundMessage, OutcomeUnknown, PermissionChanged, StatusUpdate
from contacts_tui.channels.timeouts import READ_TIMEOUT
from contacts_tui.domain.channel import Channel
from contacts_tui.domain.clock import Clock
from contacts_tui.domain.contact import Identity
from contacts_tui.domain.delivery import Delivery
from contacts_tui.domain.inbox import Inbox
from contacts_tui.domain.message import Direction, Media, NewMessage, TemplateUse
from contacts_tui.domain.opt_out import opt_word
from contacts_tui.services import delivery, inbound, messaging
from contacts_tui.store import attempts, conversations, messages

_STEP = timedelta(seconds=4)
"""The time between two reports about a message."""

IN_FULL = 12
"""How many last lines of a conversation are stored with every attempt and report; older ones, with their end only."""

_REPORTS = {
    "sent": ("sent",),
    "delivered": ("sent", "delivered"),
    "read": ("sent", "delivered", "read"),
    "failed": ("sent", "failed"),
}
"""The statuses that a provider reports on the way to each final one."""


@dataclass(frozen=True, slots=True)
class Line:
    """One message of the past."""

    at: datetime
    inbound: bool
    text: str
    author: str
    """The agent who wrote it, when it is ours."""
    status: str
    """What became of it, when it is ours: sent, delivered, read, failed or unknown."""
    code: str
    """Why it failed or is unknown."""
    media: tuple[Media, ...]
    template: str
    """Name of the template it was made of; empty for free text."""
    template_sid: str
    language: str
    variables: Mapping[str, str]


def replay(session: Session, identity: Identity, inbox: Inbox, lines: Sequence[Line], read: int) -> None:
    """Store a conversation, of which an agent has seen the first `read` lines."""
    old = max(0, len(lines) - IN_FULL)
    for line in lines[:old]:
        _recall(session, identity, inbox, line)
    for number, line in enumerate(lines[old:], start=old + 1):
        clock = stopped_at(line.at)
        if line.inbound:
            _receive(session, clock, identity, inbox, line)
        else:
            _say(session, clock, identity, inbox, line)
        if number <= read and line.inbound:
            conversation = conversations.find_or_begin(session, identity.id, inbox.id)
            messaging.mark_read(session, clock, conversation.id)


def block(session: Session, identity: Identity, inbox: Inbox, at: datetime) -> None:
    """Store that the person blocked our bot."""
    event = PermissionChanged(f"{identity.address}:blocked", identity.address, False, at, {})
    inbound.apply(session, stopped_at(at), inbox.id, [event])


def _recall(session: Session, identity: Identity, inbox: Inbox, line: Line) -> None:
    new = NewMessage(
        messaging.new_uid(),
        line.text,
        author="" if line.inbound else line.author,
        direction=Direction.IN if line.inbound else Direction.OUT,
        status=None if line.inbound else Delivery(line.status),
        provider_id=_name(identity),
        at=line.at,
    )
    conversation = conversations.find_or_begin(session, identity.id, inbox.id)
    messages.insert(session, stopped_at(line.at), conversation, inbox, new)


def _receive(session: Session, clock: Clock, identity: Identity, inbox: Inbox, line: Line) -> None:
    sid = _name(identity)
    event = InboundMessage(
        event_key=sid,
        provider_id=sid,
        sender=identity.address,
        body=line.text,
        media=line.media,
        profile_name=identity.profile_name,
        at=line.at,
        raw={},
        opts=opt_word(line.text) if inbox.channel is Channel.SMS else None,
    )
    inbound.apply(session, clock, inbox.id, [event])


def _say(session: Session, clock: Clock, identity: Identity, inbox: Inbox, line: Line) -> None:
    use = TemplateUse(line.template_sid, line.template, line.language, line.variables) if line.template else None
    uid, status = messaging.new_uid(), Delivery.SENDING
    new = NewMessage(uid, line.text, template=use, author=line.author, status=status, at=line.at)
    conversation = conversations.find_or_begin(session, identity.id, inbox.id)
    message = messages.insert(session, clock, conversation, inbox, new)
    attempt = attempts.begin(session, clock, message.id)
    if line.status == Delivery.UNKNOWN:
        lost = OutcomeUnknown(line.code, "the connection ended before the answer came")
        given_up = stopped_at(line.at + timedelta(seconds=READ_TIMEOUT))
        delivery.record(session, given_up, message.id, attempt, lost)
        return
    sid = _name(identity)
    delivery.record(session, clock, message.id, attempt, Accepted(sid, Delivery.SENT))
    for step, word in enumerate(_REPORTS[line.status], start=1):
        at = line.at + step * _STEP
        code = line.code if word == Delivery.FAILED else ""
        event = StatusUpdate(
            event_key=f"{sid}:{word}:{code}",
            provider_id=sid,
            uid=delivery.reference(message, attempt),
            status=Delivery(word),
            word=word,
            code=code,
            detail="",
            at=at,
            raw={},
        )
        inbound.apply(session, stopped_at(at), inbox.id, [event])


def _name(identity: Identity) -> str:
    """Return a new message id of the form that the channel's provider gives."""
    match identity.channel:
        case Channel.TELEGRAM:
            # Far above the first numbers, which the sandbox gives to messages from now on.
            return f"{identity.address}:{1_000_000 + secrets.randbelow(1_000_000_000)}"
        case Channel.MESSENGER:
            return f"m_{secrets.token_urlsafe(48)}"
        case _:
            return "SM" + secrets.token_hex(16)


def stopped_at(at: datetime) -> Clock:
    """Return a clock that always shows this time."""
    return lambda: at
