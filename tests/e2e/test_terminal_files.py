"""A photo that came by Telegram is saved, and a file goes back, by the keys of a real terminal."""

import os
import signal
from pathlib import Path

import httpx

from tests.e2e.cli.program import Program, Server
from tests.e2e.terminal import Terminal, contacts_tui

BOT, TOKEN, SAM = "shop_support_bot", "7001:AAH-fQ_shop", 5_123_456_789
PHOTO = b"\x89PNG\r\n\x1a\n of a dog"


def terminal_of(program: Program, folder: Path) -> Terminal:
    """Start the interface on the program's store, with `folder` as its home."""
    environment = {
        "BOT_TOKEN": TOKEN,
        "HOME": str(folder),
        "CONTACTS_TUI_DATA_FOLDER": str(folder / "data"),
        "XDG_CONFIG_HOME": str(folder / "config"),
    }
    return Terminal(contacts_tui(program.database), environment=environment)


def connect(program: Program, sandbox: Server) -> None:
    """Connect a bot that Sam has started and sent a photo to."""
    sandbox.control("telegram/bots", {"token": TOKEN, "username": BOT, "name": "Shop"})
    sandbox.control("telegram/people", {"chat_id": SAM, "first_name": "Sam", "last_name": "Poe", "started": [BOT]})
    options = ("--channel", "telegram", "--address", BOT, "--secret", "env:BOT_TOKEN", "--base-url", sandbox.url)
    program.ok("inbox", "add", "Bot", *options)
    photo = {"content_type": "image/jpeg", "text": "a dog"}
    sandbox.control("telegram/inbound", {"bot": BOT, "chat_id": SAM, "photo": photo, "caption": "My dog"})


def open_thread(terminal: Terminal) -> None:
    """Open Sam's thread once the photo is there."""
    terminal.wait_for("Sam Poe", "My dog")
    terminal.press("enter")
    terminal.wait_for("to Sam Poe", "[Photo:")


def test_a_photo_is_saved_and_a_file_survives_a_kill_and_is_sent(tmp_path: Path) -> None:
    program = Program(tmp_path)
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "answer.png").write_bytes(PHOTO)
    with program.serving("sandbox") as sandbox:
        connect(program, sandbox)
        with terminal_of(program, tmp_path) as terminal:
            open_thread(terminal)
            terminal.press("escape")
            terminal.wait_for("s save file")
            terminal.press("s")
            terminal.wait_for("Save to which folder")
            terminal.press("ctrl+u")
            terminal.type("~/mine/")
            terminal.press("enter")
            terminal.wait_for("Saved:")
            assert (tmp_path / "mine" / "photo.jpg").read_bytes() == b"a dog"
            terminal.press("ctrl+o")
            terminal.wait_for("Attach a file · Telegram")
            terminal.type("mine/ans")
            terminal.wait_for("▸ answer.png")
            terminal.press("enter")
            terminal.wait_for("Photo: answer.png", "removes it")
            os.kill(terminal.pid, signal.SIGKILL)
            terminal.wait_exit()
        with terminal_of(program, tmp_path) as terminal:
            open_thread(terminal)
            terminal.wait_for("Photo: answer.png", "removes it")
            terminal.type("Yours")
            terminal.press("enter")
            terminal.wait_for("Yours", "✓ sent")
        messages = httpx.get(f"{sandbox.url}/control/messages", trust_env=False).json()["messages"]
    (sent,) = [message for message in messages if message["direction"] == "outbound-api"]
    assert (sent["body"], sent["media"][0]["size"]) == ("Yours", len(PHOTO))
