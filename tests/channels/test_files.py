"""Files through every adapter: out, refused, and fetched with credentials for the provider's own host alone."""

from dataclasses import replace
from pathlib import Path

import pytest

from contacts_tui.channels.base import Accepted, ChannelError, Outgoing, OutgoingFile, Refused
from contacts_tui.channels.registry import explain
from contacts_tui.channels.twilio import TwilioAdapter
from contacts_tui.domain.message import Media
from tests.channels.contract import World
from tests.channels.test_contract import world as world
from tests.channels.wire import http, inbox, wire
from tests.sandbox.driver import Driver

PNG = b"\x89PNG\r\n\x1a\n and so on"
LARGEST = 51 * 1024 * 1024


def with_file(message: Outgoing, path: Path) -> Outgoing:
    """The message with this file; it lies on a host that the sandbox doesn't ask."""
    url = "https://files.example/a.png"
    return replace(message, files=(OutgoingFile(path, url, "image/png", "a.png", path.stat().st_size),))


async def test_a_file_is_sent(world: World, sandbox: Driver, tmp_path: Path) -> None:
    path = tmp_path / "a.png"
    path.write_bytes(PNG)
    result = await world.adapter.send(world.inbox, with_file(world.message(""), path))
    assert isinstance(result, Accepted)
    found = (await sandbox.look("messages"))["messages"]
    (taken,) = [message for message in found if message["direction"].startswith("outbound")]
    assert [one["size"] for one in taken["media"]] == [len(PNG)] or taken["media_urls"]


async def test_a_file_that_is_too_large_is_refused_before_anything_leaves(world: World, tmp_path: Path) -> None:
    path = tmp_path / "a.png"
    with path.open("wb") as file:
        file.truncate(LARGEST)
    result = await world.adapter.send(world.inbox, with_file(world.message(""), path))
    assert isinstance(result, Refused)
    assert "too large" in explain(world.adapter.provider, result.code).happened
    assert await world.taken() == await world.tries() == 0


async def test_a_file_that_is_gone_is_refused(world: World, tmp_path: Path) -> None:
    path = tmp_path / "a.png"
    path.write_bytes(PNG)
    message = with_file(world.message(""), path)
    path.unlink()
    result = await world.adapter.send(world.inbox, message)
    assert isinstance(result, Refused)
    assert result.code == "file"
    assert await world.taken() == 0


async def test_twilio_wants_an_address_and_a_kind_that_it_takes(adapter: TwilioAdapter, tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    path.write_bytes(b"PK")
    async with wire(http(201, "{}")) as server:
        for file, code in (
            (OutgoingFile(path, "", "image/png", "a.png", 2), "file_url"),
            (OutgoingFile(path, "https://x.example/a", "application/zip", "a.zip", 2), "12300"),
        ):
            message = Outgoing("u", inbox("").channel, "+15552220000", "", None, (file,), "")
            result = await adapter.send(inbox(server.base_url), message)
            assert isinstance(result, Refused)
            assert result.code == code
        assert server.seen == []


async def test_twilio_gets_credentials_and_no_other_host_does(adapter: TwilioAdapter, tmp_path: Path) -> None:
    target = tmp_path / "file"
    async with wire(http(200, b"ok")) as server:
        await adapter.fetch(inbox(server.base_url), Media(f"{server.base_url}/Media/ME1", "image/png"), target, 10)
        assert server.seen[0].headers["authorization"].startswith("Basic ")
    assert target.read_bytes() == b"ok"
    target.unlink()
    async with wire(http(200, b"secret?")) as other, wire(http(302, "", {"Location": other.base_url})) as server:
        for url in (f"{server.base_url}/Media/ME1", f"{other.base_url}/Media/ME1"):
            with pytest.raises(ChannelError):
                await adapter.fetch(inbox(server.base_url), Media(url, "image/png"), target, 10)
        assert other.seen == []
    assert not target.exists()


@pytest.mark.parametrize(
    ("answer", "hangs", "code"),
    [
        (http(404, "gone"), False, "media_gone"),
        (http(401, "no"), False, "media_gone"),
        (http(200, b"x" * 11), False, "media_too_long"),
        (http(200, b"x" * 9)[:-3], True, "timeout"),
    ],
)
async def test_what_twilio_does_not_give_is_said(
    adapter: TwilioAdapter, tmp_path: Path, answer: bytes, hangs: bool, code: str
) -> None:
    target = tmp_path / "file"
    async with wire(answer, hangs=hangs) as server:
        with pytest.raises(ChannelError) as caught:
            await adapter.fetch(inbox(server.base_url), Media(f"{server.base_url}/Media/ME1", ""), target, 10)
    assert caught.value.code == code
    assert caught.value.sentence.endswith(".")
    assert not target.exists()
