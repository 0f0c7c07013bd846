"""Messages that `serve` processes receive on one store, against the same statements by plain psycopg."""

from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from statistics import median

from benchmarks.figures import Figure
from benchmarks.sender import form
from benchmarks.serving import connect, serving
from benchmarks.team import plain
from benchmarks.team.places import SERVER, places, server
from contacts_tui.channels.base import InboundMessage
from contacts_tui.domain.clock import utc_now
from contacts_tui.services import inbound
from contacts_tui.store.store import Store

MESSAGES = 1_200
"""Messages of each turn, through all processes together."""
TURNS = 3
"""Turns of each, one after the other, so that a noisy moment hits all alike."""
SENDERS = 200
CONNECTIONS = 64
"""Connections to all processes together."""


def figures(stores: Mapping[int, str], folder: Path) -> list[Figure]:
    """Measure messages a second by one and by two receivers."""
    with server() as databases:
        at = places(databases, folder, "receiving")
        inboxes = {name: connect(location) for name, location in at.items()}
        plain.set_ids_apart(at[SERVER])
        _store(at[SERVER], inboxes[SERVER], range(SENDERS))
        before = databases.copy(at[SERVER])
        recording = _record(at[SERVER], inboxes[SERVER])
        replayed = {plain.PSYCOPG: recording.transactions, plain.WITHOUT_LOCK: recording.without_lock()}
        found = []
        for count in (1, 2):
            rates: dict[str, list[float]] = {}
            with ExitStack() as stack:
                turns = {
                    name: stack.enter_context(_receiving(location, inboxes[name], folder, count))
                    for name, location in at.items()
                }
                for number in range(TURNS):
                    for name, turn in turns.items():
                        rates.setdefault(name, []).append(turn((count * 10 + number) * 10_000))
                    for name, transactions in replayed.items():
                        shares = plain.shares(databases.copy(before), transactions, count)
                        rates.setdefault(name, []).append(MESSAGES / plain.replayed(shares))
            found += [
                Figure(f"{name}: inbound messages by {count} serve", median(each), "/s") for name, each in rates.items()
            ]
            found += plain.ratios({name: rates[name] for name in (SERVER, *replayed)}, f"{count} receiving")
        return found


def _store(location: str, inbox: int, numbers: range) -> None:
    """Store messages as a receiver does that gets them one by one."""
    with closing(Store.open(location)) as store:
        for number in numbers:
            fields = form(number, SENDERS)
            sid = fields["MessageSid"]
            event = InboundMessage(sid, sid, fields["From"], fields["Body"], (), "", utc_now(), fields)
            store.call(inbound.apply, inbox, [event])


def _record(location: str, inbox: int) -> plain.Recording:
    with plain.recorded() as recording:
        _store(location, inbox, range(SENDERS, SENDERS + MESSAGES))
    return recording


@contextmanager
def _receiving(location: str, inbox: int, folder: Path, count: int) -> Iterator[Callable[[int], float]]:
    """Run `count` receivers during the block. Yield a function from a turn's first number to its messages a second."""
    with ExitStack() as stack:
        receivers = [stack.enter_context(serving(location, inbox, folder)) for _ in range(count)]
        threads = stack.enter_context(ThreadPoolExecutor(count))

        def turn(first: int, messages: int = MESSAGES) -> float:
            share = messages // count
            taken = threads.map(
                lambda place: receivers[place].hear(
                    first + place * share, share, senders=SENDERS, connections=CONNECTIONS // count
                ),
                range(count),
            )
            return messages / max(taken)

        # This adds the people, and makes the receivers import what they need.
        turn(count * 1_000_000, SENDERS * count)
        yield turn
