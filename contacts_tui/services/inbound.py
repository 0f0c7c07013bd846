"""Events from providers: messages that people wrote, and reports on ours."""

import logging
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlmodel import Session

from contacts_tui.channels.base import (
    Echo,
    Event,
    InboundMessage,
    MessageEdited,
    PassedOver,
    PermissionChanged,
    StatusUpdate,
    Watermark,
)
from contacts_tui.domain.clock import Clock, is_past
from contacts_tui.domain.contact import Identity
from contacts_tui.domain.delivery import Delivery
from contacts_tui.domain.inbox import Inbox
from contacts_tui.domain.kept_id import LONGEST, kept_id
from contacts_tui.domain.message import Direction, NewMessage, ProviderEvent
from contacts_tui.domain.opt_out import OptWord
from contacts_tui.domain.stop_wish import wishes_to_stop
from contacts_tui.services import delivery, identities, privacy
from contacts_tui.services.errors import NotFound
from contacts_tui.services.inboxes import shares_webhook
from contacts_tui.services.messaging import new_uid
from contacts_tui.store import contacts, conversations, events, inboxes, messages, passed_over, queue

DISCONNECTED = "while disconnected"
"""The name under which events for a disconnected inbox are counted as passed over."""
RECEIVED, EDITED, BLOCKED, ECHO = "received", "edited", "blocked", "echo"
"""The ledger's words for what came in."""

_LOG = logging.getLogger(__name__)


def apply(session: Session, clock: Clock, inbox_id: int, found: Sequence[Event]) -> None:
    """Store every event of one request to an inbox, each once: a repeated webhook changes nothing.

    Raise NotFound for an inbox that is not ours.
    """
    inbox = inboxes.get(session, inbox_id)
    if inbox is None:
        raise NotFound("there is no such inbox")
    if shares_webhook(inbox):
        # The events of an app's webhook are offered to all of its pages, connected or not, and concern only some.
        ours = [event for event in found if inbox.is_connected or _is_about_ours(session, inbox, event)]
        if passed := len(found) - len(ours):
            passed_over.count(session, clock, inbox.id, DISCONNECTED, passed)
        if not ours:
            return
        found = ours
    found = [_with_kept_ids(event) for event in found]
    inboxes.touch_received(session, clock, inbox)
    for event in found:
        match event:
            case InboundMessage():
                _message(session, clock, inbox, event)
            case StatusUpdate():
                _status(session, clock, inbox, event)
            case MessageEdited():
                _edited(session, clock, inbox, event)
            case PermissionChanged():
                _permission(session, clock, inbox, event)
            case Echo():
                _echo(session, clock, inbox, event)
            case Watermark():
                _watermark(session, clock, inbox, event)
            case PassedOver():
                _pass_over(session, clock, inbox, event)


def _with_kept_ids(event: Event) -> Event:
    """Return the event with ids short enough to be stored, however long the provider's are."""
    long: dict[str, Any] = {
        name: kept_id(value)
        for name in ("event_key", "provider_id", "sender", "recipient")
        if len(value := getattr(event, name, "")) > LONGEST
    }
    return replace(event, **long) if long else event


def _is_about_ours(session: Session, inbox: Inbox, event: Event) -> bool:
    """Return whether an event is a report on messages that we sent."""
    if isinstance(event, Echo):
        return delivery.message_of(session, inbox.id, event.uid, event.provider_id) is not None
    return isinstance(event, (StatusUpdate, Watermark))


def _message(session: Session, clock: Clock, inbox: Inbox, event: InboundMessage) -> None:
    received = ProviderEvent(
        inbox.id,
        event.event_key,
        RECEIVED,
        event.at,
        event.raw,
        provider_id=event.provider_id,
        code="" if event.opts is None else event.opts.value,
        detail=f"by {event.carrier}" if event.carrier else "",
    )
    if events.is_kept(session, inbox.id, event.event_key):
        return
    # A provider's clock ahead of ours must not hold the window open longer than it is.
    at = min(event.at, clock())
    identity = identities.find_or_add(session, clock, inbox, event.sender, event.profile_name, event.other_names)
    conversation = conversations.find_or_begin(session, identity.id, inbox.id)
    conversations.received(session, clock, conversation, inbox.channel, at)
    new = NewMessage(new_uid(), event.body, event.media, direction=Direction.IN, provider_id=event.provider_id, at=at)
    message = messages.insert(session, clock, conversation, inbox, new)
    events.keep_new(session, replace(received, message_id=message.id))
    if not inbox.channel.by_phone:
        for edited_at, text, media in events.early(session, inbox.id, event.provider_id, EDITED, message.id):
            messages.edit(session, clock, message.id, text, media, edited_at)
        if events.was_taken_back(session, message.id):
            privacy.take_back(session, inbox.id, event.provider_id, message.id)
    _heed(session, clock, identity, event, at)
    if contacts.blocked_at(session, identity.contact_id) is not None:
        # A message of a person whom an agent blocked is stored, but counts as read, and the queue passes it over.
        conversations.mark_read(session, clock, conversation.id, message.id)
        queue.pass_over(session, identity.contact_id)
    inboxes.touch_inbound(session, clock, inbox, at)


def _heed(session: Session, clock: Clock, identity: Identity, event: InboundMessage, at: datetime) -> None:
    """Apply what a message says about further ones: only the provider's own START undoes its STOP.

    The last word counts by the time at which it was said: a missed message may come in after a newer one.
    """
    opts, since = event.opts, identity.opted_out_at
    if opts is not None and events.opted_since(session, clock, identity.id, at):
        opts = None
    if opts is OptWord.STOP:
        contacts.set_opted_out(session, clock, identity.id, at)
    elif opts is OptWord.START and since is not None and (at >= since or not is_past(since, clock())):
        contacts.set_opted_out(session, clock, identity.id, None)
    if event.opts is not None:
        contacts.set_stop_asked(session, clock, identity.id, None)
    elif not event.is_chosen and wishes_to_stop(event.body):
        contacts.set_stop_asked(session, clock, identity.id, at)
    blocked_at = identity.blocked_at
    if blocked_at is not None and (at > blocked_at or not is_past(blocked_at, clock())):
        # A person who has blocked a bot can't write to it, so they have unblocked it.
        contacts.set_blocked(session, clock, identity.id, None)


def _edited(session: Session, clock: Clock, inbox: Inbox, event: MessageEdited) -> None:
    message = messages.by_provider_id(session, inbox.id, event.provider_id)
    message_id = None if message is None else message.id
    if message is None and events.is_forgotten(session, inbox.id, event.provider_id):
        return
    # Text and files are stored with the event: the message may come after its edit.
    edited = ProviderEvent(
        inbox.id,
        event.event_key,
        EDITED,
        event.at,
        event.raw,
        provider_id=event.provider_id,
        message_id=message_id,
        code=events.TAKEN_BACK if event.taken_back else "",
        detail=event.body,
        media=event.media,
    )
    fresh = events.keep(session, edited)
    if fresh and message is not None:
        messages.edit(session, clock, message.id, event.body, event.media, event.at)
    if fresh and event.taken_back:
        privacy.take_back(session, inbox.id, event.provider_id, message_id)


def _permission(session: Session, clock: Clock, inbox: Inbox, event: PermissionChanged) -> None:
    word = delivery.ALLOWED if event.allowed else BLOCKED
    said = ProviderEvent(inbox.id, event.event_key, word, event.at, event.raw, provider_id=event.sender)
    if not events.keep(session, said):
        return
    identity = identities.known(session, inbox, event.sender)
    if identity is not None and not _is_outdated(session, inbox, identity, event):
        contacts.set_blocked(session, clock, identity.id, None if event.allowed else event.at)


def _is_outdated(session: Session, inbox: Inbox, identity: Identity, event: PermissionChanged) -> bool:
    """Return whether we know of a later change of the person's mind. Telegram's times are whole seconds."""
    later = event.at + timedelta(seconds=1)
    if event.allowed:
        return events.came_since(session, inbox.id, event.sender, BLOCKED, later)
    conversation = conversations.between(session, identity.id, inbox.id)
    # A person who writes doesn't block us any more.
    wrote_at = conversation.last_inbound_at if conversation is not None else None
    return events.came_since(session, inbox.id, event.sender, delivery.ALLOWED, later) or (
        wrote_at is not None and wrote_at >= later
    )


def _echo(session: Session, clock: Clock, inbox: Inbox, event: Echo) -> None:
    """Store a message that left from our sender. If it is one of ours, the echo is a report that it was sent."""
    message_id = delivery.message_of(session, inbox.id, event.uid, event.provider_id)
    echo = ProviderEvent(inbox.id, event.event_key, ECHO, event.at, event.raw, event.provider_id, message_id)
    if not events.keep(session, echo):
        return
    if message_id is not None:
        report = StatusUpdate(
            event.event_key, event.provider_id, event.uid, Delivery.SENT, ECHO, "", "", event.at, event.raw
        )
        delivery.report(session, clock, message_id, report)
        return
    identity = identities.find_or_add(session, clock, inbox, event.recipient)
    conversation = conversations.find_or_begin(session, identity.id, inbox.id)
    at = min(event.at, clock())
    new = NewMessage(new_uid(), event.body, event.media, status=Delivery.SENT, provider_id=event.provider_id, at=at)
    message = messages.insert(session, clock, conversation, inbox, new)
    events.assign(session, inbox.id, event.event_key, message.id)
    for status in (Delivery.DELIVERED, Delivery.READ):
        for up_to, *_ in events.early(session, inbox.id, event.recipient, status.value, message.id):
            conversations.reached(session, conversation.id, status, up_to)
    delivery.accepted_at(session, clock, message.id, event.at)


def _watermark(session: Session, clock: Clock, inbox: Inbox, event: Watermark) -> None:
    identity = identities.known(session, inbox, event.sender)
    conversation = None if identity is None else conversations.between(session, identity.id, inbox.id)
    # Without a conversation the mark is stored under the person's address, until an echo begins one.
    parked_at = event.sender if conversation is None else ""
    mark = ProviderEvent(inbox.id, event.event_key, event.status.value, event.up_to, event.raw, provider_id=parked_at)
    if events.keep(session, mark) and conversation is not None:
        conversations.reached(session, conversation.id, event.status, event.up_to)
        for message in messages.sent_until(session, conversation.id, event.up_to):
            delivery.reached(session, clock, message.id, event.status)


def _pass_over(session: Session, clock: Clock, inbox: Inbox, event: PassedOver) -> None:
    if event.event_key:
        about = delivery.message_of(session, inbox.id, "", event.provider_id) if event.provider_id else None
        passed = ProviderEvent(inbox.id, event.event_key, event.kind, event.at, event.raw, event.provider_id, about)
        if not events.keep(session, passed):
            return
    passed_over.count(session, clock, inbox.id, event.kind)
    # The name comes from outside: quoted, it can't break the log's line.
    _LOG.info("inbox %d: passed over %r", inbox.id, event.kind)


def _status(session: Session, clock: Clock, inbox: Inbox, event: StatusUpdate) -> None:
    message_id = delivery.message_of(session, inbox.id, event.uid, event.provider_id)
    if message_id is None and events.is_forgotten(session, inbox.id, event.provider_id):
        return
    told = ProviderEvent(
        inbox.id,
        event.event_key,
        event.word,
        event.at,
        event.raw,
        provider_id=event.provider_id,
        message_id=message_id,
        delivery=event.status,
        code=event.code,
        detail=event.detail,
    )
    if events.keep(session, told) and message_id is not None:
        delivery.report(session, clock, message_id, event)
