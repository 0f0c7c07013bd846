"""Messages that programs store on one store at the same time, against the same statements by plain psycopg."""

import contextlib
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.figures import Figure
from benchmarks.team import plain
from benchmarks.team.places import PEOPLE, SERVER, Desk, fill, places, server, together
from contacts_tui.domain.message import NewMessage
from contacts_tui.services import messaging
from contacts_tui.store.errors import StoreError
from contacts_tui.store.store import Store

SENT = 400
"""Messages of all writers together."""
TURNS = 3
"""Turns of each, one after the other, so that a noisy moment hits all alike."""
MANY = 100


def figures(stores: Mapping[int, str], folder: Path) -> list[Figure]:
    """Measure the messages that one, two and a hundred programs store a second."""
    with server() as databases:
        at = places(databases, folder, "sending")
        desks = {name: fill(location) for name, location in at.items()}
        plain.set_ids_apart(at[SERVER])
        # Each person has a conversation then: no replay needs one that another replay begins.
        _store(at[SERVER], desks[SERVER], range(PEOPLE))
        before = databases.copy(at[SERVER])
        recording = _record(at[SERVER], desks[SERVER])
        replayed = {plain.PSYCOPG: recording.transactions, plain.WITHOUT_LOCK: recording.without_lock()}
        rates: dict[tuple[str, int], list[float]] = {}
        for _ in range(TURNS):
            for count in (1, 2):
                for name, location in at.items():
                    taken, failed = together(_send, [(location, desks[name], SENT // count)] * count)
                    assert not failed, "a writer met an error"
                    rates.setdefault((name, count), []).append(SENT / taken)
                for name, transactions in replayed.items():
                    shares = plain.shares(databases.copy(before), transactions, count)
                    rates.setdefault((name, count), []).append(SENT / plain.replayed(shares))
        found = [
            Figure(f"{name}: sends by {count} program{'s' * (count > 1)}", median(each), "/s")
            for (name, count), each in rates.items()
        ]
        for count in (1, 2):
            found += plain.ratios({name: rates[name, count] for name in (SERVER, *replayed)}, f"{count} writing")
        for name, location in at.items():
            taken, failed = together(_send, [(location, desks[name], SENT // MANY)] * MANY)
            found += [
                Figure(f"{name}: sends by {MANY} programs at once", SENT / taken, "/s"),
                Figure(
                    f"{name}: programs of these that met an error", failed, "programs", 0 if name == SERVER else None
                ),
            ]
        return found


def _record(location: str, desk: Desk) -> plain.Recording:
    with plain.recorded() as recording:
        _store(location, desk, range(SENT))
    return recording


def _store(location: str, desk: Desk, numbers: range) -> None:
    with closing(Store.open(location)) as store:
        for number in numbers:
            _send_one(store, desk, number)


def _send(ready: Any, location: str, desk: Desk, messages: int) -> None:
    with closing(Store.open(location)) as store:
        with contextlib.suppress(StoreError):
            # From here on the store is connected, as that of a program at work is.
            _send_one(store, desk, 0)
        ready.wait()
        for number in range(messages):
            _send_one(store, desk, number)


def _send_one(store: Store, desk: Desk, number: int) -> None:
    message = NewMessage(uid=messaging.new_uid(), author="Kim", body="Your order is on its way.")
    store.call(messaging.send, desk.identities[number % len(desk.identities)], desk.inbox, message)
