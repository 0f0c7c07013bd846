"""The delivery of our messages: an attempt's outcome and the provider's reports, put through the lattice."""

import random
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import Session

from contacts_tui.channels import local_errors, registry
from contacts_tui.channels.base import Accepted, NotSent, OutcomeUnknown, Refused, SendResult, StatusUpdate
from contacts_tui.domain.clock import Clock, is_past
from contacts_tui.domain.conversation import Conversation
from contacts_tui.domain.delivery import Delivery, advance
from contacts_tui.domain.failure import Blame
from contacts_tui.domain.health import Source
from contacts_tui.domain.message import Attempt, AttemptOutcome, Message, ProviderEvent
from contacts_tui.domain.opt_out import OptWord
from contacts_tui.services import inbox_problems
from contacts_tui.store import attempts, contacts, conversations, events, inboxes, messages, outbox, rate_limits

FIRST_WAIT = timedelta(seconds=2)
"""Pause after the first attempt that sent nothing; doubled after each further one."""
LONGEST_WAIT = timedelta(minutes=5)
MOST_TRIES = 15
"""Attempts that sent nothing, before the agent is told that it failed: somewhat over half an hour."""
MOST_PAUSES = 60
"""The same where the provider itself says how long to wait."""
RECONCILE_WAITS = tuple(timedelta(seconds=s) for s in (3, 10, 30, 120, 600, 1800))
"""Pauses between looks for evidence of an unknown outcome. After the last one the agent has to judge."""


def reference(message: Message, attempt: Attempt) -> str:
    """Return our name for one attempt, which the provider gives back with its reports."""
    return f"{message.uid}.{attempt.number}"


def message_of(session: Session, inbox_id: int, named: str, provider_id: str) -> int | None:
    """Return the id of the message a report is about, by our reference or the provider's id; None when unknown."""
    if named:
        message = messages.by_uid(session, named.rpartition(".")[0])
        if message is not None and messages.inbox_of(session, message.id) == inbox_id:
            return message.id
    attempt = attempts.named(session, inbox_id, provider_id)
    return None if attempt is None else attempt.message_id


def report(session: Session, clock: Clock, message_id: int, event: StatusUpdate) -> None:
    """Apply a provider's report on a message of ours.

    A report on an earlier attempt than the last one, or on an attempt after which the agent has asked for another,
    changes nothing here; it is kept in the ledger.
    """
    attempt = _attempt_of(session, message_id, event)
    last = attempts.of_message(session, message_id)[-1:]
    if attempt is None or last != (attempt,):
        return
    is_retried = messages.status_of(session, message_id) is Delivery.QUEUED
    if is_retried and attempt.outcome in (AttemptOutcome.ACCEPTED, AttemptOutcome.REFUSED):
        return
    if attempt.outcome in (AttemptOutcome.SENDING, AttemptOutcome.UNKNOWN):
        # Whatever became of the answer: a report proves that the provider took it.
        attempts.end(session, clock, attempt.id, AttemptOutcome.ACCEPTED, code=attempt.code, detail=attempt.detail)
    if not attempt.provider_id:
        attempts.name(session, attempt.id, event.provider_id)
        inbox_id = messages.inbox_of(session, message_id)
        _named(session, clock, message_id, inbox_id, attempt, event.provider_id)
    status = Delivery.SENT if event.status is None else event.status
    _move(session, clock, message_id, attempt, status, event.code)
    accepted_at(session, clock, message_id, event.at)
    if outbox.task_of(session, message_id) is outbox.Task.RECONCILE:
        outbox.done(session, message_id)


def accepted_at(session: Session, clock: Clock, message_id: int, at: datetime) -> None:
    """Store that the provider had the message at `at`, by its own clock, and apply watermarks that reach that time."""
    if not messages.provider_had(session, message_id, at):
        return
    conversation = conversations.get(session, _message(session, message_id).conversation_id)
    assert conversation is not None
    for status, until in (
        (Delivery.DELIVERED, conversation.delivered_until),
        (Delivery.READ, conversation.seen_until),
    ):
        if until is not None and at <= until:
            reached(session, clock, message_id, status)


def reached(session: Session, clock: Clock, message_id: int, status: Delivery) -> None:
    """Mark a message as delivered or read, because the provider said so of everything up to some moment."""
    last = attempts.of_message(session, message_id)[-1:]
    if last:
        _move(session, clock, message_id, last[0], status, "")
    else:
        # Sent from the provider's own inbox, without an attempt of ours.
        messages.set_status(session, clock, message_id, status)


@dataclass(frozen=True, slots=True)
class Withheld:
    """The message was not dispatched, by a rule of our own."""

    code: str
    detail: str


@dataclass(frozen=True, slots=True)
class NothingFound:
    """A look for evidence found none, which proves nothing."""


@dataclass(frozen=True, slots=True)
class Found:
    """A look for evidence found the only message at the provider that is like ours."""

    accepted: Accepted


Result = SendResult | Withheld | NothingFound | Found
"""The result of one attempt, or of a look for evidence of it."""


def record(session: Session, clock: Clock, message_id: int, attempt: Attempt, result: Result) -> None:
    """Store the result of an attempt to send or of a look for evidence, and what is to be done next."""
    if isinstance(result, Found):
        is_proof = _can_be_no_other(session, message_id, attempt, result.accepted.provider_id)
        result = result.accepted if is_proof else NothingFound()
    if attempts.last(session, message_id) != attempt.id:
        # The agent has begun another attempt since: this answer comes too late to change what is shown.
        _record_late(session, clock, attempt, result)
        return
    match result:
        case Accepted():
            _accepted(session, clock, message_id, attempt, result)
        case NothingFound():
            _nothing_found(session, clock, message_id)
        case Withheld(code, detail):
            attempts.end(session, clock, attempt.id, AttemptOutcome.WITHHELD, code=code, detail=detail)
            messages.set_status(session, clock, message_id, Delivery.FAILED, code=code)
            outbox.done(session, message_id)
        case Refused(code, detail):
            attempts.end(session, clock, attempt.id, AttemptOutcome.REFUSED, code=code, detail=detail)
            _move(session, clock, message_id, attempt, Delivery.FAILED, code)
            outbox.done(session, message_id)
        case NotSent():
            _not_sent(session, clock, message_id, attempt, result)
        case OutcomeUnknown(code, detail):
            still_unknown(session, clock, message_id, attempt, code, detail)
            inboxes.note_error(session, clock, messages.inbox_of(session, message_id), code)


def still_unknown(session: Session, clock: Clock, message_id: int, attempt: Attempt, code: str, detail: str) -> None:
    """Store that the outcome of an attempt is unknown: look for evidence, and never send again on a guess."""
    current = messages.status_of(session, message_id) or Delivery.QUEUED
    if advance(current, Delivery.UNKNOWN) is not Delivery.UNKNOWN:
        # A report came before the answer got lost: the provider has the message. Unless only an agent said so.
        is_open = attempts.of_message(session, message_id)[-1].outcome is AttemptOutcome.UNKNOWN
        outcome = AttemptOutcome.UNKNOWN if is_open else AttemptOutcome.ACCEPTED
        attempts.end(session, clock, attempt.id, outcome, code=code, detail=detail)
        outbox.done(session, message_id)
        return
    attempts.end(session, clock, attempt.id, AttemptOutcome.UNKNOWN, code=code, detail=detail)
    messages.set_status(session, clock, message_id, Delivery.UNKNOWN, code=code)
    outbox.put(session, message_id, outbox.Task.RECONCILE, clock() + RECONCILE_WAITS[0])


LIKELY = timedelta(hours=1)
"""How much earlier another attempt may have begun and still be what a provider's list shows: more than the longest send
and the difference of two clocks."""

ALLOWED = "allowed"
"""The ledger's word for a person who allows our messages again."""

ARRIVED = "arrived"
"""The ledger's word for a message that arrived, as an agent says."""

DOUBTED = "unknown again"
"""The ledger's word for a message of which an agent took that back."""


def reconcile_by_agent(session: Session, clock: Clock, message: Message, agent: str) -> None:
    """Mark a message of unknown outcome as arrived, as an agent says. A later report is believed over that."""
    attempt = attempts.of_message(session, message.id)[-1]
    _say(session, clock, message, attempt, ARRIVED, f"marked as sent by {agent}")
    _move(session, clock, message.id, attempt, Delivery.SENT, "")
    outbox.done(session, message.id)


def is_reconciled_by_agent(session: Session, message: Message) -> bool:
    """Return whether only an agent says that a message arrived: no report has come since."""
    if message.status is not Delivery.SENT:
        return False
    attempt, said = attempts.of_message(session, message.id)[-1:], events.of_message(session, message.id)[-1:]
    return bool(attempt and said) and attempt[0].outcome is AttemptOutcome.UNKNOWN and said[0].status == ARRIVED


def reopen_unknown(session: Session, clock: Clock, message: Message, agent: str) -> None:
    """Take back an agent's word, where `is_reconciled_by_agent`: unknown again, with new looks for evidence."""
    attempt = attempts.of_message(session, message.id)[-1]
    _say(session, clock, message, attempt, DOUBTED, f"undone by {agent}")
    messages.set_status(session, clock, message.id, Delivery.UNKNOWN, code=attempt.code)
    outbox.put(session, message.id, outbox.Task.RECONCILE, clock() + RECONCILE_WAITS[0])


def _say(session: Session, clock: Clock, message: Message, attempt: Attempt, word: str, detail: str) -> None:
    """Store what an agent says of a message in its ledger."""
    number = len(events.of_message(session, message.id)) + 1
    said = ProviderEvent(
        inbox_id=messages.inbox_of(session, message.id),
        event_key=f"{word}:{reference(message, attempt)}:{number}",
        status=word,
        at=clock(),
        raw={},
        provider_id=attempt.provider_id,
        message_id=message.id,
        delivery=Delivery.SENT if word == ARRIVED else Delivery.UNKNOWN,
        detail=detail,
    )
    events.keep_new(session, said)


def _can_be_no_other(session: Session, message_id: int, attempt: Attempt, provider_id: str) -> bool:
    """Return whether what was found at the provider is this message, and not another of ours with the same text."""
    if attempts.is_named_otherwise(session, message_id, provider_id):
        return False
    return not attempts.has_unknown_twin(session, message_id, attempt.started_at - LIKELY)


def _nothing_found(session: Session, clock: Clock, message_id: int) -> None:
    """Plan the next look for evidence; after the last one, leave it to the agent to decide."""
    if outbox.task_of(session, message_id) is not outbox.Task.RECONCILE:
        return  # A report or the agent has decided it meanwhile.
    tries = outbox.tries(session, message_id)
    if tries + 1 < len(RECONCILE_WAITS):
        outbox.postpone(session, message_id, clock() + RECONCILE_WAITS[tries + 1])
    else:
        outbox.done(session, message_id)


def _record_late(session: Session, clock: Clock, attempt: Attempt, result: Result) -> None:
    match result:
        case Accepted(provider_id):
            attempts.accept(session, clock, attempt.id, provider_id)
        case Refused(code, detail):
            attempts.end(session, clock, attempt.id, AttemptOutcome.REFUSED, code=code, detail=detail)
        case Withheld(code, detail):
            attempts.end(session, clock, attempt.id, AttemptOutcome.WITHHELD, code=code, detail=detail)
        case NotSent(code, detail):
            attempts.end(session, clock, attempt.id, AttemptOutcome.NOT_SENT, code=code, detail=detail)
        case OutcomeUnknown(code, detail):
            attempts.end(session, clock, attempt.id, AttemptOutcome.UNKNOWN, code=code, detail=detail)


def _accepted(session: Session, clock: Clock, message_id: int, attempt: Attempt, result: Accepted) -> None:
    inbox_id = messages.inbox_of(session, message_id)
    attempts.accept(session, clock, attempt.id, result.provider_id)
    _named(session, clock, message_id, inbox_id, attempt, result.provider_id)
    _move(session, clock, message_id, attempt, result.status, result.code)
    outbox.done(session, message_id)
    inboxes.touch_outbound(session, clock, inbox_id, clock())
    inbox_problems.worked(session, clock, inbox_id, Source.SENDING)


def _not_sent(session: Session, clock: Clock, message_id: int, attempt: Attempt, result: NotSent) -> None:
    attempts.end(session, clock, attempt.id, AttemptOutcome.NOT_SENT, code=result.code, detail=result.detail)
    if messages.status_of(session, message_id) not in (Delivery.QUEUED, Delivery.SENDING, Delivery.UNKNOWN):
        return  # A report or the agent has decided it meanwhile.
    if result.retry_after is None and result.code not in local_errors.HERE:
        # A pause that the provider asks for is no error; a connection that can't be made is one.
        inbox_problems.failed(session, clock, messages.inbox_of(session, message_id), Source.SENDING, result.code)
    tries = outbox.tries(session, message_id)
    wait = min(FIRST_WAIT * 2 ** min(tries, 10), LONGEST_WAIT) * random.uniform(0.75, 1.25)
    # A pause of 0 seconds counts as none.
    until = clock() + (result.retry_after or wait)
    if result.rate_limited:
        rate_limits.hold(session, clock(), messages.inbox_of(session, message_id), until, rate_limits.ASKED)
    if tries + 1 >= (MOST_TRIES if result.retry_after is None else MOST_PAUSES):
        _move(session, clock, message_id, attempt, Delivery.FAILED, result.code)
        outbox.done(session, message_id)
        return
    messages.set_status(session, clock, message_id, Delivery.QUEUED, code=result.code)
    if outbox.task_of(session, message_id) is outbox.Task.SEND:
        outbox.postpone(session, message_id, until)
    else:
        # The outcome was taken for unknown meanwhile, and this proves that nothing left.
        outbox.put(session, message_id, outbox.Task.SEND, until)


def _named(session: Session, clock: Clock, message_id: int, inbox_id: int, attempt: Attempt, provider_id: str) -> None:
    """Store the provider's id of a message, and apply the reports that came under it before it was known."""
    messages.set_provider_id(session, message_id, provider_id)
    for status, code, at in events.unpark(session, inbox_id, provider_id, message_id):
        _move(session, clock, message_id, attempt, status, code)
        accepted_at(session, clock, message_id, at)


def _move(session: Session, clock: Clock, message_id: int, attempt: Attempt, status: Delivery, code: str) -> None:
    current = messages.status_of(session, message_id) or Delivery.QUEUED
    advanced = advance(current, status)
    if advanced is current:
        return
    messages.set_status(session, clock, message_id, advanced, code=code if advanced is Delivery.FAILED else "")
    if advanced is Delivery.FAILED:
        _learn(session, clock, message_id, attempt, code)


def _learn(session: Session, clock: Clock, message_id: int, attempt: Attempt, code: str) -> None:
    """Store what a failure says of the window, the address or the inbox: the provider overrules our own rules."""
    message = _message(session, message_id)
    conversation = conversations.get(session, message.conversation_id)
    inbox = inboxes.get(session, messages.inbox_of(session, message_id))
    assert conversation is not None
    assert inbox is not None
    failure = registry.explain(attempt.provider, code)
    if failure.blame is Blame.WINDOW:
        # The window was closed when we tried; a message of the person since then opens it again.
        conversations.closed_by_provider(session, clock, conversation.id, message.channel, attempt.started_at)
    if failure.opts_out and not _allowed_since(session, clock, conversation, attempt.started_at):
        _refuse(session, clock, conversation.identity_id, attempt.started_at)
    if failure.permanent_for_address and not messages.received_since(session, conversation.id, attempt.started_at):
        contacts.set_refusal(session, clock, conversation.identity_id, code)
    if failure.blame is Blame.SENDER:
        inbox_problems.failed(session, clock, inbox.id, Source.SENDING, code)


def _refuse(session: Session, clock: Clock, identity_id: int, began: datetime) -> None:
    """Store that a person wants no messages, as the provider answered to an attempt that began at `began`.

    A word like START that was said later lifts this, also one that was said while the answer was on its way.
    """
    identity = contacts.identity(session, identity_id)
    assert identity is not None
    if not identity.channel.by_phone:
        contacts.set_blocked(session, clock, identity_id, clock())
        return
    known = identity.opted_out_at
    is_newer = known is None or known < began or not is_past(known, clock())
    contacts.set_opted_out(session, clock, identity_id, began if is_newer else known)


def _allowed_since(session: Session, clock: Clock, conversation: Conversation, at: datetime) -> bool:
    """Return whether the person allowed our messages again after an attempt began: then its refusal is out of date."""
    identity = contacts.identity(session, conversation.identity_id)
    assert identity is not None
    if identity.channel.by_phone:
        return events.said_since(session, clock, conversation.id, OptWord.START.value, at)
    # Telegram's times are whole seconds.
    second = at.replace(microsecond=0)
    return events.came_since(session, conversation.inbox_id, identity.address, ALLOWED, second)


def _attempt_of(session: Session, message_id: int, event: StatusUpdate) -> Attempt | None:
    uid, _, number = event.uid.rpartition(".")
    is_named = uid == _message(session, message_id).uid
    for attempt in attempts.of_message(session, message_id):
        if (is_named and str(attempt.number) == number) or (
            event.provider_id and attempt.provider_id == event.provider_id
        ):
            return attempt
    return None


def _message(session: Session, message_id: int) -> Message:
    message = messages.get(session, message_id)
    assert message is not None, "a message is never deleted"
    return message
