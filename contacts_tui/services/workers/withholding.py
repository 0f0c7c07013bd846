"""Messages of ours that must not leave after all: checked when one is claimed, and again right before its request."""

from collections.abc import Sequence
from dataclasses import replace

from sqlmodel import Session

from contacts_tui.channels import local_errors
from contacts_tui.channels.base import NotSent
from contacts_tui.domain.clock import Clock
from contacts_tui.domain.message import Message
from contacts_tui.domain.reachability import Reach
from contacts_tui.services import delivery, reachability
from contacts_tui.services.workers.dispatch import Job, Reason
from contacts_tui.store import messages, pairs, standings
from contacts_tui.store.pairs import Pair


def untagged(session: Session, clock: Clock, message: Message, pair: Pair) -> Message:
    """Remove the HUMAN_AGENT tag where the person wrote since: within the 24 hours nothing is sent under it.

    Return the message. `pair` is the address it goes to and the inbox it goes from, as this transaction read them.
    """
    if not message.human_agent or reachability.state_of(session, clock, pair).reach is not Reach.OPEN:
        return message
    messages.untag(session, message.id)
    return replace(message, human_agent=False)


def held_back(session: Session, clock: Clock, owner: str, jobs: Sequence[Job]) -> dict[int, Reason]:
    """Return which claimed messages must not leave after all, and why. Called right before their requests.

    A message that isn't this outbox's any more counts as not sent: its lease ran out, another process called it
    unknown, or an agent has sent it again. When nothing changed about the person, the check at claiming still holds,
    because windows are ended with a margin.
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
    if changed:
        found = messages.by_ids(session, changed)
        between = pairs.of_conversations(session, [message.conversation_id for message in found])
        for message in found:
            if (reason := withheld(session, clock, message, between[message.conversation_id])) is not None:
                reasons[message.id] = reason
    return reasons


def withheld(session: Session, clock: Clock, message: Message, pair: Pair) -> delivery.Withheld | None:
    """Return why a message of ours must not leave by our own rules, or None. `pair`: see `untagged`.

    A message written before the person wished for no more is withheld until an agent decides: see `messaging.retry`.
    """
    state = reachability.state_of(session, clock, pair)
    if reachability.allows(state.reach, has_template=message.template is not None, human_agent=message.human_agent):
        if state.stop_asked_at is None:
            return None
        return delivery.Withheld(
            local_errors.STOP_ASKED, "held back: they may want no more messages, and nobody has seen it"
        )
    identity = pair.identity
    if not pair.inbox.is_connected:
        code = local_errors.DISCONNECTED
    elif pair.our_block_at is not None:
        code = local_errors.BLOCKED
    else:
        refuses = identity.opted_out_at is not None or identity.blocked_at is not None
        code = local_errors.OPTED_OUT if refuses else identity.refusal_code or local_errors.WINDOW
    return delivery.Withheld(code, f"held back: {state.reason or state.words}")
