"""A sandbox on loopback, an adapter of its account, and the worlds with which the contract is tested."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import httpx
import pytest

from contacts_sandbox import serve
from contacts_tui.channels.twilio.adapter import TwilioAdapter
from tests.channels.contract import Editing, Reporting, Signed, World
from tests.channels.desk import Desk
from tests.channels.wire import IMPATIENT, resolve
from tests.channels.worlds import EDITING, FINDING, REPORTING, SIGNED, WORLDS
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
    """Yield a sandbox with an account, a number, a WhatsApp sender and a template."""
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
    """Yield the adapter under test, with short time-outs."""
    made = TwilioAdapter(resolve, IMPATIENT)
    yield made
    await made.aclose()


@pytest.fixture(params=EDITING)
async def editing(request: pytest.FixtureRequest, sandbox: Driver) -> AsyncIterator[Editing]:
    """Yield the world of every provider whose people can change what they wrote."""
    async with EDITING[request.param](sandbox) as made:
        yield made


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """Yield a desk with an empty store."""
    made = Desk(tmp_path)
    yield made
    made.store.close()


@pytest.fixture(params=WORLDS)
async def world(request: pytest.FixtureRequest, sandbox: Driver) -> AsyncIterator[World]:
    """Yield every provider's world in turn."""
    async with WORLDS[request.param](sandbox) as made:
        yield made


@pytest.fixture(params=SIGNED)
async def signing(request: pytest.FixtureRequest, sandbox: Driver) -> AsyncIterator[Signed]:
    """Yield the world of every provider that calls a webhook."""
    async with SIGNED[request.param](sandbox) as made:
        yield made


@pytest.fixture(params=REPORTING)
async def reporting(request: pytest.FixtureRequest, sandbox: Driver) -> AsyncIterator[Reporting]:
    """Yield the world of every provider that reports on our messages."""
    async with REPORTING[request.param](sandbox) as made:
        yield made


@pytest.fixture(params=FINDING)
async def finding(request: pytest.FixtureRequest, sandbox: Driver) -> AsyncIterator[World]:
    """Yield the world of every provider that can be asked for a message."""
    async with WORLDS[request.param](sandbox) as made:
        yield made
