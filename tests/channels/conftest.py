"""A sandbox on loopback, and an adapter of its account."""

import asyncio
from collections.abc import AsyncIterator

import httpx
import pytest

from contacts_tui.channels.twilio import TwilioAdapter
from contacts_tui.sandbox import serve
from tests.channels.wire import IMPATIENT, resolve
from tests.sandbox.driver import ACCOUNT, READY, SERVICE, SHOP, TOKEN, WA_SHOP, Driver

SEED = {
    "accounts": [{"sid": ACCOUNT, "auth_token": TOKEN}],
    "senders": [
        {"account_sid": ACCOUNT, "address": SHOP, "messaging_service_sid": SERVICE},
        {"account_sid": ACCOUNT, "address": WA_SHOP},
    ],
    "templates": [
        {
            "account_sid": ACCOUNT,
            "sid": READY,
            "friendly_name": "order_ready",
            "types": {"twilio/text": {"body": "Hi {{1}}, your order {{2}} is ready."}},
            "variables": {"1": "Sam", "2": "1234"},
            "approval": {"status": "approved"},
        }
    ],
    "settings": {"small_talk": False},
}


@pytest.fixture
async def sandbox() -> AsyncIterator[Driver]:
    """A sandbox with an account, a number, a WhatsApp sender and a template."""
    ready: asyncio.Future[str] = asyncio.get_running_loop().create_future()
    stop = asyncio.Event()
    serving = asyncio.create_task(serve("127.0.0.1", 0, ready=ready.set_result, stop=stop))
    async with httpx.AsyncClient(timeout=10.0, trust_env=False) as client:
        driver = Driver(await ready, client)
        await driver.control("seed", SEED)
        yield driver
    stop.set()
    await serving


@pytest.fixture
async def adapter() -> AsyncIterator[TwilioAdapter]:
    """The adapter under test; it doesn't wait long."""
    made = TwilioAdapter(resolve, IMPATIENT)
    yield made
    await made.aclose()
