"""The outbox: takes stored messages, dispatches them to their providers, and reconciles those of unknown outcome.

It belongs to a process, never to a screen. Any number of them may work on one store: no outbox takes a message on which
another has a lease. A lease that ran out shows that its holder died, perhaps while the provider took the message.
"""

import asyncio
import contextlib
import logging
from collections import Counter
from collections.abc import Collection, Coroutine, Iterable, Mapping, Sequence
from datetime import timedelta
from typing import Any

from sqlmodel import Session

from contacts_tui.channels import connectors, local_errors
from contacts_tui.channels.base import MESSAGE_PARAMETER, NotSent, Outgoing, WebhookKind, webhook_url
from contacts_tui.channels.registry import Adapters
from contacts_tui.domain.change import ChangeKind
from contacts_tui.domain.clock import Clock, utc_now
from contacts_tui.domain.delivery import Delivery
from contacts_tui.domain.message import Attempt, Message
from contacts_tui.domain.unknown_values import is_known
from contacts_tui.services import delivery, inboxes, media
from contacts_tui.services.errors import ServiceError
from contacts_tui.services.supervision import Tell, Worker, count
from contacts_tui.services.workers import withholding
from contacts_tui.services.workers.dispatch import Gate, Job, Outcome, dispatch, look_for
from contacts_tui.services.workers.heartbeat import new_owner
from contacts_tui.store import attempts, messages, outbox, pairs, standings
from contacts_tui.store.errors import Contradiction, StoreError
from contacts_tui.store.pairs import Pair
from contacts_tui.store.store import Store

LEASE = outbox.LEASE
AT_ONCE = 16
"""Messages dispatched at the same time."""
IDLE_CHECK = timedelta(seconds=5)
"""Longest sleep, so that work whose holder died is found soon."""
SHUTDOWN_WAIT = timedelta(seconds=3)
"""How long a closing program waits for answers to what it has just sent. The next start reconciles the rest."""

_OF_ONE_MESSAGE = (
    ServiceError,
    ArithmeticError,
    AssertionError,
    AttributeError,
    LookupError,
    OSError,
    TypeError,
    ValueError,
)
"""Errors that may concern one message alone; none of the store's own errors, which concern all."""

_log = logging.getLogger(__name__)


def take(
    session: Session,
    clock: Clock,
    owner: str,
    limit: int,
    held: Mapping[int, int] | None = None,
    busy: Collection[int] = (),
) -> tuple[Job, ...]:
    """Claim what is due, and open an attempt for each message that is to be sent now.

    `held` is how many messages of each inbox are under way here, `busy` which messages. The rules are checked again: a
    message queued before a STOP or before its window closed is not sent after it.
    """
    jobs = []
    claimed = outbox.claim(session, clock, connectors.limits(), owner, limit, held or {}, busy)
    if not claimed:
        return ()
    ids = [work.message_id for work in claimed]
    found = {message.id: message for message in messages.by_ids(session, ids)}
    last = attempts.last_of(session, ids)
    between = pairs.of_conversations(session, [message.conversation_id for message in found.values()])
    public_url = inboxes.public_url(session, clock)
    for work in claimed:
        message, attempt = found[work.message_id], last.get(work.message_id)
        pair = between[message.conversation_id]
        if message.status is None or not is_known(message.status):
            # A newer program wrote this status, and knows what to do with it.
            outbox.postpone(session, message.id, clock() + delivery.LONGEST_WAIT)
            continue
        reconciles = work.task is outbox.Task.RECONCILE
        if reconciles:
            assert attempt is not None
        elif attempt is not None and message.status is not Delivery.QUEUED:
            # Its sender died while sending. Whether it was sent is unknown, so sending it again would be a guess.
            detail = "the program ended before the provider's answer was stored"
            delivery.still_unknown(session, clock, message.id, attempt, local_errors.INTERRUPTED, detail)
            continue
        else:
            attempt = attempts.begin_after(session, clock, message, attempt, pair.inbox.provider)
        try:
            if not reconciles:
                message = withholding.untagged(session, clock, message, pair)
                if (reason := withholding.withheld(session, clock, message, pair)) is not None:
                    delivery.record(session, clock, message.id, attempt, reason)
                    continue
                messages.set_status(session, clock, message.id, Delivery.SENDING)
            outgoing = _outgoing(session, clock, message, pair, attempt, public_url)
        except _OF_ONE_MESSAGE as error:
            # Nothing of this message has left, and it must not hold up the others.
            _log.exception("message %s can't be put together", message.id)
            unbegun = delivery.NothingFound() if reconciles else NotSent(local_errors.NOT_BEGUN, type(error).__name__)
            delivery.record(session, clock, message.id, attempt, unbegun)
            continue
        jobs.append(Job(message.id, pair.inbox, attempt, outgoing, reconciles, standings.Standing.of(pair)))
    return tuple(jobs)


def _outgoing(
    session: Session, clock: Clock, message: Message, pair: Pair, attempt: Attempt, public_url: str
) -> Outgoing:
    reference = delivery.reference(message, attempt)
    callback = f"{webhook_url(public_url, pair.inbox.id, WebhookKind.STATUS)}?{MESSAGE_PARAMETER}={reference}"
    return Outgoing(
        uid=reference,
        channel=message.channel,
        to=pair.identity.address,
        body=message.body,
        template=message.template,
        files=media.outgoing(session, clock, message, public_url),
        status_callback=callback if public_url else "",
        human_agent=message.human_agent,
    )


def record(session: Session, clock: Clock, outcomes: Sequence[Outcome]) -> None:
    """Store the outcomes of several jobs, in one transaction."""
    for outcome in outcomes:
        delivery.record(session, clock, outcome.message_id, outcome.attempt, outcome.result)


def record_and_take(
    session: Session,
    clock: Clock,
    outcomes: Sequence[Outcome],
    owner: str,
    limit: int,
    held: Mapping[int, int],
    busy: Collection[int],
) -> tuple[Job, ...]:
    """Store the outcomes of jobs and take the next jobs, in one transaction."""
    record(session, clock, outcomes)
    return take(session, clock, owner, limit, held, busy)


def _pause(session: Session, clock: Clock, busy: Collection[int]) -> float:
    """Return the seconds until there may be something to take; 0 when there is now."""
    if outbox.is_due(session, clock, connectors.limits(), busy):
        return 0.0
    due = outbox.next_due(session, clock)
    wait = IDLE_CHECK if due is None else min(due - clock(), IDLE_CHECK)
    # Times are stored to the microsecond, and a timer may fire a little early.
    return max(wait.total_seconds(), 0.001)


def _renew(session: Session, clock: Clock, owner: str, message_ids: Iterable[int]) -> None:
    outbox.renew(session, clock, owner, message_ids)


class Outbox:
    """One process's worker on the outbox of a store."""

    def __init__(self, store: Store, adapters: Adapters, clock: Clock = utc_now, tell: Tell = lambda _: None) -> None:
        """Dispatch by `adapters`, which the caller closes. `tell` gets a sentence when a round fails."""
        self._store = store
        self._adapters = adapters
        self._clock = clock
        self._owner = new_owner()
        self._gate = Gate(store, self._owner, withholding.held_back)
        self._jobs: dict[asyncio.Task[Outcome], Job] = {}
        self._outcomes: list[Outcome] = []
        """Outcomes of jobs that aren't stored yet."""
        self._wake = asyncio.Event()
        self._tell = tell
        self._has_failed = False
        """Whether `tell` was told that rounds fail; False again once one succeeds."""

    async def run(self, stop: asyncio.Event) -> None:
        """Work until `stop` is set, then wait for the last answers, at most SHUTDOWN_WAIT."""
        helpers = [asyncio.create_task(self._listen()), asyncio.create_task(self._keep_leases())]
        stopping = asyncio.create_task(stop.wait())
        try:
            while not stop.is_set():
                self._wake.clear()
                pause = await self._work()
                if pause:
                    waking = asyncio.create_task(self._wake.wait())
                    await asyncio.wait({stopping, waking, *helpers}, timeout=pause, return_when=asyncio.FIRST_COMPLETED)
                    waking.cancel()
                for helper in helpers:
                    if helper.done():
                        # Without the helpers new messages would wait, and leases would run out while jobs run.
                        helper.result()
                        return
            if self._jobs:
                await asyncio.wait(self._jobs, timeout=SHUTDOWN_WAIT.total_seconds())
                await self._give_up()
            with contextlib.suppress(StoreError):  # Then they are reconciled at the next start.
                await self._store_outcomes(0)
        finally:
            for task in (*helpers, stopping, *self._jobs):
                task.cancel()
            await asyncio.gather(*helpers, stopping, *self._jobs, return_exceptions=True)

    async def _give_up(self) -> None:
        """Cancel the jobs that still run. A job whose request has not begun to leave ends as not sent."""
        running = tuple(self._jobs)
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)
        # The callbacks of the ended jobs store their outcomes here in the loop's next round.
        await asyncio.sleep(0)

    async def _work(self) -> float:
        """Store the outcomes and start what is due. Return the seconds until there may be more."""
        free = AT_ONCE - len(self._jobs)
        wait = IDLE_CHECK.total_seconds()
        try:
            # Only looking doesn't lock the store. It isn't needed where outcomes have to be stored anyway.
            if free and not self._outcomes:
                wait = await self._store.read(_pause, self._busy())
            if self._outcomes or not wait:
                jobs = await self._store_outcomes(free) if self._outcomes else await self._take(free)
                self._start(jobs)
                # With every place taken, there is nothing to do until a job ends.
                wait = IDLE_CHECK.total_seconds() if len(jobs) == free else 0.0
        except StoreError as error:
            _log.warning("the outbox waits for the store: %s", error)
            return 1.0
        except Exception as error:
            _log.exception("the outbox hit an error, and goes on")
            count(Worker.OUTBOX)
            if not self._has_failed:
                self._tell(
                    f"{Worker.OUTBOX.value} failed and tries again: {type(error).__name__}. The log has the details."
                )
            self._has_failed = True
            return IDLE_CHECK.total_seconds()
        self._has_failed = False
        return 0.0 if self._outcomes else wait

    def _start(self, jobs: Sequence[Job]) -> None:
        for job in jobs:
            work = look_for(self._adapters, job) if job.reconciles else dispatch(self._adapters, job, self._gate)
            self._keep(job, work)

    def _keep(self, job: Job, work: Coroutine[Any, Any, Outcome]) -> None:
        task = asyncio.create_task(work)
        self._jobs[task] = job
        task.add_done_callback(self._finished)

    def _held(self) -> Counter[int]:
        """Return how many messages of each inbox are under way here, by the inbox's id."""
        return Counter(job.inbox.id for job in self._jobs.values())

    def _busy(self) -> tuple[int, ...]:
        """Return the ids of the messages that are under way here."""
        return tuple(job.message_id for job in self._jobs.values())

    async def _take(self, limit: int) -> tuple[Job, ...]:
        return await self._store.run(take, self._owner, limit, self._held(), self._busy())

    async def _store_outcomes(self, limit: int) -> tuple[Job, ...]:
        """Store the outcomes and take up to `limit` jobs that are due, in one transaction.

        When the store fails, the outcomes are kept, to be stored later.
        """
        outcomes, self._outcomes = self._outcomes, []
        if not outcomes:
            return ()
        try:
            return await self._store.run(record_and_take, outcomes, self._owner, limit, self._held(), self._busy())
        except Contradiction as error:
            _log.error("the outcomes of %d messages can't be stored together: %s", len(outcomes), error)
            await self._record_singly(outcomes)
        except StoreError:
            self._outcomes = outcomes + self._outcomes
            raise
        except Exception:
            _log.exception("the outcomes of %d messages can't be stored together", len(outcomes))
            await self._record_singly(outcomes)
        return ()

    async def _record_singly(self, outcomes: list[Outcome]) -> None:
        """Store each outcome by itself. One that can't be stored is dropped: its lease runs out, and it is unknown."""
        for outcome in outcomes:
            try:
                await self._store.run(delivery.record, outcome.message_id, outcome.attempt, outcome.result)
            except Contradiction as error:
                _log.error("the outcome of message %s can't be stored: %s", outcome.message_id, error)
            except StoreError:
                self._outcomes.append(outcome)
            except Exception:
                _log.exception("the outcome of message %s can't be stored", outcome.message_id)

    def _finished(self, task: asyncio.Task[Outcome]) -> None:
        job = self._jobs.pop(task)
        if not task.cancelled():
            if (error := task.exception()) is None:
                self._outcomes.append(task.result())
            else:
                _log.error("message %s: the job failed, its lease will run out", job.message_id, exc_info=error)
        self._wake.set()

    async def _listen(self) -> None:
        """Wake the outbox when a message was written or its status changed."""
        async for batch in self._store.follow():
            if any(change.kind in (ChangeKind.MESSAGE, ChangeKind.STATUS, ChangeKind.EVERYTHING) for change in batch):
                self._wake.set()

    async def _keep_leases(self) -> None:
        while True:
            await asyncio.sleep(LEASE.total_seconds() / 3)
            # Messages whose job failed, or whose outcome can't be stored, keep no lease.
            held = {job.message_id for job in self._jobs.values()} | {end.message_id for end in self._outcomes}
            if held:
                try:
                    await self._store.run(_renew, self._owner, held)
                except Exception as error:
                    _log.warning("the leases of %d messages could not be renewed: %s", len(held), error)
