"""Receiving from providers that have to be polled: one process at a time polls for each inbox, by a lease in the store.

A request with a cursor acknowledges everything before it. So messages are committed together with the next cursor,
and only then is that used: a program that dies in between asks again for messages that it has already, and nothing is
stored twice.

The poller belongs to a process, as the outbox does. It also announces our webhook to the providers of inboxes that
receive by webhook, under the same lease: only one process at a time sets up a bot at its provider. Right before each
such request it checks that it still holds the lease, because the process may have stood still since it took it.
"""

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Sequence
from typing import TypeVar

from sqlmodel import Session

from contacts_tui.channels import connectors, local_errors
from contacts_tui.channels.base import ChannelError, Event, Polling
from contacts_tui.channels.fence import Fence, Held
from contacts_tui.channels.registry import Adapters
from contacts_tui.domain.change import ChangeKind
from contacts_tui.domain.clock import Clock
from contacts_tui.domain.health import Source
from contacts_tui.domain.inbox import Inbox
from contacts_tui.services import counts, gaps, inbound, inbox_problems, inboxes
from contacts_tui.services.inboxes import polling_lease
from contacts_tui.services.supervision import Worker, count, wait_at_most
from contacts_tui.services.workers import heartbeat
from contacts_tui.services.workers.dispatch import FRESH, Stopwatch
from contacts_tui.store import inboxes as rows
from contacts_tui.store import leases
from contacts_tui.store.errors import StoreError
from contacts_tui.store.leases import LeaseLost
from contacts_tui.store.store import Store

LEASE = heartbeat.LEASE
"""How long a process that doesn't renew its lease keeps an inbox. Leases are renewed three times as often."""
FIRST_PAUSE = 1.0
"""Seconds of pause after a request that failed; doubled after each further failure in a row."""
LONGEST_PAUSE = 60.0
"""Seconds of the longest pause, unless the provider asks for a longer one."""
PATIENCE = 3
"""Failures of the connection in a row before an agent is told: one broken long poll is harmless. A pause as long as
LONGEST_PAUSE is told at once."""
TOKEN_CHECK = 300.0
"""Seconds until the token of an inbox that receives by webhook is read again: nothing reports when it is replaced
at its place, and the provider would keep using the secret made from the old one."""
ANSWERED_EVERY = 60.0
"""Seconds between two notes that a provider answers."""

_RENEWAL = LEASE.total_seconds() / 3
_STIRRING = (ChangeKind.INBOX, ChangeKind.SETTING, ChangeKind.EVERYTHING)

_log = logging.getLogger(__name__)

T = TypeVar("T")


class _NotPolled(Exception):
    """The inbox receives by webhook now, or not at all."""


def is_polled(session: Session, clock: Clock, inbox_id: int) -> bool:
    """Return whether the provider is to be polled for the inbox's messages."""
    inbox = rows.get(session, inbox_id)
    return inbox is not None and inbox.is_connected and inbox.is_polled


def begin(session: Session, clock: Clock, inbox_id: int, owner: str) -> str | None:
    """Take the lease on an inbox. Return its last holder's cursor, or None while another process has the lease.

    Return None as well for an inbox that was disconnected meanwhile.
    """
    inbox = rows.get(session, inbox_id)
    if inbox is not None and not inbox.is_connected:
        return None
    return leases.take(session, clock, polling_lease(inbox_id), owner, LEASE)


def renew(session: Session, clock: Clock, inbox_id: int, owner: str) -> None:
    """Renew the lease. Raise LeaseLost when another process has it."""
    leases.renew(session, clock, polling_lease(inbox_id), owner, LEASE)


def holds(session: Session, clock: Clock, inbox_id: int, owner: str) -> bool:
    """Return whether this process still has the lease, and the inbox is still connected."""
    inbox = rows.get(session, inbox_id)
    is_connected = inbox is not None and inbox.is_connected
    return is_connected and leases.is_held_by(session, clock, polling_lease(inbox_id), owner, LEASE)


def take_in(session: Session, clock: Clock, inbox_id: int, owner: str, found: Sequence[Event], cursor: str) -> None:
    """Store events and the cursor after them, in one transaction. Raise LeaseLost; nothing is stored then."""
    renew(session, clock, inbox_id, owner)
    inbound.apply(session, clock, inbox_id, found)
    leases.move(session, polling_lease(inbox_id), cursor)


def give_back(session: Session, clock: Clock, inbox_id: int, owner: str) -> None:
    """Release the lease, so that another process can take the inbox at once."""
    leases.release(session, clock, polling_lease(inbox_id), owner)


class Poller:
    """One process's receiving for the inboxes of a store that are polled, or need their webhook announced."""

    def __init__(self, store: Store, adapters: Adapters, token_check: float = TOKEN_CHECK) -> None:
        """Poll by `adapters`, which the caller closes. `token_check` is in seconds."""
        self._store = store
        self._adapters = adapters
        self._token_check = token_check
        self._owner = heartbeat.new_owner()
        self._ears: dict[int, _Ear] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    async def run(self, stop: asyncio.Event) -> None:
        """Receive until `stop` is set, then release the inboxes to other processes at once."""
        looking, stopping = asyncio.create_task(self._look()), asyncio.create_task(stop.wait())
        try:
            await asyncio.wait({looking, stopping}, return_when=asyncio.FIRST_COMPLETED)
            if looking.done():
                looking.result()
        finally:
            for task in (looking, stopping, *self._tasks):
                task.cancel()
            await asyncio.gather(looking, stopping, *self._tasks, return_exceptions=True)

    async def _look(self) -> None:
        """Start receiving for every inbox, and wake all receivers when an inbox or a setting has changed."""
        changes = self._store.follow()
        await self._add_ears()
        async for batch in changes:
            if any(change.kind in _STIRRING for change in batch):
                await self._add_ears()
                for ear in self._ears.values():
                    ear.stirred.set()

    async def _add_ears(self) -> None:
        try:
            found = await self._store.read(inboxes.listed)
        except StoreError as error:
            # The next change looks again.
            _log.warning("new inboxes don't receive yet: %s", error)
            return
        for inbox in found:
            if not connectors.understands(inbox):
                continue
            adapter = self._adapters.get(inbox.provider)
            if inbox.id not in self._ears and isinstance(adapter, Polling):
                ear = self._ears[inbox.id] = _Ear(self._store, adapter, inbox, self._owner, self._token_check)
                task = asyncio.create_task(ear.run())
                self._tasks.add(task)


class _Ear:
    """The receiving for one inbox."""

    def __init__(self, store: Store, adapter: Polling, inbox: Inbox, owner: str, token_check: float) -> None:
        self.stirred = asyncio.Event()
        """Set when the inbox may have changed."""
        self._store = store
        self._adapter = adapter
        self._inbox = inbox
        self._owner = owner
        self._token_check = token_check
        self._announced: tuple[str, str, str] | None = None
        """The webhook's URL and secret that the provider accepted, and that provider's base URL."""
        self._noted_at: float | None = None
        """When an answer of the provider was last noted, by the event loop's clock."""

    async def run(self) -> None:
        """Receive until cancelled. After any failure, try again after a pause."""
        failures = 0
        try:
            while True:
                try:
                    await self._once()
                    failures = 0
                except _NotPolled:
                    await self._give_back()
                except LeaseLost:
                    _log.info("another process receives for %s now", self._inbox.name)
                except Exception as error:
                    failures += 1
                    counts.polls["failed"] += 1
                    count(Worker.POLLING)
                    try:
                        await self._complain(error, failures)
                        # Another process may have what is missing here: a credential, a connection.
                        await self._give_back()
                    except Exception:
                        _log.exception("the problem of %s can't be stored", self._inbox.name)
                    await asyncio.sleep(_pause(error, failures))
        finally:
            await self._give_back()

    async def _once(self) -> None:
        """Poll once, or announce the webhook; wait while the inbox is disconnected or another process has it."""
        self.stirred.clear()
        inbox = await self._store.read(inboxes.get, self._inbox.id)
        if inbox is None or not inbox.is_connected or not connectors.understands(inbox):
            self._announced = None
            await self.stirred.wait()
        elif not inbox.is_polled:
            pause = self._token_check if await self._announce(inbox) else _RENEWAL
            await wait_at_most(pause, self.stirred)
        else:
            # Polling removes the webhook, so it has to be announced again later, also by a process that only waits.
            self._announced = None
            begun = Stopwatch()
            cursor = await self._store.run(begin, inbox.id, self._owner)
            if cursor is None:
                await asyncio.sleep(_RENEWAL)
                return
            fence = self._fence(begun)
            found, following = await self._kept(self._adapter.updates(inbox, cursor, fence), polls=True)
            counts.polls["answered"] += 1
            await self._note_answer()
            if found or following != cursor:
                await self._store.run(take_in, inbox.id, self._owner, found, following)
            await self._relieve()

    def _fence(self, begun: Stopwatch) -> Fence:
        """Return a fence for requests that only the lease's holder may make. `begun` runs since it took the lease."""

        async def ask() -> None:
            since = begun
            while since.elapsed > FRESH:
                since = Stopwatch()
                if not await self._store.read(holds, self._inbox.id, self._owner):
                    raise Held("another process has the inbox now")

        return Fence(ask)

    async def _kept(self, question: Awaitable[T], *, polls: bool = False) -> T:
        """Return the provider's answer, and renew the lease while waiting for it. Raise LeaseLost.

        With `polls`, raise _NotPolled when the inbox isn't polled any more.
        """
        asking, stirring = asyncio.ensure_future(question), asyncio.ensure_future(self.stirred.wait())
        try:
            while True:
                await asyncio.wait({asking, stirring}, timeout=_RENEWAL, return_when=asyncio.FIRST_COMPLETED)
                if asking.done() and asking.exception() is None:
                    return asking.result()
                # After a failure, too: another process that has the lease now makes the provider end our request.
                await self._store.run(renew, self._inbox.id, self._owner)
                if asking.done():
                    return asking.result()
                if stirring.done():
                    self.stirred.clear()
                    stirring = asyncio.ensure_future(self.stirred.wait())
                    if polls and not await self._store.read(is_polled, self._inbox.id):
                        raise _NotPolled
        finally:
            for task in (asking, stirring):
                task.cancel()
            await asyncio.gather(asking, stirring, return_exceptions=True)

    async def _note_answer(self) -> None:
        """Store, to the minute, when the provider last answered: after a long time without, messages are lost."""
        now = asyncio.get_running_loop().time()
        if self._noted_at is None or now - self._noted_at >= ANSWERED_EVERY:
            await self._store.run(gaps.provider_answered, self._inbox.id)
            self._noted_at = now

    async def _announce(self, inbox: Inbox) -> bool:
        """Announce our webhook to the provider, unless it accepted the same before and the inbox has no problem.

        Return False when another process has the inbox just now.
        """
        url, _ = await self._store.read(inboxes.webhooks, inbox.id)
        if not url:
            raise ChannelError("No public URL is set.", local_errors.NO_PUBLIC_URL)
        announcement = url, await self._adapter.webhook_secret(inbox), inbox.base_url
        if self._announced != announcement or await self._has_problem():
            begun = Stopwatch()
            if await self._store.run(begin, inbox.id, self._owner) is None:
                return False
            await self._kept(self._adapter.use_webhook(inbox, url, self._fence(begun)))
            self._announced = announcement
            await self._give_back()
            await self._relieve()
        return True

    async def _complain(self, error: Exception, failures: int) -> None:
        """Note a failure as a problem of the inbox, when it deserves an agent's attention."""
        if isinstance(error, StoreError):
            _log.warning("%s waits for the store: %s", self._inbox.name, error)
            return
        if not isinstance(error, ChannelError):
            _log.error("%s receives nothing now", self._inbox.name, exc_info=error)
            return
        _log.warning("%s receives nothing now: %s", self._inbox.name, error.sentence)
        code = inbox_problems.code_of_receiving(self._inbox.provider, error.code)
        is_passing = code == local_errors.NOT_RECEIVED
        if is_passing and failures < PATIENCE and _pause(error, failures) < LONGEST_PAUSE:
            return
        with contextlib.suppress(StoreError):
            await self._store.run(inbox_problems.failed, self._inbox.id, Source.RECEIVING, code)

    async def _relieve(self) -> None:
        """End the inbox's problems with receiving, because the provider answers."""
        if await self._has_problem():
            await self._store.run(inbox_problems.worked, self._inbox.id, Source.RECEIVING)

    async def _has_problem(self) -> bool:
        return await self._store.read(inbox_problems.has_problem, self._inbox.id, Source.RECEIVING)

    async def _give_back(self) -> None:
        with contextlib.suppress(StoreError):
            await self._store.run(give_back, self._inbox.id, self._owner)


def _pause(error: Exception, failures: int) -> float:
    """Return the seconds until the provider is asked again, after this many failures in a row."""
    usual: float = min(FIRST_PAUSE * 2 ** min(failures - 1, 10), LONGEST_PAUSE)
    named = error.retry_after if isinstance(error, ChannelError) else None
    return usual if named is None else max(usual, named.total_seconds())
