"""The outbox: takes stored messages, hands them to their providers, and finds out what became of the doubtful ones.

It belongs to a process, never to a screen. Any number of them may work on one store: what one holds by a lease, no
other takes. A lease that ran out tells that its holder died, perhaps while the provider was taking the message.
"""

import asyncio
import contextlib
import logging
import os
import socket
import uuid
from dataclasses import dataclass
from datetime import timedelta

from sqlmodel import Session

from contacts_tui.channels import codes
from contacts_tui.channels.base import (
    MESSAGE_PARAMETER,
    Accepted,
    ChannelError,
    Outgoing,
    SendResult,
    Unsettled,
    WebhookKind,
    webhook_url,
)
from contacts_tui.channels.registry import Adapters
from contacts_tui.domain.change import ChangeKind
from contacts_tui.domain.clock import Clock, utc_now
from contacts_tui.domain.delivery import Delivery
from contacts_tui.domain.inbox import Inbox
from contacts_tui.domain.message import Attempt, Message
from contacts_tui.services import delivery, inboxes, media, reach
from contacts_tui.store import contacts, conversations, messages, outbox
from contacts_tui.store.errors import StoreError
from contacts_tui.store.store import Store

LEASE = timedelta(seconds=12)
"""How long a silent outbox keeps its work. Renewed three times as often."""
SEND_LIMIT = timedelta(seconds=45)
"""Longest time for one try, over the adapter's own time-outs."""
AT_ONCE = 8
"""Messages handed on at the same time."""
IDLE_CHECK = timedelta(seconds=5)
"""Longest sleep, so that work whose holder died is found soon."""
SHUTDOWN_WAIT = timedelta(seconds=3)
"""How long a closing program waits for answers to what it has just sent. Later ones are settled at the next start."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Job:
    """A claimed message with all that its adapter needs."""

    message_id: int
    inbox: Inbox
    attempt: Attempt
    outgoing: Outgoing
    settles: bool
    """To look for evidence of it, not to send it."""
    tries: int


def take(session: Session, clock: Clock, owner: str, limit: int) -> tuple[Job, ...]:
    """Claims what is due, and opens an attempt for each message that is to be sent now.

    The rules are asked once more here: a message queued before a STOP or before its window closed is not sent after it.
    """
    jobs = []
    for work in outbox.claim(session, clock, owner, LEASE, limit):
        message = messages.get(session, work.message_id)
        inbox = inboxes.get(session, clock, work.inbox_id)
        assert message is not None
        assert inbox is not None
        attempt = next(iter(outbox.attempts(session, message.id)[-1:]), None)
        settles = work.task is outbox.Task.SETTLE
        if settles:
            assert attempt is not None
        elif attempt is not None and message.status is not Delivery.QUEUED:
            # Its sender died in the middle. Whatever came of it, sending it again would be a guess.
            detail = "the program ended before the provider's answer was stored"
            delivery.unsettled(session, clock, message.id, attempt, "interrupted", detail)
            continue
        else:
            attempt = _begin(session, clock, message, inbox)
            if attempt is None:
                continue
        outgoing = _outgoing(session, clock, message, inbox, attempt)
        jobs.append(Job(message.id, inbox, attempt, outgoing, settles, work.tries))
    return tuple(jobs)


def _begin(session: Session, clock: Clock, message: Message, inbox: Inbox) -> Attempt | None:
    attempt = outbox.begin_attempt(session, clock, message.id)
    conversation = conversations.get(session, message.conversation_id)
    assert conversation is not None
    state = reach.state(session, clock, conversation.identity_id, conversation.inbox_id)
    if reach.allows(state.reach, has_template=message.template is not None, human_agent=message.human_agent):
        messages.set_status(session, clock, message.id, Delivery.SENDING)
        return attempt
    identity = contacts.identity(session, conversation.identity_id)
    assert identity is not None
    if inbox.is_connected:
        code = "opted_out" if identity.opted_out_at is not None else identity.refusal_code or "window"
    else:
        code = codes.DISCONNECTED
    delivery.withhold(session, clock, message.id, attempt, code, f"not handed on: {state.reason or state.words}")
    return None


def _outgoing(session: Session, clock: Clock, message: Message, inbox: Inbox, attempt: Attempt) -> Outgoing:
    conversation = conversations.get(session, message.conversation_id)
    assert conversation is not None
    identity = contacts.identity(session, conversation.identity_id)
    assert identity is not None
    reference = delivery.reference(message, attempt)
    public_url = inboxes.public_url(session, clock)
    callback = f"{webhook_url(public_url, inbox.id, WebhookKind.STATUS)}?{MESSAGE_PARAMETER}={reference}"
    return Outgoing(
        uid=reference,
        channel=message.channel,
        to=identity.address,
        body=message.body,
        template=message.template,
        files=media.outgoing(session, clock, message, public_url),
        status_callback=callback if public_url else "",
        human_agent=message.human_agent,
    )


def is_waiting(session: Session, clock: Clock, message_id: int) -> bool:
    """Whether the message still has to be sent."""
    return outbox.task_of(session, message_id) is outbox.Task.SEND


def _next_due(session: Session, clock: Clock) -> timedelta:
    due = outbox.next_due(session)
    return IDLE_CHECK if due is None else min(max(due - clock(), timedelta()), IDLE_CHECK)


def _renew(session: Session, clock: Clock, owner: str) -> None:
    outbox.renew(session, clock, owner, LEASE)


class Outbox:
    """One process's worker on the outbox of a store."""

    def __init__(self, store: Store, adapters: Adapters, clock: Clock = utc_now) -> None:
        """`adapters` hand messages on; the caller closes them."""
        self._store = store
        self._adapters = adapters
        self._clock = clock
        self._owner = f"{socket.gethostname()}/{os.getpid()}/{uuid.uuid4().hex[:8]}"
        self._jobs: set[asyncio.Task[None]] = set()
        self._wake = asyncio.Event()

    async def run(self, stop: asyncio.Event) -> None:
        """Works until `stop` is set, then gives the last answers a moment to come (SHUTDOWN_WAIT)."""
        helpers = [asyncio.create_task(self._listen()), asyncio.create_task(self._keep_leases())]
        stopping = asyncio.create_task(stop.wait())
        try:
            while not stop.is_set():
                self._wake.clear()
                pause = await self._work()
                waking = asyncio.create_task(self._wake.wait())
                await asyncio.wait({stopping, waking}, timeout=pause, return_when=asyncio.FIRST_COMPLETED)
                waking.cancel()
            if self._jobs:
                await asyncio.wait(self._jobs, timeout=SHUTDOWN_WAIT.total_seconds())
        finally:
            for task in (*helpers, stopping, *self._jobs):
                task.cancel()
            await asyncio.gather(*helpers, stopping, *self._jobs, return_exceptions=True)

    async def _work(self) -> float:
        """Starts what is due; returns the seconds until there may be more."""
        try:
            free = AT_ONCE - len(self._jobs)
            wait = await self._store.read(_next_due)
            if free and not wait:
                for job in await self._store.run(take, self._owner, free):
                    task = asyncio.create_task(self._do(job))
                    self._jobs.add(task)
                    task.add_done_callback(self._finished)
                wait = await self._store.read(_next_due)
            return max(wait.total_seconds(), 0.01) if free else IDLE_CHECK.total_seconds()
        except StoreError as error:
            _log.warning("the outbox waits for the store: %s", error)
            return 1.0

    def _finished(self, task: asyncio.Task[None]) -> None:
        self._jobs.discard(task)
        self._wake.set()
        if not task.cancelled() and task.exception() is not None:
            _log.error("an outbox job failed; its lease will run out", exc_info=task.exception())

    async def _do(self, job: Job) -> None:
        adapter = self._adapters.get(job.inbox.provider)
        if job.settles:
            found: Accepted | None = None
            try:
                async with asyncio.timeout(SEND_LIMIT.total_seconds()):
                    found = await adapter.find(job.inbox, job.outgoing, job.attempt.started_at)
            except (ChannelError, TimeoutError) as error:
                _log.info("no evidence for message %s yet: %s", job.message_id, error)
            await self._store.run(delivery.settle, job.message_id, job.attempt, found, job.tries)
            return
        result: SendResult
        try:
            async with asyncio.timeout(SEND_LIMIT.total_seconds()):
                result = await adapter.send(job.inbox, job.outgoing)
        except TimeoutError:
            result = Unsettled("timeout", f"no answer within {SEND_LIMIT.total_seconds():.0f} s")
        await self._store.run(delivery.record, job.message_id, job.attempt, result)

    async def _listen(self) -> None:
        """Wakes the outbox when someone wrote a message."""
        async for batch in self._store.follow():
            if any(change.kind in (ChangeKind.MESSAGE, ChangeKind.STATUS, ChangeKind.EVERYTHING) for change in batch):
                self._wake.set()

    async def _keep_leases(self) -> None:
        while True:
            await asyncio.sleep(LEASE.total_seconds() / 3)
            if self._jobs:
                with contextlib.suppress(StoreError):
                    await self._store.run(_renew, self._owner)
