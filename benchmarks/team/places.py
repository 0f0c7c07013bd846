"""Stores on a server and in a file, people in them, and processes that begin at the same moment."""

import multiprocessing
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from contacts_sandbox.database_server import own_server
from contacts_tui.domain.channel import Channel
from contacts_tui.domain.contact import NewContact
from contacts_tui.domain.inbox import InboxForm
from contacts_tui.services import inboxes
from contacts_tui.store import contacts
from contacts_tui.store.backends import location_of
from contacts_tui.store.store import Store
from tests.postgresql import Databases

PEOPLE = 200
"""People in each store."""
SERVER, FILE = "PostgreSQL", "SQLite"

forked = multiprocessing.get_context("fork")
"""A forked process inherits the statements that were compiled before, as a program at work has them."""

_AS_AT_WORK = ("synchronous_commit=on", "fsync=on", "autovacuum=on", "max_connections=1000", "shared_buffers=512MB")
"""The settings of a team's server: it holds the largest store in memory, which that of the tests doesn't."""


@dataclass(frozen=True, slots=True)
class Desk:
    """The identities in a store that can be written to, and the inbox to send from."""

    identities: Sequence[int]
    inbox: int


@contextmanager
def server() -> Iterator[Databases]:
    """Run a server for the time of the block, and yield its databases."""
    with own_server(*_AS_AT_WORK) as made:
        yield Databases(made.address())


def places(databases: Databases, folder: Path, name: str) -> dict[str, str]:
    """Return the locations of a new store on the server and of one in a file, by SERVER and FILE."""
    return {SERVER: databases.store(), FILE: location_of(folder / f"{name}.db")}


def fill(location: str) -> Desk:
    """Make people who can be written to from one inbox, and return them and the inbox."""
    with closing(Store.open(location)) as store:
        form = InboxForm(
            name="Shop", channel=Channel.SMS, address="+12025550101", account="AC" + "a" * 32, secret="env:TWILIO_TOKEN"
        )
        inbox = store.call(inboxes.connect, "Kim", form)
        return Desk([_person(store, number) for number in range(PEOPLE)], inbox.id)


def _person(store: Store, number: int) -> int:
    contact = store.call(contacts.insert, NewContact(name=f"Person {number}"))
    return store.call(contacts.add_identity, contact.id, Channel.SMS, address(number)).id


def address(number: int) -> str:
    """Return the telephone number of a person."""
    return f"+1202555{number % PEOPLE + 1000}"


def together(work: Callable[..., None], each: Sequence[tuple[Any, ...]]) -> tuple[float, int]:
    """Run a process for each of these arguments, all at once. Return the seconds that they took, and how many failed.

    `work` gets a barrier before its arguments, and waits at it when it is ready to begin.
    """
    ready = forked.Barrier(len(each) + 1)
    started = [forked.Process(target=work, args=(ready, *arguments)) for arguments in each]
    for process in started:
        process.start()
    ready.wait()
    began = time.perf_counter()
    for process in started:
        process.join()
    return time.perf_counter() - began, sum(process.exitcode != 0 for process in started)
