"""Which of our own messages must not leave after all: asked when one is claimed, and again right before its request."""

from collections.abc import Sequence
from dataclasses import replace

from sqlmodel import Session

from contacts_tui.channels import local_errors
from contacts_tui.channels.base import NotSent
from contacts_tui.domain.clock import Clock
from contacts_tui.domain.message import Message
from contacts_tui.domain.reachability import ChannelState, Reach
from contacts_tui.services import delivery, inboxes, reachability
from contacts_tui.services.workers.dispatch import Job, Reason
from contacts_tui.store import contacts, conversations, messages, standings


def untagged(session: Session, clock: Clock, message: Message) -> Message:
    """They may have written since it was queued: inside the 24 hours nothing goes under the HUMAN_AGENT tag."""
    if not message.human_agent or _state(session, clock, message).reach is not Reach.OPEN:
        return message
    messages.untag(session, message.id)
    return replace(message, human_agent=False)


def held_back(session: Session, clock: Clock, owner: str, jobs: Sequence[Job]) -> dict[int, Reason]:
    """Which messages that were claimed must not leave after all, and why. Asked right before their requests.

    One that isn't this outbox's any more is nothing that was sent: its lease ran out, others called it unknown, or an
    agent has sent it again. When nothing changed about the person, what was found at claiming still holds: windows end
    with a margin.
    """
    places = standings.places(session, clock, owner, [job.message_id for job in jobs])
    reasons: dict[int, Reason] = {}
    changed = []
    for job in jobs:
        place = places[job.message_id]
        if place.attempt_id != job.attempt.id:
            reasons[job.message_id] = NotSent(local_errors.OVERTAKEN, "another process took over before it was sent")
        elif place.standing != job.standing:
            changed.append(job.message_id)
    for message in messages.by_ids(session, changed) if changed else ():
        if (reason := withheld(session, clock, message)) is not None:
            reasons[message.id] = reason
    return reasons


def withheld(session: Session, clock: Clock, message: Message) -> delivery.Withheld | None:
    """Return why a message of ours must not leave by our own rules, or None.

    One that was written before the person wished for no more messages waits for an agent's word: see `messaging.retry`.
    """
    state = _state(session, clock, message)
    if reachability.allows(state.reach, has_template=message.template is not None, human_agent=message.human_agent):
        if state.stop_asked_at is None:
            return None
        return delivery.Withheld(
            local_errors.STOP_ASKED, "held back: they may want no more messages, and nobody has seen it"
        )
    assert state.identity_id is not None
    assert state.inbox_id is not None
    identity = contacts.identity(session, state.identity_id)
    assert identity is not None
    inbox = inboxes.get(session, clock, state.inbox_id)
    assert inbox is not None
    if not inbox.is_connected:
        code = local_errors.DISCONNECTED
    elif contacts.blocked_at(session, identity.contact_id) is not None:
        code = local_errors.BLOCKED
    else:
        refuses = identity.opted_out_at is not None or identity.blocked_at is not None
        code = local_errors.OPTED_OUT if refuses else identity.refusal_code or local_errors.WINDOW
    return delivery.Withheld(code, f"held back: {state.reason or state.words}")


def _state(session: Session, clock: Clock, message: Message) -> ChannelState:
    """How its recipient can be reached now, by the way that it takes."""
    conversation = conversations.get(session, message.conversation_id)
    assert conversation is not None
    return reachability.state(session, clock, conversation.identity_id, conversation.inbox_id)
