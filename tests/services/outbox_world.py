"""An outbox over a store and a sandbox, and how its tests follow a message."""

import asyncio
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from contacts_tui.channels.registry import Adapters
from contacts_tui.domain.clock import utc_now
from contacts_tui.domain.delivery import Delivery
from contacts_tui.domain.message import Attempt, Message
from contacts_tui.services.workers.outbox import Outbox
from contacts_tui.store import attempts as attempt_log
from tests.sandbox.conftest import empty as empty
from tests.sandbox.driver import ACCOUNT, TOKEN, Driver
from tests.services.world import World

SHOP = "+12025550101"


BEN = "+12025550143"


@pytest.fixture
async def sandbox(empty: Driver, monkeypatch: pytest.MonkeyPatch) -> Driver:
    """Return a sandbox that knows our two senders."""
    monkeypatch.setenv("TWILIO_TOKEN", TOKEN)
    sender = {"account_sid": ACCOUNT, "inbound_url": None}
    seed = {
        "accounts": [{"sid": ACCOUNT, "auth_token": TOKEN}],
        "senders": [sender | {"address": SHOP}, sender | {"address": f"whatsapp:{SHOP}"}],
        "settings": {"delays": {"sent": 0.01, "delivered": 0.02, "read": 0.02}, "small_talk": False},
    }
    await empty.control("seed", seed)
    return empty


@pytest.fixture
async def live(tmp_path: Path, sandbox: Driver) -> AsyncIterator[World]:
    """Yield a world at the true time, whose inboxes point to the sandbox."""
    made = World(tmp_path, utc_now, sandbox.base_url)
    yield made
    made.store.close()


@pytest.fixture
async def start(live: World) -> AsyncIterator[Callable[[], None]]:
    """Yield a function that starts an outbox; all are stopped at the end."""
    adapters, stop = Adapters(), asyncio.Event()
    started: list[asyncio.Task[None]] = []
    yield lambda: started.append(asyncio.create_task(Outbox(live.store, adapters).run(stop)))
    stop.set()
    await asyncio.gather(*started)
    await adapters.aclose()


async def becomes(world: World, message: Message, *statuses: Delivery, seconds: float = 15) -> Message:
    """Wait until the message has one of these statuses, at most `seconds`, and return it."""
    async with asyncio.timeout(seconds):
        while (found := world.message(message.id)).status not in statuses:
            await asyncio.sleep(0.02)
    return found


async def record_of(sandbox: Driver, body: str) -> list[dict[str, object]]:
    """Return the messages with this text that the sandbox received."""
    return [entry for entry in (await sandbox.look("messages"))["messages"] if entry["body"] == body]


def attempts(world: World, message: Message) -> tuple[Attempt, ...]:
    return world.store.call_read(lambda session, _: attempt_log.of_message(session, message.id))
