"""Scheduled messages: scheduled, listed, changed and cancelled, each written into the journal and undone from there."""

from dataclasses import replace
from datetime import datetime

from sqlmodel import Session

from contacts_tui.domain import typed_time
from contacts_tui.domain.clock import Clock
from contacts_tui.domain.message import Message, NewMessage
from contacts_tui.domain.reachability import ChannelState, Reach
from contacts_tui.domain.scheduled import Scheduled
from contacts_tui.domain.template import TemplateChoice
from contacts_tui.services import agents, messaging, queue, reachability
from contacts_tui.services.errors import BadInput, NotFound
from contacts_tui.services.person_fields import SCHEDULED
from contacts_tui.services.queue import Deed, Done
from contacts_tui.store import conversations, message_removal, messages
from contacts_tui.store import scheduled as stored
from contacts_tui.store.journal import Fields


def listed(session: Session, clock: Clock, contact_id: int | None = None) -> tuple[Scheduled, ...]:
    """Return the scheduled messages, to one person or to all, the next one first."""
    return stored.listed(session, contact_id)


def is_due(session: Session, clock: Clock) -> bool:
    """Return whether the time of a scheduled message has come."""
    return stored.is_due(session, clock())


def release(session: Session, clock: Clock) -> None:
    """Queue the messages whose time has come. Each is dated now, but answers what had come when it was scheduled."""
    stored.release(session, clock)


def get(session: Session, clock: Clock, message_id: int) -> Scheduled:
    """Return a scheduled message. Raise NotFound for one that isn't (any more)."""
    message = messages.get(session, message_id)
    found = () if message is None else stored.listed(session, message.contact_id)
    for one in found:
        if one.message.id == message_id:
            return one
    raise NotFound(f"message {message_id} isn't scheduled: it has left, or was cancelled")


def schedule(
    session: Session,
    clock: Clock,
    identity_id: int,
    inbox_id: int,
    new: NewMessage,
    *,
    template: TemplateChoice | None = None,
) -> tuple[Message, Done]:
    """Store a message to be sent at `new.due`: free text, a file or a template, as `messaging.send` does.

    Reachability is checked for that time, and again when the message is sent, which fails if it isn't possible then. It
    is no answer before it has left. Raise what `send` raises, and BadInput where it surely can't be sent then.
    """
    assert new.due is not None, "it has a time"
    due = _checked(new.due, clock())
    if (known := messages.by_uid(session, new.uid)) is not None:
        return known, Done(0, (), "nothing to do: it is scheduled already")
    state, reason = outlook(session, clock, new.author, identity_id, inbox_id, due, has_template=template is not None)
    if reason:
        raise BadInput(reason)
    if template is None and len(messaging.parts_of(state.limits, new.body, new.media)) > 1:
        raise BadInput(f"{state.channel.label} needs two messages for this: schedule the text and the file separately")
    new = replace(new, due=due, human_agent=state.reach is Reach.TAGGED)
    message = messaging.send(session, clock, identity_id, inbox_id, new, template=template)
    return message, _record(session, clock, new.author, message, None)


def outlook(
    session: Session,
    clock: Clock,
    agent: str,
    identity_id: int,
    inbox_id: int,
    due: datetime,
    *,
    has_template: bool = False,
) -> tuple[ChannelState, str]:
    """Return how a person can be reached at a later time, as far as is known now, and why nothing can be sent then.

    The reason is a sentence, empty where something can. An agent writes, so Messenger's tag may be used.
    """
    now_state = reachability.state(session, clock, identity_id, inbox_id)
    state = reachability.state(session, lambda: due, identity_id, inbox_id)
    if reachability.allows(state.reach, has_template=has_template, human_agent=True):
        return state, ""
    if now_state.until is None or now_state.until > due:
        return state, f"{state.channel.label}: {state.why_closed}"
    ends = typed_time.told(now_state.until, clock(), agents.zone(session, clock, agent))
    instead = ", or schedule a template" if state.reach is Reach.TEMPLATE else ""
    return state, f"the window will be closed by then: it ends {ends}. Choose an earlier time{instead}"


def change(
    session: Session,
    clock: Clock,
    agent: str,
    message_id: int,
    *,
    text: str | None = None,
    due: datetime | None = None,
) -> Done:
    """Give a scheduled message another text, another time, or both. Raise NotFound and BadInput.

    A template's text can't be changed: cancel the message, and schedule another one.
    """
    before = get(session, clock, message_id)
    message = before.message
    body = message.body if text is None else text
    moment = before.due_at if due is None else _checked(due, clock())
    if (body, moment) == (message.body, before.due_at):
        return Done(0, (), "nothing to do: it says so already")
    is_template = message.template is not None
    state, reason = _outlook_of(session, clock, agent, message, moment)
    if text is not None:
        if is_template:
            raise BadInput("a template has its own words: cancel it and schedule another one")
        messaging.check_text(state, body, may_be_empty=bool(message.media))
        if len(messaging.parts_of(state.limits, body, message.media)) > 1:
            raise BadInput(f"the text is too long to stand under the file on {state.channel.label}: shorten it")
    if reason:
        raise BadInput(reason)
    was = _fields(session, message)
    stored.change(session, clock, message, body, moment)
    return _record(session, clock, agent, message, was)


def cancel(session: Session, clock: Clock, agent: str, message_id: int) -> Done:
    """Cancel a scheduled message: its text is a draft again. Raise NotFound."""
    message = get(session, clock, message_id).message
    was = _fields(session, message)
    message_removal.withdraw(session, clock, message)
    return _record(session, clock, agent, message, was)


def fault(session: Session, clock: Clock, agent: str, message_id: int, due: datetime) -> str:
    """Return why a scheduled message can't be sent at another time, as far as is known now; empty where it can."""
    return _outlook_of(session, clock, agent, get(session, clock, message_id).message, due)[1]


def _outlook_of(
    session: Session, clock: Clock, agent: str, message: Message, due: datetime
) -> tuple[ChannelState, str]:
    conversation = conversations.get(session, message.conversation_id)
    assert conversation is not None, "a message is in one"
    identity_id, inbox_id = conversation.identity_id, conversation.inbox_id
    is_template = message.template is not None
    return outlook(session, clock, agent, identity_id, inbox_id, due, has_template=is_template)


def _checked(due: datetime, now: datetime) -> datetime:
    try:
        return typed_time.checked(due, now)
    except ValueError as error:
        raise BadInput(str(error)) from error


def _fields(session: Session, message: Message) -> Fields | None:
    return stored.fields(session, message.uid, message.contact_id)


def _record(session: Session, clock: Clock, agent: str, message: Message, was: Fields | None) -> Done:
    now = _fields(session, message)
    words = "message scheduled" if was is None else f"scheduled message {'cancelled' if now is None else 'changed'}"
    name = f"{SCHEDULED}{message.uid}"
    return queue.record(session, clock, agent, Deed("schedule", words, message.contact_id, {name: was}, {name: now}))
