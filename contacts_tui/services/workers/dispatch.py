"""Handing one claimed message to its provider, and looking for evidence of one.

Right before its request leaves, and not earlier, each message is asked about once more: whether it is still this
outbox's to send, and whether the person still wants it. Those that leave at the same time share one query.
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
"""Longest time for one try, over the adapter's own time-outs. A try that carries files gets what these take besides."""
FRESH: Final = 2.0
"""Seconds for which an answer of the store holds. Far less than a lease lasts, so that nobody can have taken over what
was ours that shortly before. A program that stood still for longer asks again."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Job:
    """A claimed message with all that its adapter needs."""

    message_id: int
    inbox: Inbox
    attempt: Attempt
    outgoing: Outgoing
    reconciles: bool
    """To look for evidence of it, not to send it."""
    standing: Standing
    """How the person stood to us when it was claimed."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a job."""

    message_id: int
    attempt: Attempt
    result: delivery.Result


Reason = delivery.Withheld | NotSent
"""Why a message must not leave: by a rule of ours, or because it isn't ours to send (any more)."""
AskWhatIsHeld = Callable[[Session, Clock, str, Sequence[Job]], Mapping[int, Reason]]
"""Which of an owner's messages must not leave, and why."""


class Stopwatch:
    """Tells how long ago it was started, also to a program that was stopped, or whose machine slept, meanwhile."""

    def __init__(self) -> None:
        self._started = _clocks()

    @property
    def elapsed(self) -> float:
        """Seconds, by the clock that moved most. One that was set back or forward counts as time that passed."""
        return max(abs(now - then) for now, then in zip(_clocks(), self._started, strict=True))


def _clocks() -> tuple[float, ...]:
    # The monotonic clock of Linux stands still while the machine sleeps, and macOS has no other.
    boot = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)
    return time.monotonic(), time.clock_gettime(boot), time.time()


class Gate:
    """What asks for the messages of one outbox, right before their requests, whether they may leave."""

    def __init__(self, store: Store, owner: str, ask: AskWhatIsHeld) -> None:
        """`owner` is whose leases are meant."""
        self._store = store
        self._owner = owner
        self._ask = ask
        self._waiting: list[tuple[Job, asyncio.Future[Reason | None]]] = []
        self._asking: asyncio.Task[None] | None = None

    async def reason(self, job: Job) -> Reason | None:
        """Why a message must not leave now; None when it may, at once: the answer is never older than FRESH."""
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
        """One query for all that wait when it begins. Those that come while it runs are the next."""
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
    """Longest time for one try of a message."""
    return SEND_LIMIT + timedelta(seconds=outgoing.file_bytes / SLOWEST_LINE)


async def dispatch(adapters: Adapters, job: Job, gate: Gate) -> Outcome:
    """One job's request, and what it came to; nothing of that is stored yet.

    Never raises but when it is cancelled after the request began to leave: then nobody knows what came of it.
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
    """One look for evidence of a message whose outcome is unknown; nothing of that is stored yet."""
    found: Accepted | None = None
    if job.attempt.provider != job.inbox.provider:
        # The inbox was connected anew through another provider, who knows nothing of it.
        return Outcome(job.message_id, job.attempt, delivery.NothingFound())
    try:
        async with asyncio.timeout(SEND_LIMIT.total_seconds()):
            found = await adapters.get(job.inbox.provider).find(job.inbox, job.outgoing, job.attempt.started_at)
    except (ChannelError, TimeoutError) as error:
        _log.info("no evidence for message %s yet: %s", job.message_id, error)
    except Exception:
        _log.exception("message %s: an error while evidence of it was checked", job.message_id)
    return Outcome(job.message_id, job.attempt, delivery.Found(found) if found else delivery.NothingFound())
