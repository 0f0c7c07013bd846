"""An adapter's connections: opened once, by whoever comes first, and again after they were closed."""

import asyncio
import sys

import pytest

from contacts_tui.channels.connections import Connections
from contacts_tui.channels.timeouts import Timeouts


async def test_all_requests_share_what_the_first_one_opened() -> None:
    connections = Connections(Timeouts(), ())
    first, *others = await asyncio.gather(*(connections.get() for _ in range(5)))
    assert all(other is first for other in others)
    await connections.aclose()
    assert first.is_closed
    second = await connections.get()
    assert second is not first
    assert not second.is_closed
    await connections.aclose()
    await connections.aclose()


async def test_nothing_is_imported_before_the_first_request(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "colorsys", raising=False)
    connections = Connections(Timeouts(), ("colorsys",))
    assert "colorsys" not in sys.modules
    await connections.get()
    assert "colorsys" in sys.modules
    await connections.aclose()
