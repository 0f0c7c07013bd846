"""Who is at work on a store: a process's name for its leases, and the receiver's sign that it is there.

What came in while a receiver gave its signs is proven to be stored, or noted as refused. Every longer pause between two
signs is a gap.
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
"""How long a receiver that says nothing counts as being there. It tells three times as often."""
RECEIVER = "receive"
"""The lease of a process that takes webhooks. Several may: one of them has it."""

CALM = 0.2
"""Seconds between two signs that webhooks make us give: a thousand refusals at once are told by a few."""

_log = logging.getLogger(__name__)
_names: set[str] = set()
"""The names that this process goes by."""


def new_owner() -> str:
    """A name for a holder of leases, unlike any other: host, process id, and something by chance."""
    name = f"{socket.gethostname()}/{os.getpid()}/{uuid.uuid4().hex[:8]}"
    _names.add(name)
    return name


def process_of(owner: str) -> str:
    """The host and the process id of a lease's holder."""
    return "/".join(owner.split("/")[:2])


def is_gone(owner: str) -> bool:
    """Whether a holder of leases is known to have ended. Only of processes on this machine that can be known."""
    host, _, rest = owner.partition("/")
    process = rest.partition("/")[0]
    if host != socket.gethostname() or not process.isdecimal():
        return False
    if int(process) == os.getpid():
        # A container's first process has the same number after each restart.
        return owner not in _names
    try:
        os.kill(int(process), 0)
    except ProcessLookupError:
        return True
    except (OSError, OverflowError):
        return False
    return False


class Attendance:
    """One receiver's signs that it is there, and what it could not take."""

    def __init__(self, store: Store) -> None:
        self.noted = asyncio.Event()
        """Set when a gap was noted in the store."""
        self._store = store
        self._owner = new_owner()
        self._refused: dict[int, gaps.Span] = {}
        self._stirred = asyncio.Event()

    def refuse(self, inbox_id: int, began: datetime, ended: datetime) -> None:
        """A webhook of an inbox was answered with an error, or not at all."""
        first, last = self._refused.get(inbox_id, (began, ended))
        self._refused[inbox_id] = min(first, began), max(last, ended)
        self._stirred.set()

    async def run(self, stop: asyncio.Event) -> None:
        """Tells the store that webhooks are taken here, until `stop` is set."""
        stopping = asyncio.ensure_future(stop.wait())
        try:
            while not stop.is_set():
                is_told = await self._tell()
                if is_told:
                    self._stirred.clear()
                # What could not be told is told with the next sign: the store is in trouble.
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
    """A receiver gives a sign. Notes what may have been missed before it; returns whether there is such a thing."""
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
    """Whether its signs go on. The clock may have been put back."""
    return not receiver.left and abs(now - receiver.at) <= LEASE and not is_gone(receiver.owner)


def _leave(session: Session, clock: Clock, owner: str) -> None:
    leases.release(session, clock, RECEIVER, owner)
    receivers.put(session, owner, clock(), left=True)
