"""An adapter's connections: opened once, by the first request, and again after they were closed."""

import asyncio
import sys
from pathlib import Path

import pytest

from contacts_tui.channels.http_pool import Connections
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


async def test_an_import_that_python_fails_by_mistake_is_done_again(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    marker = tmp_path / "tried"
    (tmp_path / "fails_at_first.py").write_text(
        "from pathlib import Path\n"
        f"if not Path({str(marker)!r}).exists():\n"
        f"    Path({str(marker)!r}).touch()\n"
        "    raise SystemError('AST constructor recursion depth mismatch (before=81, after=83)')\n",
        encoding="utf-8",
    )
    monkeypatch.syspath_prepend(tmp_path)
    connections = Connections(Timeouts(), ("fails_at_first",))
    await connections.get()
    assert marker.exists()
    await connections.aclose()
