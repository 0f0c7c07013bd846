"""The way of a message from the API to the phone, in timed steps."""

from __future__ import annotations

import asyncio

from contacts_sandbox.core.state import State
from contacts_sandbox.core.tasks import Tasks
from contacts_sandbox.twilio.callbacks import Lifecycle
from contacts_sandbox.twilio.customers import Customers
from contacts_sandbox.twilio.fetching import Fetcher
from contacts_sandbox.twilio.records import Message

CARRIER_ERRORS = range(30000, 31000)
"""Errors a carrier reports after the message left: `undelivered` rather than `failed`."""


class Delivery:
    """Delivers accepted messages."""

    def __init__(
        self, state: State, tasks: Tasks, lifecycle: Lifecycle, customers: Customers, fetcher: Fetcher
    ) -> None:
        """Load the files of messages through `fetcher`, and let `customers` answer those that are delivered."""
        self._state = state
        self._tasks = tasks
        self._lifecycle = lifecycle
        self._customers = customers
        self._fetcher = fetcher
        self._under_way: dict[str, asyncio.Task[None]] = {}

    def start(self, message: Message) -> None:
        """Start the delivery of a message in the background."""
        task = self._tasks.start(self._carry(message))
        self._under_way[message.sid] = task
        task.add_done_callback(lambda _: self._under_way.pop(message.sid, None))

    def force(self, message: Message, status: str, error_code: int | None) -> None:
        """Put a message into a status by hand; its delivery stops, so that it changes by hand only from then on."""
        task = self._under_way.get(message.sid)
        if task:
            task.cancel()
        self._lifecycle.move(message, status, error_code)

    async def _carry(self, message: Message) -> None:
        settings = self._state.settings
        if message.status == "accepted":
            self._lifecycle.move(message, "queued")
        await asyncio.sleep(settings.sent_delay)
        if message.fate is None:
            message.fate = await self._fetcher.fetch(message)
        by_carrier = message.fate in CARRIER_ERRORS
        if message.fate is not None and not by_carrier:
            self._lifecycle.move(message, "failed", message.fate)
            return
        self._lifecycle.move(message, "sent")
        person = self._state.person(message.to)
        if message.whatsapp and person and person.traits.handset_off:
            return
        await asyncio.sleep(settings.delivered_delay)
        if by_carrier:
            self._lifecycle.move(message, "undelivered", message.fate)
            return
        self._lifecycle.move(message, "delivered")
        await self._customers.reached(message)
