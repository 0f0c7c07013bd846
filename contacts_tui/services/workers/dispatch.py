"""Dispatching one claimed message to its provider, and looking for evidence of one.

Right before a message's request leaves, and not earlier, the store is asked again whether this outbox may still send
it, and whether the person still wants it. Messages that leave at the same time share one query.
"""

import asyncio
import logging
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from sqlmodel import Session

from contacts_tui.channels import local_errors
from contacts_tui.channels.base import Accepted, ChannelError, NotSent, OutcomeUnknown, Outgoing
from contacts_tui.channels.fence import Fence, Held
from contacts_tui.channels.registry import Adapters
from contacts_tui.channels.timeouts import SLOWEST_LINE
from contacts_tui.domain.clock import Clock
from contacts_tui.domain.inbox import Inbox
from contacts_tui.domain.message import Attempt
from contacts_tui.services import delivery
from contacts_tui.store.errors import StoreError
from contacts_tui.store.standings import Standing
from contacts_tui.store.store import Store

SEND_LIMIT = timedelta(seconds=45)
"""Longest time for one attempt, above the adapter's own time-outs. An attempt with files gets extra time for these."""
FRESH: Final = 2.0
"""Seconds for which an answer of the store holds. Far less than a lease lasts, so that no other process can have taken
over the message in between. A program that stood still for longer asks again."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Job:
    """A claimed message with all that its adapter needs."""

    message_id: int
    inbox: Inbox
    attempt: Attempt
    outgoing: Outgoing
    reconciles: bool
    """Whether to look for evidence of the message, and not to send it."""
    standing: Standing
    """What decided that the person may be written to, when the message was claimed."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """The result of a job."""

    message_id: int
    attempt: Attempt
    result: delivery.Result


Reason = delivery.Withheld | NotSent
"""Why a message must not leave: by a rule of ours, or because it isn't ours to send (any more)."""
AskWhatIsHeld = Callable[[Session, Clock, str, Sequence[Job]], Mapping[int, Reason]]
"""Returns which of an owner's messages must not leave, and why."""


class Stopwatch:
    """The time since its start, right also when the process was stopped, or its machine slept, meanwhile."""

    def __init__(self) -> None:
        self._started = _clocks()

    @property
    def elapsed(self) -> float:
        """Seconds, by the clock that moved most. A clock that was set back or forward counts as time that passed."""
        return max(abs(now - then) for now, then in zip(_clocks(), self._started, strict=True))


def _clocks() -> tuple[float, ...]:
    # Linux's monotonic clock stands still while the machine sleeps; macOS has no CLOCK_BOOTTIME.

    boot = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)
    return time.monotonic(), time.clock_gettime(boot), time.time()


class Gate:
    """The check whether messages of one outbox may leave, made right before their requests."""

    def __init__(self, store: Store, owner: str, ask: AskWhatIsHeld) -> None:
        """Check messages on which `owner` has the leases, by asking `ask`."""
        self._store = store
        self._owner = owner
        self._ask = ask
        self._waiting: list[tuple[Job, asyncio.Future[Reason | None]]] = []
        self._asking: asyncio.Task[None] | None = None

    async def reason(self, job: Job) -> Reason | None:
        """Return why a message must not leave, or None when it may leave now: the answer is never older than FRESH."""
        while True:
            asked = Stopwatch()
            reason = await self._answer(job)
            if reason is not None or asked.elapsed <= FRESH:
                return reason

    async def _answer(self, job: Job) -> Reason | None:
        answer: asyncio.Future[Reason | None] = asyncio.get_running_loop().create_future()
        self._waiting.append((job, answer))
        if self._asking is None:
            self._asking = asyncio.create_task(self._ask_for_all())
        return await answer

    async def _ask_for_all(self) -> None:
        """Answer all messages that wait by one query. Messages that come while it runs share the next one."""
        while self._waiting:
            asked, self._waiting = self._waiting, []
            try:
                held = await self._store.read(self._ask, self._owner, [job for job, _ in asked])
            except Exception as error:
                if not isinstance(error, StoreError):
                    _log.exception("the store could not be asked whether %d messages may be sent", len(asked))
                held = {job.message_id: NotSent(local_errors.STORE, str(error)) for job, _ in asked}
            for job, answer in asked:
                if not answer.done():
                    answer.set_result(held.get(job.message_id))
        self._asking = None


def send_limit(outgoing: Outgoing) -> timedelta:
    """Return the longest time for one attempt to send a message."""
    return SEND_LIMIT + timedelta(seconds=outgoing.file_bytes / SLOWEST_LINE)


async def dispatch(adapters: Adapters, job: Job, gate: Gate) -> Outcome:
    """Make one job's request and return its outcome, which is not stored yet.

    Raise nothing but CancelledError, when cancelled after the request began to leave: its outcome is unknown then.
    """
    held: Reason | None = None

    async def ask() -> None:
        nonlocal held
        held = await gate.reason(job)
        if held is not None:
            raise Held(held.detail)

    fence = Fence(ask)
    result: delivery.Result
    limit = send_limit(job.outgoing).total_seconds()
    try:
        async with asyncio.timeout(limit):
            result = await adapters.get(job.inbox.provider).send(job.inbox, job.outgoing, fence)
    except TimeoutError:
        result = OutcomeUnknown(local_errors.TIMEOUT, f"no answer within {limit:.0f} s")
    except asyncio.CancelledError:
        if fence.is_passed:
            raise
        result = NotSent(local_errors.NOT_BEGUN, "the program ended before it was sent")
    except Exception as error:
        _log.exception("message %s: an error while it was dispatched", job.message_id)
        result = OutcomeUnknown(local_errors.UNREADABLE, type(error).__name__)
    if held is not None:
        result = held
    elif not fence.is_passed and isinstance(result, OutcomeUnknown):
        result = NotSent(local_errors.NOT_BEGUN, result.detail)
    return Outcome(job.message_id, job.attempt, result)


async def look_for(adapters: Adapters, job: Job) -> Outcome:
    """Look once for evidence of a message of unknown outcome, and return the result, which is not stored yet."""
    found: Accepted | None = None
    if job.attempt.provider != job.inbox.provider:
        # The inbox was connected again through another provider, who doesn't know this message.
        return Outcome(job.message_id, job.attempt, delivery.NothingFound())
    try:
        async with asyncio.timeout(SEND_LIMIT.total_seconds()):
            found = await adapters.get(job.inbox.provider).find(job.inbox, job.outgoing, job.attempt.started_at)
    except (ChannelError, TimeoutError) as error:
        _log.info("no evidence for message %s yet: %s", job.message_id, error)
    except Exception:
        _log.exception("message %s: an error while evidence of it was checked", job.message_id)
    return Outcome(job.message_id, job.attempt, delivery.Found(found) if found else delivery.NothingFound())
