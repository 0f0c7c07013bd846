"""Inboxes in a real terminal: a bot is connected, checked and disconnected, and its silence is told."""

import json
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlmodel import Session, select

from contacts_tui.cli.exit import Exit
from contacts_tui.domain.channel import Channel
from contacts_tui.domain.inbox import InboxForm
from contacts_tui.services import inboxes
from contacts_tui.store.message_tables import InboxRow
from tests.e2e.cli.program import Program, Server
from tests.e2e.shop import Shop, ago, surroundings
from tests.e2e.terminal import Terminal
from tests.services.bots import BOT, BOT_TOKEN, SAM


@pytest.fixture
def sandbox(tmp_path: Path) -> Iterator[Server]:
    """Yield a sandbox of its own, with our bot and with Sam, who started the bot."""
    folder = tmp_path / "sandbox"
    folder.mkdir()
    with Program(folder).serving("sandbox") as server:
        server.control(
            "seed",
            {
                "telegram_bots": [{"token": BOT_TOKEN, "username": BOT, "name": "Shop"}],
                "telegram_people": [{"chat_id": SAM, "first_name": "Sam", "last_name": "Poe", "started": [BOT]}],
                "settings": {"small_talk": False},
            },
        )
        yield server


def environment(shop: Shop) -> dict[str, str]:
    """Return the environment of the program, with the bot's token."""
    return surroundings(shop.folder) | {"BOT_TOKEN": BOT_TOKEN}


def listed(shop: Shop, name: str) -> dict[str, Any]:
    """Return the inbox of this name, as `inbox list --json` prints it."""
    done = Program(shop.folder).run("--database", shop.location, "inbox", "list", "--json", env=environment(shop))
    assert done.returncode == 0, done.stderr
    return next(each for each in json.loads(done.stdout)["inboxes"] if each["inbox"]["name"] == name)


def connect(terminal: Terminal, url: str) -> None:
    """Connect the bot from the screen of inboxes, with the sandbox at `url`."""
    terminal.press("a")
    terminal.wait_for("Connect an inbox", "Account SID")
    terminal.press("space", "space")
    terminal.wait_for("Bot's name", "Telegram ▸")
    for text in ("Shop bot", BOT, "env:BOT_TOKEN"):
        terminal.press("tab")
        terminal.type(text)
        terminal.wait_for(text)
    terminal.press("tab", "tab")
    terminal.type(url)
    terminal.wait_for(url)
    terminal.press("ctrl+s")
    terminal.wait_for("✓ Shop bot")


def wait_heard(terminal: Terminal) -> None:
    """Wait until the bot's line says that a message was received just now."""
    terminal.wait_until(
        lambda: any("Shop bot" in line and "just now" in line for line in terminal.lines),
        "the bot to be heard",
    )


def test_a_bot_is_connected_checked_and_disconnected(shop: Shop, sandbox: Server) -> None:
    with shop.program(environment=environment(shop)) as terminal:
        terminal.wait_for("Amara Okafor", "2 connected")
        terminal.press("i")
        terminal.wait_for("2 connected", "c check")
        connect(terminal, sandbox.url)
        terminal.wait_for("3 connected")
        terminal.press("c")
        terminal.wait_for("All is well.", "accepts the token.")
        sandbox.control("telegram/inbound", {"bot": BOT, "chat_id": SAM, "text": "Is the blue one back?"})
        wait_heard(terminal)
        terminal.press("d")
        terminal.wait_for("Disconnect Shop bot?", "Its one thread stays", "y disconnects Shop bot")
        terminal.press("y")
        terminal.wait_for("– Shop bot", "1 disconnected", "2 connected")
        terminal.press("escape")
        terminal.wait_for("Sam Poe", "✓ 2 connected")
        terminal.press("/")
        terminal.type("sam poe")
        terminal.wait_for("1 person")
        terminal.press("enter")
        terminal.wait_for("Is the blue one back?", "disconnected")
        terminal.press("ctrl+q")
        assert terminal.wait_exit() == Exit.DONE
    assert listed(shop, "Shop bot")["state"] == "disconnected"


def test_complaint_13_a_bot_whose_token_is_refused_is_told_everywhere(shop: Shop, sandbox: Server) -> None:
    with shop.program(environment=environment(shop)) as terminal:
        terminal.wait_for("Amara Okafor", "2 connected")
        terminal.press("i")
        terminal.wait_for("c check")
        connect(terminal, sandbox.url)
        sandbox.control("telegram/inbound", {"bot": BOT, "chat_id": SAM, "text": "hello"})
        terminal.wait_for("✓ Live", "asked by")
        wait_heard(terminal)
        sandbox.control("telegram/bots", {"token": f"{BOT_TOKEN}-new", "username": BOT})
        # The next request follows only the long poll that is under way: this message ends the poll.
        sandbox.control("telegram/inbound", {"bot": BOT, "chat_id": SAM, "text": "hello?"})
        terminal.wait_for("✗ Shop bot", "✗ Needs attention: Telegram doesn't accept the bot's token", limit=60)
        found = listed(shop, "Shop bot")
        assert (found["state"], found["troubles"][0]["code"], found["last_error"]["code"]) == ("trouble", "401", "401")
        assert found["care"].startswith("Telegram doesn't accept the bot's token: ask an administrator")
        assert found["last_heard_at"] is not None
        terminal.press("escape")
        terminal.wait_for("✗ Shop bot", "(i shows it)", "✗ 1 to check")
        sandbox.control("telegram/bots", {"token": BOT_TOKEN, "username": BOT})
        terminal.press("i")
        terminal.wait_for("c check")
        terminal.press("G", "c")
        terminal.wait_for("All is well.", "✓ Live", limit=60)


def test_complaint_13_another_program_that_takes_the_messages_is_told(shop: Shop, sandbox: Server) -> None:
    def another_asks() -> bool:
        httpx.post(f"{sandbox.url}/bot{BOT_TOKEN}/getUpdates", data={"timeout": "0"}, trust_env=False)
        return True

    with shop.program(environment=environment(shop)) as terminal:
        terminal.wait_for("Amara Okafor", "2 connected")
        terminal.press("i")
        terminal.wait_for("c check")
        connect(terminal, sandbox.url)
        terminal.wait_for("✓ Live", "asked by")
        told = "another program receives this inbox's messages"
        terminal.wait_until(lambda: another_asks() and told in terminal.text, told)
        assert listed(shop, "Shop bot")["last_error"]["code"] == "conflict"


def test_complaint_13_a_bot_that_nobody_asks_is_told(shop: Shop, sandbox: Server) -> None:
    shop.store.call(
        inboxes.connect,
        "Kim",
        InboxForm(name="Shop bot", channel=Channel.TELEGRAM, address=BOT, account="", secret="env:BOT_TOKEN"),
    )
    assert listed(shop, "Shop bot")["state"] == "live"
    long_ago = ago(hours=2)
    shop.store.call(lambda session, _: _set_connected(session, long_ago))
    found = listed(shop, "Shop bot")
    assert (found["state"], found["hearing"]["holder"]) == ("deaf", "")
    assert found["care"] == "no process polls Telegram for its messages: start contacts-tui or contacts-tui serve"


def _set_connected(session: Session, at: datetime) -> None:
    row = session.exec(select(InboxRow).where(InboxRow.name == "Shop bot")).one()
    row.connected_at = at
    session.add(row)
