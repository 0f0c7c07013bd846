"""The demo in a terminal: a newcomer's first minutes, by keyboard alone."""

import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.terminal import Terminal

LATER = 90.0
"""Seconds for what the demo lets happen after a while."""


@pytest.fixture
def demo(tmp_path: Path) -> Iterator[Terminal]:
    """The demo, with its list of people on the screen; at its end nothing is left of it."""
    command = [sys.executable, "-m", "contacts_tui", "demo"]
    with Terminal(command, environment={"TMPDIR": str(tmp_path), "HOME": str(tmp_path / "home")}) as terminal:
        terminal.wait_for("Amara Okafor", "66 people", limit=LATER)
        yield terminal
        terminal.press("ctrl+q")
        assert terminal.wait_exit() == 0
        terminal.wait_empty()
    assert list(tmp_path.iterdir()) == []


def look_up(terminal: Terminal, name: str, whole: str) -> None:
    """Opens a person by a search."""
    terminal.type("/" + name)
    terminal.wait_for(f"Matches for “{name}”", "1 person")
    terminal.press("enter")
    terminal.wait_for("← People", whole)


def back(terminal: Terminal, *screens: str) -> None:
    """Goes back until the list of people stands there whole."""
    for words in screens:
        terminal.press("escape")
        terminal.wait_for(words)
    terminal.press("escape")
    terminal.wait_for("Matches for")
    terminal.press("escape")
    terminal.wait_for(" people ·")


def words(terminal: Terminal) -> str:
    """What the screen says, without its lines."""
    return " ".join(terminal.text.replace("│", " ").replace("▏", " ").split())


def test_a_newcomer_answers_sees_why_not_and_finds_out_what_became_of_a_message(demo: Terminal) -> None:
    look_up(demo, "leila", "Leila Ben Amor")
    demo.wait_for("Do you still have the green one?", "· Telegram · from Shop bot")
    demo.type("Yes, one is left.")
    demo.press("enter")
    demo.wait_for("✓ sent", "Great, I am on my way. Ten minutes!")
    back(demo, "⏎ details")

    look_up(demo, "camille", "Camille Lefèvre")
    demo.wait_for("For Saturday, if possible.", "· Messenger · from Shop page")
    demo.type("It is, in two metres.")
    demo.press("enter")
    demo.wait_for("✓✓ read", "Parfait, I take it. Merci !")
    back(demo, "⏎ details")

    look_up(demo, "farid", "Farid Haddad")
    demo.wait_for("3 Telegram   never wrote to us", "4 Messenger  never wrote to us")
    assert "Telegram lets us write only after they wrote to Shop bot" in words(demo)
    demo.press("3", "y")
    demo.wait_for("Copied: https://t.me/okaygoods_bot")
    # What the terminal is told to put on the clipboard, in base64.
    demo.wait_bytes(b"\x1b]52;c;aHR0cHM6Ly90Lm1lL29rYXlnb29kc19ib3Q=\x07")
    back(demo)

    look_up(demo, "eero", "Eero Virtanen")
    demo.wait_for("? unknown", "Two are left. Shall I put them aside for you?")
    demo.press("escape")
    demo.wait_for("⏎ details")
    demo.press("enter")
    demo.wait_for("attempt 1", "Nobody knows whether it went out.")
    assert "Telegram didn't answer in time, it may have been sent" in words(demo)
    back(demo, "⏎ details")


def test_people_write_by_themselves_and_a_revoked_token_is_told(demo: Terminal) -> None:
    demo.wait_for("Outlet bot", "accept the bot's token")
    demo.wait_for("Hola, ¿abren el lunes?", "now", limit=LATER)


def test_a_message_that_times_out_is_never_called_sent_nor_failed(demo: Terminal) -> None:
    look_up(demo, "eero", "Eero Virtanen")
    demo.wait_for("birch stools")
    demo.type("They are yours.")
    demo.press("enter")
    demo.wait_for("They are yours.", "→ sending")
    # The person has it and answers, while the provider never said so.
    demo.wait_for("Got it, kiitos! I come tomorrow.", limit=LATER)
    unknown = re.compile(r"\? unknown *\n.*They are yours\.")
    demo.wait_until(lambda: unknown.search(demo.text) is not None, "the message is unknown", LATER)
    back(demo, "⏎ details")
