"""The contract of adapters about files: sent, refused, and fetched with credentials for the provider alone."""

import contextlib
import socket
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from contacts_tui.channels.base import Accepted, ChannelError, InboundMessage, Outgoing, OutgoingFile, Refused
from contacts_tui.channels.registry import explain
from contacts_tui.channels.twilio.adapter import TwilioAdapter
from contacts_tui.domain.attachments import goes_with_text
from contacts_tui.domain.message import Media
from tests.channels.contract import World
from tests.channels.stranger import FILE, Stranger
from tests.channels.stranger import stranger as strange_host
from tests.channels.wire import http, inbox, wire
from tests.limits import limits_of
from tests.sandbox.driver import Driver

PNG = b"\x89PNG\r\n\x1a\n and so on"
LARGEST = 51 * 1024 * 1024


def with_file(message: Outgoing, path: Path) -> Outgoing:
    """Return the message with this file, at the address of a host that the sandbox doesn't ask."""
    url = "https://files.example/a.png"
    return replace(message, files=(OutgoingFile(path, url, "image/png", "a.png", path.stat().st_size),))


async def shared(world: World, url: str) -> Media:
    """Return the picture of a message that is received."""
    (event,) = await world.shares(url)
    assert isinstance(event, InboundMessage)
    (media,) = event.media
    return media


@pytest.fixture
async def stranger(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Stranger]:
    """Yield a host of the open internet that belongs to no provider."""
    async with strange_host(tmp_path, monkeypatch) as made:
        yield made


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


@pytest.mark.parametrize(("body", "count"), [("x" * 1025, 1), ("", 2), ("hello", 2)])
async def test_what_would_take_several_messages_is_refused_before_anything_leaves(
    world: World, tmp_path: Path, body: str, count: int
) -> None:
    path = tmp_path / "a.png"
    path.write_bytes(PNG)
    message = with_file(world.message(body), path)
    result = await world.adapter.send(world.inbox, replace(message, files=message.files * count))
    if count == 1 and goes_with_text(limits_of(message.channel), "image/png", body):
        assert isinstance(result, Accepted)
        return
    assert isinstance(result, Refused)
    assert "in one message" in explain(world.adapter.provider, result.code).happened
    assert await world.taken() == await world.tries() == 0


async def test_a_file_that_came_is_loaded(world: World, tmp_path: Path) -> None:
    target = tmp_path / "file"
    async with wire(*world.before_file(""), http(200, PNG)) as server:
        media = await shared(world, f"{server.base_url}/a.png")
        await world.adapter.fetch(world.at(server.base_url), media, target, len(PNG))
    assert target.read_bytes() == PNG


@pytest.mark.parametrize(
    ("answer", "hangs", "code"),
    [
        (http(200, PNG + b"!"), False, "media_too_long"),
        (http(404, "gone"), False, "media_gone"),
        (http(401, "no"), False, "media_gone"),
        (http(500, "down"), False, "server_error"),
        (http(503, "busy"), False, "server_error"),
        (http(200, PNG)[:-3], False, "no_connection"),
        (http(200, PNG)[:-3], True, "timeout"),
        (b"", False, "no_connection"),
        (b"", True, "timeout"),
    ],
)
async def test_a_file_that_does_not_come_whole_leaves_nothing(
    world: World, tmp_path: Path, answer: bytes, hangs: bool, code: str
) -> None:
    target, lead = tmp_path / "file", world.before_file("")
    async with wire(*lead, answer, hangs=hangs) as server:
        media = await shared(world, f"{server.base_url}/a.png")
        with pytest.raises(ChannelError) as caught:
            await world.adapter.fetch(world.at(server.base_url), media, target, len(PNG))
        assert len(server.seen) == len(lead) + 1
    assert caught.value.code == code
    assert caught.value.sentence.endswith(".")
    assert not any(secret in caught.value.sentence for secret in world.secrets)
    assert not target.exists()


async def test_a_file_of_a_provider_that_is_not_there_leaves_nothing(world: World, tmp_path: Path) -> None:
    target = tmp_path / "file"
    with socket.create_server(("127.0.0.1", 0)) as free:
        nobody = f"http://127.0.0.1:{free.getsockname()[1]}"
    media = await shared(world, f"{nobody}/a.png")
    with pytest.raises(ChannelError) as caught:
        await world.adapter.fetch(world.at(nobody), media, target, 100)
    assert caught.value.code == "no_connection"
    assert not target.exists()


async def test_where_the_provider_leads_elsewhere_nothing_of_ours_goes_along(
    world: World, stranger: Stranger, tmp_path: Path
) -> None:
    target = tmp_path / "file"
    async with wire(*world.before_file(""), http(302, "", {"Location": stranger.url})) as server:
        media = await shared(world, f"{server.base_url}/a.png")
        await world.adapter.fetch(world.at(server.base_url), media, target, 100)
    assert target.read_bytes() == FILE
    (head,) = stranger.heads
    assert_is_told_nothing(head, world)


async def test_an_address_at_a_stranger_s_is_told_nothing_of_ours(
    world: World, stranger: Stranger, tmp_path: Path
) -> None:
    target = tmp_path / "file"
    async with wire(*world.before_file(stranger.url), http(200, PNG)) as server:
        media = await shared(world, stranger.url)
        with contextlib.nullcontext() if world.names_addresses else pytest.raises(ChannelError):
            await world.adapter.fetch(world.at(server.base_url), media, target, 100)
        assert len(server.seen) == len(world.before_file(""))
    assert len(stranger.heads) == target.exists() == world.names_addresses
    for head in stranger.heads:
        assert_is_told_nothing(head, world)


async def test_an_address_inside_our_network_is_not_asked(world: World, tmp_path: Path) -> None:
    async with wire(http(200, PNG)) as inside:
        address = f"{inside.base_url}/a.png"
        answers = (http(302, "", {"Location": address}),)
        async with wire(*world.before_file(""), *answers) as server:
            led = await shared(world, f"{server.base_url}/a.png")
            with pytest.raises(ChannelError):
                await world.adapter.fetch(world.at(server.base_url), led, tmp_path / "file", 100)
        async with wire(*world.before_file(address), http(404, "")) as server:
            named = await shared(world, address)
            with pytest.raises(ChannelError):
                await world.adapter.fetch(world.at(server.base_url), named, tmp_path / "file", 100)
        assert inside.seen == []


def assert_is_told_nothing(head: str, world: World) -> None:
    """Assert that a request has no credential, and names no page of ours."""
    assert not any(f"\r\n{name}:" in head.lower() for name in ("authorization", "cookie", "referer"))
    assert not any(secret in head for secret in world.secrets)


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
