"""Who is at work on a store: a process's name for its leases, and the receiver's sign that it is there."""

import asyncio
import contextlib
import logging
import os
import socket
import uuid
from datetime import timedelta

from sqlmodel import Session

from contacts_tui.domain.clock import Clock
from contacts_tui.store import leases
from contacts_tui.store.errors import StoreError
from contacts_tui.store.store import Store

LEASE = timedelta(seconds=12)
"""How long a receiver that says nothing counts as being there. It tells three times as often."""
RECEIVER = "receive"
"""The lease of a process that takes webhooks. Several may: one of them has it."""

_log = logging.getLogger(__name__)


def new_owner() -> str:
    """A name for a holder of leases, unlike any other: host, process id, and something by chance."""
    return f"{socket.gethostname()}/{os.getpid()}/{uuid.uuid4().hex[:8]}"


def process_of(owner: str) -> str:
    """The host and the process id of a lease's holder."""
    return "/".join(owner.split("/")[:2])


async def attend(store: Store, stop: asyncio.Event) -> None:
    """Tells the store that webhooks are taken here, until `stop` is set."""
    owner = new_owner()
    while not stop.is_set():
        try:
            await store.run(_beat, owner)
        except StoreError as error:
            _log.warning("the receiver can't tell that it is there: %s", error)
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(stop.wait(), LEASE.total_seconds() / 3)
    with contextlib.suppress(StoreError):
        await store.run(_leave, owner)


def _beat(session: Session, clock: Clock, owner: str) -> None:
    leases.take(session, clock, RECEIVER, owner, LEASE)


def _leave(session: Session, clock: Clock, owner: str) -> None:
    leases.release(session, clock, RECEIVER, owner)
