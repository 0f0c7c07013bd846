"""The processes that work on a store: a process's name for its leases, and the heartbeat of a receiver.

What came in while a receiver's heartbeat went on is surely stored, or noted as refused. Every longer pause between two
heartbeats is a gap.
"""

import asyncio
import contextlib
import logging
import os
import socket
import uuid
from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlmodel import Session

from contacts_tui.domain.clock import Clock
from contacts_tui.domain.gap import Reason
from contacts_tui.services import gaps
from contacts_tui.store import leases, receivers
from contacts_tui.store.errors import StoreError
from contacts_tui.store.receivers import Receiver
from contacts_tui.store.store import Store

LEASE = timedelta(seconds=12)
"""How long a receiver counts as running after a heartbeat. Heartbeats come three times as often."""
RECEIVER = "receive"
"""The lease of a process that takes webhooks. Several processes may take them, and one of them has the lease."""

CALM = 0.2
"""Seconds between two heartbeats because of refused webhooks: a thousand refusals at once need only a few."""

_log = logging.getLogger(__name__)
_names: set[str] = set()
"""The names of this process as a holder of leases."""


def new_owner() -> str:
    """Return a unique name for a holder of leases: host, process id, and 8 random hexadecimal digits."""
    name = f"{socket.gethostname()}/{os.getpid()}/{uuid.uuid4().hex[:8]}"
    _names.add(name)
    return name


def process_of(owner: str) -> str:
    """Return the host and the process id of a lease's holder: "host/1234"."""
    return "/".join(owner.split("/")[:2])


def is_gone(owner: str) -> bool:
    """Return whether a holder of leases has surely ended; only of processes on this machine that can be known."""
    host, _, rest = owner.partition("/")
    process = rest.partition("/")[0]
    if host != socket.gethostname() or not process.isdecimal():
        return False
    if int(process) == os.getpid():
        # A container's first process has the same id after each restart.
        return owner not in _names
    try:
        os.kill(int(process), 0)
    except ProcessLookupError:
        return True
    except (OSError, OverflowError):
        return False
    return False


class Attendance:
    """One receiver's heartbeat, and the webhooks that it could not take."""

    def __init__(self, store: Store) -> None:
        self.noted = asyncio.Event()
        """Set when a gap was noted in the store."""
        self._store = store
        self._owner = new_owner()
        self._refused: dict[int, gaps.Span] = {}
        self._stirred = asyncio.Event()

    def refuse(self, inbox_id: int, began: datetime, ended: datetime) -> None:
        """Note that a webhook of an inbox was answered with an error, or not at all."""
        first, last = self._refused.get(inbox_id, (began, ended))
        self._refused[inbox_id] = min(first, began), max(last, ended)
        self._stirred.set()

    async def run(self, stop: asyncio.Event) -> None:
        """Store a heartbeat again and again until `stop` is set, then that the receiver has left."""
        stopping = asyncio.ensure_future(stop.wait())
        try:
            while not stop.is_set():
                is_told = await self._tell()
                if is_told:
                    self._stirred.clear()
                # A heartbeat that couldn't be stored waits for the next regular one: the store has a problem.
                stirring = asyncio.ensure_future(self._stirred.wait() if is_told else asyncio.Event().wait())
                await asyncio.wait(
                    {stopping, stirring}, timeout=LEASE.total_seconds() / 3, return_when=asyncio.FIRST_COMPLETED
                )
                stirring.cancel()
                await asyncio.wait({stopping}, timeout=CALM)
        finally:
            stopping.cancel()
        await self._tell()
        with contextlib.suppress(StoreError):
            await self._store.run(_leave, self._owner)

    async def _tell(self) -> bool:
        refused, self._refused = self._refused, {}
        try:
            if await self._store.run(beat, self._owner, refused):
                self.noted.set()
        except StoreError as error:
            _log.warning("the receiver's heartbeat can't be stored: %s", error)
            for inbox_id, span in refused.items():
                self.refuse(inbox_id, *span)
            return False
        return True


def beat(session: Session, clock: Clock, owner: str, refused: Mapping[int, gaps.Span]) -> bool:
    """Store a receiver's heartbeat, and note what may have been missed before it. Return whether anything may."""
    leases.take(session, clock, RECEIVER, owner, LEASE)
    now = clock()
    known = {receiver.owner: receiver for receiver in receivers.listed(session)}
    own = known.pop(owner, None)
    others = [receiver for receiver in known.values() if not _is_alive(receiver, now)]
    is_alone = len(others) == len(known)
    is_missing = gaps.refused(session, clock, refused)
    silent = [receiver.at for receiver in others if not receiver.left]
    if silent:
        is_missing |= gaps.nobody_received(session, clock, Reason.STOPPED, min(silent))
    elif own is None and is_alone:
        last = max((receiver.at for receiver in others), default=None)
        is_missing |= gaps.nobody_received(session, clock, Reason.STOPPED, last)
    if own is not None and abs(now - own.at) > LEASE:
        is_missing |= gaps.nobody_received(session, clock, Reason.STALLED, min(own.at, now))
    for receiver in others:
        receivers.forget(session, receiver.owner)
    receivers.put(session, owner, now)
    return is_missing


def _is_alive(receiver: Receiver, now: datetime) -> bool:
    """Return whether a receiver's heartbeat goes on, also when the clock was put back."""
    return not receiver.left and abs(now - receiver.at) <= LEASE and not is_gone(receiver.owner)


def _leave(session: Session, clock: Clock, owner: str) -> None:
    leases.release(session, clock, RECEIVER, owner)
    receivers.put(session, owner, clock(), left=True)
