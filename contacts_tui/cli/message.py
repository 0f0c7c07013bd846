"""`contacts-tui message`: what became of one message, and what an agent decides about it."""

from collections.abc import Iterator
from typing import Annotated

from contacts_tui.cli.declare import Argument, DespiteStop, Json, Option, command
from contacts_tui.cli.exit import Exit
from contacts_tui.cli.open_store import open_store, open_to_read
from contacts_tui.cli.output import local_time, say, say_json
from contacts_tui.cli.send_and_wait import say_outcome, send_and_wait
from contacts_tui.config import Config
from contacts_tui.domain import delivery
from contacts_tui.domain.delivery import Delivery
from contacts_tui.domain.message import outcome_word
from contacts_tui.domain.text import begun, one_line
from contacts_tui.domain.views import Ledger
from contacts_tui.services import messaging
from contacts_tui.services.errors import BadInput, MayWantToStop, NotFound
from contacts_tui.store.store import Store

Message = Annotated[int, Argument("its id, as `thread CONTACT --json` and `send --json` show it", "MESSAGE")]


@command("contacts-tui message show 41", only_tells=True)
def show(config: Config, message: Message, as_json: Json = False) -> Exit:
    """Print every attempt to send a message, everything the provider said of it, and what can be done now."""
    with open_to_read(config) as store:
        ledger = _ledger(store, message)
    if as_json:
        say_json(ledger)
        return Exit.DONE
    for line in _lines(ledger):
        say(line)
    return Exit.DONE


@command("contacts-tui message settle 41 --arrived")
def settle(
    config: Config,
    message: Message,
    arrived: Annotated[bool, Option("mark it as sent: you know that it arrived")] = False,
    again: Annotated[bool, Option("resend it; they may get it twice")] = False,
    despite_stop: DespiteStop = False,
    as_json: Json = False,
) -> Exit:
    """Mark a message of unknown outcome as sent, or send it again on purpose."""
    if arrived == again:
        raise BadInput("decide: --arrived or --again")
    with open_store(config) as store:
        ledger = _ledger(store, message)
        if ledger.view.unknown_outcome is None:
            raise BadInput(f"message {message} does not need a decision: {_word(ledger)}")
        if arrived:
            store.call(messaging.arrived, message, config.agent)
            view = _ledger(store, message).view
        else:
            _retry(store, message, may_double=True, despite_stop=despite_stop)
            view = send_and_wait(store, message)
    return say_outcome(view, f"message {message}", as_json=as_json)


@command("contacts-tui message retry 41")
def retry(config: Config, message: Message, despite_stop: DespiteStop = False, as_json: Json = False) -> Exit:
    """Send a failed message again, as a new attempt."""
    with open_store(config) as store:
        if _ledger(store, message).view.unknown_outcome is not None:
            raise BadInput(
                f"message {message} may or may not have been sent: decide with `message settle`, --arrived or --again"
            )
        _retry(store, message, may_double=False, despite_stop=despite_stop)
        view = send_and_wait(store, message)
    return say_outcome(view, f"message {message}", as_json=as_json)


def _retry(store: Store, message_id: int, *, may_double: bool, despite_stop: bool) -> None:
    try:
        store.call(messaging.retry, message_id, may_double=may_double)
    except MayWantToStop as error:
        if not despite_stop:
            raise
        store.call(messaging.acknowledge_stop, error.identity_id)
        store.call(messaging.retry, message_id, may_double=may_double)


def _ledger(store: Store, message_id: int) -> Ledger:
    ledger = store.call_read(messaging.ledger, message_id)
    if ledger is None:
        raise NotFound(f"there is no message {message_id}: `thread CONTACT --json` shows the ids")
    return ledger


def _word(ledger: Ledger) -> str:
    status = ledger.view.message.status
    return "it was received" if status is None else f"it is {delivery.word(status)}"


def _lines(ledger: Ledger) -> Iterator[str]:
    view = ledger.view
    message = view.message
    yield f"message {message.id}, {message.channel.label} {one_line(view.inbox_name)}: {_word(ledger)}"
    yield f"    {one_line(message.body)}"
    happened = [
        (
            attempt.started_at,
            f"attempt {attempt.number}",
            outcome_word(attempt.outcome),
            attempt.code,
            attempt.detail,
        )
        for attempt in ledger.attempts
    ]
    happened += [(event.at, event.status, "", event.code, event.detail) for event in ledger.events]
    for at, *parts in sorted(happened):
        yield f"{local_time(at)}  {'  '.join(one_line(part) for part in parts if part)}"
    if view.unknown_outcome is not None:
        yield view.unknown_outcome.sentence
        yield begun(view.unknown_outcome.evidence)
        yield f"now: contacts-tui message settle {message.id} --arrived, or --again (they may get it twice)"
    elif view.failure is not None:
        yield view.failure.sentence
    if message.status is Delivery.QUEUED and ledger.due_at is not None:
        yield f"waiting to be sent, not before {local_time(ledger.due_at)}"
    if view.due_at is not None:
        yield f"will be sent {local_time(view.due_at)}"
    if view.instead is not None:
        yield from (f"or: {offer.words}" for offer in view.instead.offers)
        if view.instead.why_none:
            yield f"no other channel is available: {view.instead.why_none}"
