"""Catching up: messages that people wrote while no process took the provider's webhooks are fetched from its list.

A gap is worked on by one process at a time, by a lease. First the list is read, page by page, the newest first:
messages that no inbox has are stored, with the place in the list. Then these are taken in, each once, the oldest
first, a few at a time, so that webhooks hardly wait. At last the provider is asked for reports on our own messages that
may have been missed. If a process is interrupted, the next one continues at the stored place.
"""

import asyncio
import logging
from collections.abc import Sequence
from datetime import timedelta

from sqlmodel import Session

from contacts_tui.channels.base import EXPIRED_CURSOR, ChannelError, InboundMessage, Listing, StatusUpdate
from contacts_tui.channels.registry import Adapters
from contacts_tui.domain.clock import Clock
from contacts_tui.domain.gap import Gap, MissedMessage
from contacts_tui.domain.health import Source
from contacts_tui.domain.inbox import Inbox
from contacts_tui.services import gaps as noted
from contacts_tui.services import inbound, inbox_problems, inboxes
from contacts_tui.services.supervision import Worker, count
from contacts_tui.services.workers.heartbeat import is_gone, new_owner
from contacts_tui.store import gaps, leases
from contacts_tui.store.errors import StoreError
from contacts_tui.store.leases import LeaseLost
from contacts_tui.store.store import Store

LEASE = timedelta(seconds=60)
"""How long a gap stays with a process that doesn't renew its lease. It does with every page and every few messages."""
LOOK = 2.0
"""Seconds between two looks for gaps: another process, such as a command, may open one."""
OVERLAP = timedelta(minutes=5)
"""How much earlier than a gap's beginning the list is read: more than a webhook's delay and two clocks' difference."""
SKEW = timedelta(minutes=2)
"""How much later than a gap's end, likewise."""
RIPE = timedelta(seconds=3)
"""How old a message has to be: the webhook of a newer one may be on its way, and says more than the list does."""
BATCH = 10
"""Messages that one transaction takes in: some ten milliseconds, for which a webhook may have to wait."""
FIRST_PAUSE = timedelta(seconds=2)
"""Pause after a request that failed; doubled after each further failure in a row."""
LONGEST_PAUSE = timedelta(minutes=5)
"""The longest pause, unless the provider asks for a longer one."""
REACH = (timedelta(minutes=15), timedelta(hours=24))
"""Shortest and longest time before a gap in which our messages may have left whose reports the gap swallowed; between
these two, it is as long as the gap itself."""

_log = logging.getLogger(__name__)


class CatchUp:
    """One process's work on the gaps of a store."""

    def __init__(self, store: Store, adapters: Adapters) -> None:
        """Work on the gaps of `store`, and ask the providers through `adapters`; the caller closes them."""
        self._store = store
        self._adapters = adapters
        self._owner = new_owner()
        self._tasks: dict[int, asyncio.Task[None]] = {}

    async def run(self, stop: asyncio.Event, noted_here: asyncio.Event) -> None:
        """Close gaps until `stop` is set. Look for them every LOOK seconds, and at once when `noted_here` is set."""
        stopping = asyncio.ensure_future(stop.wait())
        try:
            while not stop.is_set():
                noted_here.clear()
                await self._begin()
                stirring = asyncio.ensure_future(noted_here.wait())
                await asyncio.wait({stopping, stirring}, timeout=LOOK, return_when=asyncio.FIRST_COMPLETED)
                stirring.cancel()
        finally:
            for task in (stopping, *self._tasks.values()):
                task.cancel()
            await asyncio.gather(stopping, *self._tasks.values(), return_exceptions=True)

    async def _begin(self) -> None:
        """Start a task for each inbox with a gap to work on now, so that a slow provider delays no other."""
        self._tasks = {inbox_id: task for inbox_id, task in self._tasks.items() if not task.done()}
        try:
            found = await self._store.read(noted.due)
        except StoreError as error:
            _log.warning("catching up waits for the store: %s", error)
            return
        for gap in found:
            if gap.inbox_id not in self._tasks:
                self._tasks[gap.inbox_id] = asyncio.create_task(self._try(gap))

    async def _try(self, gap: Gap) -> None:
        """Work on a gap. Log and count a failure; one of the next looks tries again."""
        try:
            await self.work_on(gap.id, gap.inbox_id)
        except StoreError as error:
            count(Worker.CATCHING_UP)
            _log.warning("catching up waits for the store: %s", error)
        except Exception:
            count(Worker.CATCHING_UP)
            _log.exception("catching up for inbox %s failed", gap.inbox_id)

    async def work_on(self, gap_id: int, inbox_id: int) -> None:
        """Continue a gap until it is closed, the provider can't be asked, or another process has the lease.

        Raise StoreError.
        """
        try:
            inbox = await self._store.run(_begin, inbox_id, self._owner)
            if inbox is None:
                return
            try:
                while await self._step(inbox, gap_id):
                    pass
            except ChannelError as error:
                _log.warning("%s can't catch up now: %s", inbox.name, error.sentence)
                await self._store.run(_failed, gap_id, inbox_id, error)
            finally:
                await self._store.run(_give_back, inbox_id, self._owner)
        except LeaseLost:
            _log.info("another process catches up for inbox %s", inbox_id)

    async def _step(self, inbox: Inbox, gap_id: int) -> bool:
        """Read one page, or take in a few messages or a few reports. Return False when there is nothing more to do."""
        gap = await self._store.read(noted.get, gap_id)
        if gap is None or gap.closed_at is not None:
            return False
        adapter = self._adapters.get(inbox.provider)
        assert isinstance(adapter, Listing)
        if not gap.is_listed:
            await self._read_page(adapter, inbox, gap)
            return True
        if found := await self._store.read(_oldest_found, inbox.id):
            await self._take_in(adapter, inbox, gap, found)
            return True
        if behind := await self._store.read(_unreported, gap):
            reports = await asyncio.gather(*(adapter.report(inbox, provider_id) for _, provider_id in behind))
            told = [report for report in reports if report is not None]
            await self._store.run(_report, inbox.id, self._owner, gap.id, told, behind[-1][0])
            return True
        if await self._store.run(_close, inbox.id, self._owner, gap):
            _log.info("%s caught up: %d missed messages received", inbox.name, gap.taken)
            return False
        return True

    async def _read_page(self, adapter: Listing, inbox: Inbox, gap: Gap) -> None:
        try:
            found, following = await adapter.received(inbox, gap.since - OVERLAP, gap.until + SKEW, gap.cursor)
        except ChannelError as error:
            if error.code != EXPIRED_CURSOR:
                raise
            await self._store.run(_read_anew, gap.id)
            return
        await self._store.run(_keep, inbox, self._owner, gap, found, following)

    async def _take_in(self, adapter: Listing, inbox: Inbox, gap: Gap, found: Sequence[MissedMessage]) -> None:
        ripe_at = self._store.clock() - RIPE
        ripe = [missed for missed in found if missed.at <= ripe_at]
        if not ripe:
            # The provider's clock may be ahead of ours: that is no reason to wait for long.
            await asyncio.sleep(min(found[0].at - ripe_at, RIPE).total_seconds())
            ripe = list(found[:1])
        events = await asyncio.gather(*(adapter.take(inbox, missed) for missed in ripe))
        await self._store.run(_take_in, inbox, self._owner, gap.id, events)


def _oldest_found(session: Session, clock: Clock, inbox_id: int) -> tuple[MissedMessage, ...]:
    return gaps.oldest_found(session, inbox_id, BATCH)


def _unreported(session: Session, clock: Clock, gap: Gap) -> tuple[tuple[int, str], ...]:
    shortest, longest = REACH
    reach = min(max(gap.until - gap.since, shortest), longest)
    return gaps.unreported(session, gap, gap.since - reach, BATCH)


def lease_of(inbox_id: int) -> str:
    """Return the name of the lease that a process holds while it closes an inbox's gap."""
    return f"catch up {inbox_id}"


def _begin(session: Session, clock: Clock, inbox_id: int, owner: str) -> Inbox | None:
    """Take the lease, also from an ended process on this machine. Return None when held, or disconnected."""
    held = leases.named(session, lease_of(inbox_id))
    if held is not None and held.owner and held.owner != owner and is_gone(held.owner):
        leases.take_away(session, clock, lease_of(inbox_id))
    if leases.take(session, clock, lease_of(inbox_id), owner, LEASE) is None:
        return None
    inbox = inboxes.get(session, clock, inbox_id)
    return inbox if inbox is not None and inbox.is_connected else None


def _renew(session: Session, clock: Clock, inbox_id: int, owner: str) -> None:
    """Renew the lease. Raise LeaseLost when another process has it."""
    leases.renew(session, clock, lease_of(inbox_id), owner, LEASE)


def _give_back(session: Session, clock: Clock, inbox_id: int, owner: str) -> None:
    leases.release(session, clock, lease_of(inbox_id), owner)


def _keep(
    session: Session, clock: Clock, inbox: Inbox, owner: str, gap: Gap, found: Sequence[MissedMessage], following: str
) -> None:
    _renew(session, clock, inbox.id, owner)
    gaps.keep_found(session, gap, found, _siblings(session, clock, inbox), following)
    inbox_problems.worked(session, clock, inbox.id, Source.CATCHING_UP)


def _siblings(session: Session, clock: Clock, inbox: Inbox) -> list[int]:
    """Return the ids of the account's inboxes: a number may have one, and a messaging service that it is in another."""
    return [each.id for each in inboxes.listed(session, clock) if each.account == inbox.account]


def _take_in(
    session: Session, clock: Clock, inbox: Inbox, owner: str, gap_id: int, found: Sequence[InboundMessage]
) -> None:
    """Take messages in as if their webhooks had come, but for those that came meanwhile. Raise LeaseLost."""
    _renew(session, clock, inbox.id, owner)
    keys = [event.event_key for event in found]
    known = gaps.known_among(session, _siblings(session, clock, inbox), keys)
    fresh = [event for event in found if event.event_key not in known]
    if fresh:
        inbound.apply(session, clock, inbox.id, fresh)
    gaps.taken(session, gap_id, inbox.id, keys, len(fresh))


def _report(
    session: Session, clock: Clock, inbox_id: int, owner: str, gap_id: int, told: Sequence[StatusUpdate], up_to: int
) -> None:
    _renew(session, clock, inbox_id, owner)
    if told:
        inbound.apply(session, clock, inbox_id, told)
    gaps.reported(session, gap_id, up_to)


def _close(session: Session, clock: Clock, inbox_id: int, owner: str, gap: Gap) -> bool:
    _renew(session, clock, inbox_id, owner)
    gaps.prune(session, clock() - noted.KEPT_FOR)
    return gaps.close(session, clock, gap)


def _read_anew(session: Session, clock: Clock, gap_id: int) -> None:
    gaps.read_anew(session, gap_id)


def _failed(session: Session, clock: Clock, gap_id: int, inbox_id: int, error: ChannelError) -> None:
    """Note that the provider could not be asked, plan the next try, and report the failure to `inbox_problems`."""
    gap, inbox = gaps.get(session, gap_id), inboxes.get(session, clock, inbox_id)
    if gap is None or inbox is None:
        return
    pause = min(FIRST_PAUSE * 2 ** min(gap.tries, 10), LONGEST_PAUSE)
    code = inbox_problems.code_of_receiving(inbox.provider, error.code)
    gaps.failed(session, clock, gap_id, code, max(pause, error.retry_after or pause))
    inbox_problems.failed(session, clock, inbox_id, Source.CATCHING_UP, code)
