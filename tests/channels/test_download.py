"""Files that come with messages: from the open internet or a sandbox, never from inside, and never too large."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from contacts_tui.channels.base import ChannelError
from contacts_tui.channels.meta.adapter import MessengerAdapter
from contacts_tui.domain.message import Media
from tests.channels.messenger_world import PAGE_TOKEN, page, resolve
from tests.channels.wire import IMPATIENT, http, wire


@pytest.fixture
async def adapter() -> AsyncIterator[MessengerAdapter]:
    """Yield an adapter whose files need no credential."""
    made = MessengerAdapter(resolve, IMPATIENT)
    yield made
    await made.aclose()


def is_gone(target: Path) -> bool:
    """Return whether no file was left."""
    return not target.exists()


async def fails(adapter: MessengerAdapter, base_url: str, url: str, target: Path, limit: int = 100) -> ChannelError:
    """Return the error of a file that can't be loaded, and assert that nothing of it is left."""
    with pytest.raises(ChannelError) as caught:
        await adapter.fetch(page(base_url), Media(url, "image/png"), target, limit)
    assert caught.value.sentence.endswith(".")
    assert is_gone(target)
    return caught.value


async def test_a_file_is_loaded_without_the_token(adapter: MessengerAdapter, tmp_path: Path) -> None:
    target = tmp_path / "file"
    async with wire(http(200, b"\x89PNG")) as server:
        await adapter.fetch(page(server.base_url), Media(f"{server.base_url}/a.png", "image/png"), target, 4)
    assert target.read_bytes() == b"\x89PNG"
    assert "authorization" not in server.seen[0].headers
    assert PAGE_TOKEN not in server.seen[0].line


async def test_a_redirect_is_followed_where_it_may_go(adapter: MessengerAdapter, tmp_path: Path) -> None:
    target = tmp_path / "file"
    async with wire(http(302, "", {"Location": "/there"}), http(200, b"ok")) as server:
        await adapter.fetch(page(server.base_url), Media(f"{server.base_url}/here", ""), target, 100)
        assert [seen.path for seen in server.seen] == ["/here", "/there"]
    assert target.read_bytes() == b"ok"


@pytest.mark.parametrize(
    "location",
    [
        "https://10.0.0.1/x",
        "https://0xa000001/x",
        "https://[64:ff9b::a00:1]/x",
        "http://example.com/x",
        "file:///etc/passwd",
        "//[",
        "",
    ],
)
async def test_a_redirect_elsewhere_is_not(adapter: MessengerAdapter, tmp_path: Path, location: str) -> None:
    async with wire(http(302, "", {"Location": location})) as server:
        await fails(adapter, server.base_url, f"{server.base_url}/a", tmp_path / "file")


@pytest.mark.parametrize(
    "url",
    [
        "https://127.0.0.1/x",
        "https://localhost/x",
        "https://127.1/x",
        "https://2130706433/x",
        "https://0x7f.1/x",
        "https://017700000001/x",
        "https://0xa9fea9fe/x",
        "https://[64:ff9b::a00:1]/x",
        "https://[64:ff9b:1::808:808]/x",
        "https://[2002:a00:1::]/x",
        "https://[2001:0:4136:e378:8000:63bf:f5ff:fffe]/x",
        "https://[fec0::1]/x",
        "https://[::a00:1]/x",
        "https://169.254.169.254/latest/meta-data",
        "https://192.168.0.1/x",
        "https://[::1]/x",
        "https://[fd00::1]/x",
        "https://[::ffff:127.0.0.1]/x",
        "https://224.0.0.1/x",
        "https://user@127.0.0.1/x",
        "http://example.com/x",
        "ftp://example.com/x",
        "attachment:5",
        "",
        "https://",
        "https://[",
        "https://a:b/",
    ],
)
async def test_an_address_that_is_not_of_the_open_internet_is_not_asked(
    adapter: MessengerAdapter, tmp_path: Path, url: str
) -> None:
    for base_url in ("", "http://127.0.0.1:9"):
        error = await fails(adapter, base_url, url, tmp_path / "file")
        assert "isn't a safe web address" in error.sentence or "private network" in error.sentence


@pytest.mark.parametrize("host", ["nobody.invalid", "a" * 70 + ".example"])
async def test_a_host_that_is_not_found_is_said(adapter: MessengerAdapter, tmp_path: Path, host: str) -> None:
    error = await fails(adapter, "", f"https://{host}/x", tmp_path / "file")
    assert error.code == "no_connection"


async def test_a_base_url_elsewhere_opens_nothing(adapter: MessengerAdapter, tmp_path: Path) -> None:
    async with wire(http(200, b"x")) as server:
        await fails(adapter, "https://graph.example", f"{server.base_url}/a", tmp_path / "file")
        assert server.seen == []
    inside = "http://192.168.77.77:9"
    assert "isn't a safe web address" in (await fails(adapter, inside, f"{inside}/a", tmp_path / "file")).sentence


async def test_a_file_over_the_limit_leaves_nothing(adapter: MessengerAdapter, tmp_path: Path) -> None:
    async with wire(http(200, b"x" * 101)) as server:
        error = await fails(adapter, server.base_url, f"{server.base_url}/a", tmp_path / "file")
    assert error.code == "media_too_long"


@pytest.mark.parametrize("answer", [b"", http(404, "x"), http(403, "x"), http(200, b"x" * 50)[:-5], b"garbage\r\n\r\n"])
async def test_half_a_file_leaves_nothing(adapter: MessengerAdapter, tmp_path: Path, answer: bytes) -> None:
    async with wire(answer) as server:
        await fails(adapter, server.base_url, f"{server.base_url}/a", tmp_path / "file")


async def test_a_file_that_never_ends_is_given_up(adapter: MessengerAdapter, tmp_path: Path) -> None:
    async with wire(http(200, b"x" * 50)[:-5], hangs=True) as server:
        error = await fails(adapter, server.base_url, f"{server.base_url}/a", tmp_path / "file")
    assert error.code == "timeout"


async def test_a_load_given_up_by_the_caller_leaves_nothing(adapter: MessengerAdapter, tmp_path: Path) -> None:
    target = tmp_path / "file"
    async with wire(http(200, b"x" * 50)[:-5], hangs=True) as server:
        loading = asyncio.create_task(
            adapter.fetch(page(server.base_url), Media(f"{server.base_url}/a", ""), target, 100)
        )
        async with asyncio.timeout(8):
            while not target.exists():
                await asyncio.sleep(0.005)
        loading.cancel()
        with pytest.raises(asyncio.CancelledError):
            await loading
    assert not target.exists()


async def test_a_place_that_can_not_be_written_is_said(adapter: MessengerAdapter, tmp_path: Path) -> None:
    async with wire(http(200, b"x")) as server:
        error = await fails(adapter, server.base_url, f"{server.base_url}/a", tmp_path / "no" / "file")
    assert error.code == "file"
