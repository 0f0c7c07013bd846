"""Dispatches a stored message and prints its outcome, for the commands that send."""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from typing import Any

from contacts_tui.channels.registry import Adapters
from contacts_tui.channels.timeouts import SLOWEST_LINE
from contacts_tui.cli import shutdown
from contacts_tui.cli.exit import Exit
from contacts_tui.cli.logs import error_log
from contacts_tui.cli.output import complain, say, say_json
from contacts_tui.domain import delivery
from contacts_tui.domain.delivery import Delivery
from contacts_tui.domain.views import MessageView
from contacts_tui.services import threads
from contacts_tui.services.workers.outbox import Outbox
from contacts_tui.store.store import Store

ANSWER_LIMIT = 90.0
"""Seconds in which the provider has to answer, besides the time to upload a file. A message that was not dispatched by
then stays queued."""

_log = logging.getLogger(__name__)

_ENDS = {Delivery.FAILED: Exit.FAILED, Delivery.UNKNOWN: Exit.UNKNOWN, Delivery.QUEUED: Exit.FAILED}


class LostSight(Exception):
    """A stored message may have been sent, but its outcome is not known here."""

    def __init__(self, message_id: int, why: str) -> None:
        self.sentence = (
            f"message {message_id} is stored and may have been sent, but its outcome is not known here ({why}): "
            f"see `contacts-tui message show {message_id}`"
        )
        """What is known, and what to do."""
        super().__init__(self.sentence)


def send_and_wait(store: Store, message_id: int, wait: float | None = None) -> MessageView:
    """Run the outbox until the provider has answered, then `wait` seconds for the final status. Return the message.

    Another process's outbox may be the one to dispatch it, so only the store is looked at. Raise LostSight.
    """
    error_log()
    try:
        return shutdown.run(_sent_and_waited(store, message_id, wait))
    except Exception as error:
        _log.exception("lost track of message %s", message_id)
        raise LostSight(message_id, getattr(error, "sentence", type(error).__name__)) from error


def say_outcome(view: MessageView, recipient: str, *, as_json: bool) -> Exit:
    """Print the outcome of a message. Return the exit code for it."""
    if as_json:
        say_json(view)
    else:
        say(f"{delivery.word(_status(view))}: {recipient}")
    if view.failure is not None:
        complain(view.failure.sentence)
    if view.instead is not None and view.instead.offers:
        complain(f"what else can be done: {'; '.join(offer.words for offer in view.instead.offers)}")
    if view.message.status is Delivery.QUEUED:
        complain("not sent yet: the message stays queued, and the next outbox that runs sends it")
    return exit_of(view)


def exit_of(view: MessageView) -> Exit:
    """Return the exit code for the status of a message."""
    return Exit.UNKNOWN if view.message.status is Delivery.SENDING else _ENDS.get(_status(view), Exit.DONE)


async def _sent_and_waited(store: Store, message_id: int, wait: float | None) -> MessageView:
    adapters, stop = Adapters(), asyncio.Event()
    changes = store.follow()
    working = asyncio.ensure_future(Outbox(store, adapters).run(stop))
    try:
        message = (await store.read(threads.views, [message_id]))[0].message
        upload = sum(file.size or 0 for file in message.media) / SLOWEST_LINE
        view = await _watch(store, changes, message_id, _answered, ANSWER_LIMIT + upload, working)
        if wait is not None and _answered(view):
            view = await _watch(store, changes, message_id, _ended, wait, working)
        return view
    finally:
        stop.set()
        # A failure of the outbox changes nothing about the message's outcome.
        for error in await asyncio.gather(working, return_exceptions=True):
            if isinstance(error, Exception):
                _log.error("the outbox of this command failed", exc_info=error)
                complain(f"the outbox failed ({type(error).__name__}): the log {error_log()} has the details")
        await adapters.aclose()


async def _watch(
    store: Store,
    changes: AsyncIterator[object],
    message_id: int,
    enough: Callable[[MessageView], bool],
    seconds: float,
    working: asyncio.Future[None],
) -> MessageView:
    """Return the message once it is `enough`, or as it is when the time is up, or `working` or the feed ends."""
    deadline = asyncio.get_running_loop().time() + seconds
    (view,) = await store.read(threads.views, [message_id])
    waiting: asyncio.Future[Any] | None = None
    while not enough(view):
        waiting = waiting or asyncio.ensure_future(anext(changes))
        left = deadline - asyncio.get_running_loop().time()
        done, _ = await asyncio.wait({waiting, working}, timeout=max(left, 0), return_when=asyncio.FIRST_COMPLETED)
        if waiting in done and waiting.exception() is None:
            waiting = None
        (view,) = await store.read(threads.views, [message_id])
        if waiting is not None:
            waiting.cancel()
            break
    return view


def _answered(view: MessageView) -> bool:
    return view.message.status not in (Delivery.QUEUED, Delivery.SENDING)


def _ended(view: MessageView) -> bool:
    return view.message.status in delivery.FINAL


def _status(view: MessageView) -> Delivery:
    assert view.message.status is not None, "ours, so it has one"
    return view.message.status
