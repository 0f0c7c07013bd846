"""A sandbox and a receiver on loopback, in the test's own event loop."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime

import httpx
import pytest

from contacts_sandbox import serve
from tests.sandbox import graph_driver, telegram_driver
from tests.sandbox.driver import ACCOUNT, READY, SERVICE, SHOP, TOKEN, WA_SHOP, Driver
from tests.sandbox.graph_driver import GraphDriver
from tests.sandbox.receiver import Receiver, receiving
from tests.sandbox.telegram_driver import TelegramDriver


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    """Yield the receiver that webhooks are posted to."""
    async with receiving() as made:
        yield made


@pytest.fixture
async def empty() -> AsyncIterator[Driver]:
    """Yield a driver of a sandbox without accounts, senders and people."""
    ready: asyncio.Future[str] = asyncio.get_running_loop().create_future()
    stop = asyncio.Event()
    serving = asyncio.ensure_future(serve("127.0.0.1", 0, ready=ready.set_result, stop=stop))
    async with httpx.AsyncClient(timeout=10.0, trust_env=False) as client:
        yield Driver(await ready, client)
    stop.set()
    await serving


@pytest.fixture
async def sandbox(empty: Driver, receiver: Receiver) -> Driver:
    """Return a sandbox with an account, two senders, a template and quick delivery, in which no person writes first."""
    quick = {"delays": {"sent": 0.02, "delivered": 0.02, "read": 0.02}, "small_talk": False}
    sender = {"account_sid": ACCOUNT, "inbound_url": f"{receiver.base_url}/in?inbox=1"}
    template = {
        "account_sid": ACCOUNT,
        "sid": READY,
        "friendly_name": "order_ready",
        "types": {"twilio/text": {"body": "Hi {{1}}, your order {{2}} is ready."}},
        "variables": {"1": "Sam", "2": "1234"},
        "approval": {"status": "approved"},
    }
    seed = {
        "accounts": [{"sid": ACCOUNT, "auth_token": TOKEN}],
        "senders": [
            sender | {"address": SHOP, "messaging_service_sid": SERVICE},
            sender | {"address": WA_SHOP},
        ],
        "templates": [template],
        "settings": quick,
    }
    await empty.control("seed", seed)
    return empty


QUICK = {
    "delays": {"sent": 0.02, "delivered": 0.02, "read": 0.02},
    "small_talk": False,
    "retry": {"first": 0.02, "longest": 0.05},
}
"""Settings without long waits."""


@pytest.fixture
async def telegram(empty: Driver) -> TelegramDriver:
    """Return a sandbox with a bot, Ann who started it, and Ben who didn't."""
    seed = {
        "telegram_bots": [{"token": telegram_driver.TOKEN, "username": telegram_driver.BOT, "name": "Shop"}],
        "telegram_people": [
            {"chat_id": telegram_driver.ANN, "first_name": "Ann", "last_name": "Lee", "started": [telegram_driver.BOT]},
            {"chat_id": telegram_driver.BEN, "first_name": "Ben"},
        ],
        "settings": QUICK,
    }
    await empty.control("seed", seed)
    return TelegramDriver(empty.base_url, empty.client)


@pytest.fixture
async def graph(empty: Driver, receiver: Receiver) -> GraphDriver:
    """Return a sandbox with an app, a page that posts to the receiver, Ann who wrote just now, and Ben who didn't."""
    page = {
        "id": graph_driver.PAGE,
        "app_id": graph_driver.APP,
        "access_token": graph_driver.TOKEN,
        "name": "Shop",
        "webhook_url": f"{receiver.base_url}/in?inbox=2",
        "verify_token": "verify me",
    }
    people = [
        {"page": graph_driver.PAGE, "psid": graph_driver.ANN, "first_name": "Ann", "last_name": "Lee"},
        {"page": graph_driver.PAGE, "psid": graph_driver.BEN, "first_name": "Ben"},
    ]
    seed = {
        "graph_apps": [{"id": graph_driver.APP, "secret": graph_driver.SECRET}],
        "graph_pages": [page],
        "graph_people": people,
        "settings": QUICK,
    }
    await empty.control("seed", seed)
    made = GraphDriver(empty.base_url, empty.client)
    await made.control(
        "graph/windows",
        {"page": graph_driver.PAGE, "psid": graph_driver.ANN, "last_inbound_at": datetime.now(UTC).isoformat()},
    )
    return made
