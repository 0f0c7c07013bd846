"""Files by the command line: to Twilio, which fetches them from the receiver, and from there onto the disk."""

from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from contacts_tui.cli.exit import Exit
from tests.e2e.cli.program import ACCOUNT, SHOP, Program, Server

ANN = "+12025550142"
SMS = ("send", "Ann Archer", "--channel", "sms")
PNG = b"\x89PNG\r\n\x1a\n and so on"


@pytest.fixture
def receiver(shop: Program, sandbox: Server) -> Iterator[Server]:
    """Yield a receiver that the sandbox reports to and fetches from."""
    with shop.serving("serve", "--public-url", "local") as server:
        url = f"{server.url}/webhooks/1/inbound"
        sandbox.control("senders", {"account_sid": ACCOUNT, "address": SHOP, "inbound_url": url})
        yield server


def picture(shop: Program) -> str:
    """Write a picture to send, and return its path."""
    path = shop.folder / "my photo.png"
    path.write_bytes(PNG)
    return str(path)


@pytest.mark.usefixtures("receiver")
def test_twilio_fetches_the_file_and_the_copy_stays(shop: Program, sandbox: Server) -> None:
    view = shop.json(*SMS, "--text", "Here it is", "--file", picture(shop), "--wait", "20")
    assert view["message"]["status"] == "delivered"
    assert view["message"]["body"] == "Here it is"
    (kept,) = (shop.folder / "store.db-files").iterdir()
    assert kept.read_bytes() == PNG
    assert (kept.stat().st_mode & 0o777, kept.parent.stat().st_mode & 0o777) == (0o600, 0o700)
    taken = next(m for m in _messages(sandbox) if m["direction"] == "outbound-api")
    (media,) = taken["media"]
    assert (media["content_type"], media["filename"], media["size"]) == ("image/png", "my photo.png", len(PNG))
    (url,) = taken["media_urls"]
    # The message was delivered, so its link isn't needed any more.
    for late in (url, url[:-1] + ("A" if url[-1] != "A" else "B"), url.replace("/media/", "/media/9"), url + "x"):
        assert httpx.get(late, trust_env=False).status_code == 404


@pytest.mark.usefixtures("receiver")
@pytest.mark.parametrize(
    ("content", "name", "kind"), [(PNG, "photo.png", "image/png"), (b"%PDF-1.7 x", "file.pdf", "application/pdf")]
)
def test_a_file_comes_by_standard_input(shop: Program, sandbox: Server, content: bytes, name: str, kind: str) -> None:
    view = shop.json(*SMS, "--text", "Here it is", "--file", "-", "--wait", "20", stdin=content)
    assert view["message"]["status"] == "delivered"
    taken = next(m for m in _messages(sandbox) if m["direction"] == "outbound-api")
    (media,) = taken["media"]
    assert (media["content_type"], media["filename"], media["size"]) == (kind, name, len(content))


def test_standard_input_is_read_once(shop: Program) -> None:
    done = shop.run(*SMS, "--text", "-", "--file", "-", stdin=b"Hello")
    assert (done.returncode, done.stdout) == (Exit.WRONG, "")
    assert "both --text and --file read stdin" in done.stderr


def test_without_a_public_url_the_command_that_sets_it_is_named(shop: Program, sandbox: Server) -> None:
    done = shop.run(*SMS, "--file", picture(shop))
    assert done.returncode == Exit.WRONG
    assert "contacts-tui serve --public-url" in done.stderr
    assert _messages(sandbox) == []


@pytest.mark.usefixtures("receiver")
def test_files_that_can_not_go_are_told_and_nothing_is_stored(shop: Program) -> None:
    (shop.folder / "a.zip").write_bytes(b"PK")
    (shop.folder / "empty.png").write_bytes(b"")
    for path, words in (
        ("a.zip", "doesn't accept"),
        ("empty.png", "is empty"),
        ("no.png", "no file"),
        (".", "a folder"),
    ):
        done = shop.run(*SMS, "--file", str(shop.folder / path))
        assert done.returncode == Exit.WRONG, path
        assert words in done.stderr
    assert "no conversation" in shop.ok("thread", ANN)


@pytest.mark.usefixtures("receiver")
def test_what_came_in_is_saved_and_never_overwrites(shop: Program, sandbox: Server) -> None:
    media = [{"content_type": "application/pdf", "filename": "x.pdf", "text": "%PDF-1.7"}]
    sandbox.control("inbound", {"from": ANN, "to": SHOP, "body": "", "media": media})
    (view,) = shop.json("thread", ANN)["messages"]
    number = str(view["message"]["id"])
    assert f"message {number}" in shop.ok("thread", ANN)
    folder = shop.folder / "saved"
    folder.mkdir()
    first = shop.json("media", "save", number, "--to", str(folder))["saved"]
    again = shop.json("media", "save", number, "--to", str(folder))["saved"]
    assert sorted(path.name for path in folder.iterdir()) == ["file (1).pdf", "file.pdf"]
    assert first + again == [str(folder / "file.pdf"), str(folder / "file (1).pdf")]
    assert (folder / "file.pdf").read_bytes() == b"%PDF-1.7"
    assert shop.run("media", "save", "999").returncode == Exit.WRONG


def test_numbers_that_no_message_has_are_told(shop: Program) -> None:
    for number, words in (("999", "no message 999"), ("9" * 18, "no message"), ("9" * 19, "digits"), ("x", "a number")):
        done = shop.run("media", "save", number)
        assert done.returncode == Exit.WRONG, number
        assert words in done.stderr


def _messages(sandbox: Server) -> list[dict[str, Any]]:
    found = httpx.get(f"{sandbox.url}/control/messages", trust_env=False).json()["messages"]
    return list(found)


def test_links_given_out_end_with_their_key(shop: Program) -> None:
    assert shop.json("media", "renew-links") == {"renewed": True}
    done = shop.run("media", "renew-links")
    assert (done.returncode, "all links to files are revoked" in done.stdout) == (Exit.DONE, True)
