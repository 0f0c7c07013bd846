"""`contacts-tui message`: what became of one message, and what an agent decides about it."""

from argparse import Namespace
from collections.abc import Iterator

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


def show(args: Namespace, config: Config) -> Exit:
    """Every try to send a message, everything the provider said of it, and what can be done now."""
    with open_to_read(config) as store:
        ledger = _ledger(store, args.message)
    if args.json:
        say_json(ledger)
        return Exit.DONE
    for line in _lines(ledger):
        say(line)
    return Exit.DONE


def settle(args: Namespace, config: Config) -> Exit:
    """Says that a message in doubt arrived, or sends it again on purpose."""
    with open_store(config) as store:
        ledger = _ledger(store, args.message)
        if ledger.view.doubt is None:
            raise BadInput(f"message {args.message} does not need a decision: {_word(ledger)}")
        if args.arrived:
            store.call(messaging.arrived, args.message, config.agent)
            view = _ledger(store, args.message).view
        else:
            _retry(store, args, may_double=True)
            view = send_and_wait(store, args.message)
    return say_outcome(view, f"message {args.message}", as_json=args.json)


def retry(args: Namespace, config: Config) -> Exit:
    """Tries a failed message again, as a new attempt."""
    with open_store(config) as store:
        if _ledger(store, args.message).view.doubt is not None:
            raise BadInput(
                f"message {args.message} may or may not have been sent: "
                "decide with `message settle`, --arrived or --again"
            )
        _retry(store, args, may_double=False)
        view = send_and_wait(store, args.message)
    return say_outcome(view, f"message {args.message}", as_json=args.json)


def _retry(store: Store, args: Namespace, *, may_double: bool) -> None:
    try:
        store.call(messaging.retry, args.message, may_double=may_double)
    except MayWantToStop as error:
        if not args.despite_stop:
            raise
        store.call(messaging.acknowledge_stop, error.identity_id)
        store.call(messaging.retry, args.message, may_double=may_double)


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
    if view.doubt is not None:
        yield view.doubt.sentence
        yield begun(view.doubt.evidence)
        yield f"now: contacts-tui message settle {message.id} --arrived, or --again (they may get it twice)"
    elif view.failure is not None:
        yield view.failure.sentence
    if message.status is Delivery.QUEUED and ledger.due_at is not None:
        yield f"waiting to be sent, not before {local_time(ledger.due_at)}"
    if view.instead is not None:
        yield from (f"or: {offer.words}" for offer in view.instead.offers)
        if view.instead.why_none:
            yield f"no other channel is available: {view.instead.why_none}"
