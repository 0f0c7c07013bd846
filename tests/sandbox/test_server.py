"""Starting and stopping, and the cost of importing."""

from __future__ import annotations

import asyncio
import socket
import subprocess
import sys

import pytest

from contacts_sandbox import serve
from tests.sandbox.driver import Driver


def modules_after(code: str) -> set[str]:
    """Return the modules that a fresh interpreter has loaded after running `code`."""
    script = f"{code}\nimport sys\nsys.stdout.write(' '.join(sys.modules))"
    found = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    return set(found.stdout.split())


def test_importing_the_sandbox_loads_no_server() -> None:
    loaded = modules_after("import contacts_sandbox")
    assert not loaded & {"starlette", "uvicorn", "httpx"}


def test_the_sandbox_never_loads_the_rest_or_an_sdk() -> None:
    loaded = modules_after("import contacts_sandbox.core.server")
    ours = {name for name in loaded if name.startswith("contacts_tui.")}
    assert {name for name in ours if not name.startswith("contacts_sandbox")} == set()
    assert not loaded & {"twilio", "telegram", "textual"}


async def test_a_fresh_sandbox_is_healthy_and_empty(empty: Driver) -> None:
    health = await empty.look("health")
    assert (health["ok"], health["busy"]) == (True, 0)
    state = await empty.look("state")
    assert state["base_url"] == empty.base_url
    assert state["accounts"] == state["senders"] == state["people"] == []


async def test_a_taken_port_is_the_callers_error() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken, pytest.raises(OSError, match="in use"):
        await serve("127.0.0.1", taken.getsockname()[1])


async def test_cancelling_stops_it_and_frees_the_port() -> None:
    ready: asyncio.Future[str] = asyncio.get_running_loop().create_future()
    serving = asyncio.ensure_future(serve("127.0.0.1", 0, ready=ready.set_result))
    port = int((await ready).rpartition(":")[2])
    serving.cancel()
    with pytest.raises(asyncio.CancelledError):
        await serving
    with socket.create_server(("127.0.0.1", port)):
        pass


async def test_the_loopback_of_ipv6_works_too() -> None:
    ready: asyncio.Future[str] = asyncio.get_running_loop().create_future()
    stop = asyncio.Event()
    serving = asyncio.ensure_future(serve("::1", 0, ready=ready.set_result, stop=stop))
    assert (await ready).startswith("http://[::1]:")
    stop.set()
    await serving
