"""The workers that run beside an interface or a receiver: messages are dispatched and received."""

import asyncio
from collections.abc import Awaitable, Callable

from contacts_tui.channels.registry import Adapters
from contacts_tui.services.supervision import Tell, Worker, keep_going
from contacts_tui.services.workers.maintenance import keep_up
from contacts_tui.services.workers.outbox import Outbox
from contacts_tui.services.workers.polling import Poller
from contacts_tui.services.workers.profile_names import Namer
from contacts_tui.services.workers.waking import keep_waking
from contacts_tui.store.store import Store


async def work(store: Store, adapters: Adapters, stop: asyncio.Event, tell: Tell) -> None:
    """Run a process's outbox, poller, namer, maintenance and waking until `stop` is set. Restart those that fail."""
    jobs: dict[Worker, Callable[[], Awaitable[None]]] = {
        Worker.OUTBOX: lambda: Outbox(store, adapters, tell=tell).run(stop),
        Worker.POLLING: lambda: Poller(store, adapters).run(stop),
        Worker.NAMES: lambda: Namer(store, adapters).run(stop),
        Worker.MAINTENANCE: lambda: keep_up(store, adapters, stop),
        Worker.WAKING: lambda: keep_waking(store, stop),
    }
    async with asyncio.TaskGroup() as group:
        for worker, begin in jobs.items():
            group.create_task(keep_going(worker, begin, stop, tell))
