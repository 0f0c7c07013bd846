"""What goes on beside an interface or a receiver: messages are handed on, and people are heard."""

import asyncio

from contacts_tui.channels.registry import Adapters
from contacts_tui.services.naming import Namer
from contacts_tui.services.outbox import Outbox
from contacts_tui.services.polling import Poller
from contacts_tui.services.upkeep import keep_up
from contacts_tui.store.store import Store


async def work(store: Store, adapters: Adapters, stop: asyncio.Event) -> None:
    """Runs a process's outbox, poller, namer and upkeep until `stop` is set. When one fails, the others end with it."""
    async with asyncio.TaskGroup() as group:
        group.create_task(Outbox(store, adapters).run(stop))
        group.create_task(Poller(store, adapters).run(stop))
        group.create_task(Namer(store, adapters).run(stop))
        group.create_task(keep_up(store, adapters, stop))
