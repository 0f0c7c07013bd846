"""The demo in a terminal: a newcomer's first minutes, by keyboard alone."""

import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from contacts_tui.paths import shipped_data
from tests.e2e.terminal import Terminal

LATER = 90.0
"""Seconds to wait for events that the demo brings after a while."""


@pytest.fixture
def demo(tmp_path: Path) -> Iterator[Terminal]:
    """Yield the demo, with its list of people on the screen; assert that it leaves no process and only saved files."""
    command = [sys.executable, "-m", "contacts_tui", "demo"]
    with Terminal(command, environment={"TMPDIR": str(tmp_path), "HOME": str(tmp_path / "home")}) as terminal:
        terminal.wait_for("Amara Okafor", "66 people", limit=LATER)
        yield terminal
        terminal.press("ctrl+q")
        assert terminal.wait_exit() == 0
        terminal.wait_empty()
    left = {path.relative_to(tmp_path).parts[:2] for path in tmp_path.rglob("*")}
    assert left <= {("home",), ("home", "Downloads")}


def look_up(terminal: Terminal, name: str, whole: str) -> None:
    """Open a person by a search."""
    terminal.type("/" + name)
    terminal.wait_for(f"Matches for “{name}”", "1 person")
    terminal.press("enter")
    terminal.wait_for("← People", whole)


def back(terminal: Terminal, *screens: str) -> None:
    """Go back, by way of the screens with these words, to the list of people without a search."""
    for words in screens:
        terminal.press("escape")
        terminal.wait_for(words)
    terminal.press("escape")
    terminal.wait_for("Matches for")
    terminal.press("escape")
    terminal.wait_for(" people ·")


def words(terminal: Terminal) -> str:
    """Return the words on the screen, without borders and line breaks."""
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
    assert "They must message Shop bot first. Share: " in words(demo)
    demo.press("f3")
    demo.wait_for("Telegram · never wrote to us", "copy the link")
    demo.press("enter")
    demo.wait_for("Copied: https://t.me/okaygoods_bot")
    # The link that the terminal is to put on the clipboard, in base64.
    demo.wait_bytes(b"\x1b]52;c;aHR0cHM6Ly90Lm1lL29rYXlnb29kc19ib3Q=\x07")
    back(demo, "▌ No messages by Telegram")

    look_up(demo, "eero", "Eero Virtanen")
    demo.wait_for("? unknown", "Two are left. Shall I put them aside for you?")
    demo.press("escape")
    demo.wait_for("⏎ details")
    demo.press("enter")
    demo.wait_for("attempt 1", "May or may not have been sent")
    demo.wait_for("(no answer, ")
    back(demo, "⏎ details")


def test_two_who_are_one_person_are_merged_and_told_apart_again(demo: Terminal) -> None:
    demo.press("D")
    demo.wait_for("Possible duplicates", "Yuki Tanaka · Y. Tanaka", "same email", "Lucía Fernández · Lu Fernández")
    demo.press("j", "enter")
    demo.wait_for("Merge  Lu Fernández  into  Lucía Fernández", "◉ Lucía Fernández", "from the left")
    demo.press("right")
    demo.wait_for("◉ Lu Fernández", "from the right")
    demo.press("enter")
    demo.wait_for("was merged", "Yuki Tanaka · Y. Tanaka")
    demo.wait_gone("Lucía Fernández · Lu Fernández")
    demo.press("escape")
    demo.wait_gone("Possible duplicates")
    demo.wait_for("u undo")
    demo.press("u")
    demo.wait_for("Undone:")
    demo.press("D")
    demo.wait_for("Lucía Fernández · Lu Fernández")
    demo.press("escape")
    demo.wait_gone("Possible duplicates")


def test_a_stranger_on_telegram_is_linked_to_the_person_they_are(demo: Terminal) -> None:
    demo.type("/wanjiru")
    demo.wait_for("2 people", "Wanjiru K.")
    demo.press("enter")
    demo.wait_for("← People", "Wanjiru K.   Conversation", "no number", "Wanjiru Kamau here")
    demo.press("escape")
    demo.wait_for("⏎ details")
    demo.press("L")
    demo.wait_for("Who is Wanjiru K.?")
    demo.type("wanjiru")
    demo.wait_for("Wanjiru Kamau  SMS")
    demo.press("enter")
    demo.wait_for("Merge  Wanjiru K.  into  Wanjiru Kamau", "Telegram")
    demo.press("enter")
    demo.wait_for("← People", "Wanjiru Kamau   Conversation", "is the bag ready?")


def test_a_photo_is_saved_and_the_inbox_in_trouble_is_found(demo: Terminal, tmp_path: Path) -> None:
    look_up(demo, "carla", "Carla Núñez")
    demo.wait_for("[Photo: caja.jpg")
    demo.press("escape")
    demo.wait_for("s save file")
    demo.press("s")
    demo.wait_for("Save to which folder")
    demo.press("enter")
    demo.wait_for("Saved:")
    saved = tmp_path / "home" / "Downloads" / "caja.jpg"
    assert saved.read_bytes() == (shipped_data() / "files" / "caja.jpg").read_bytes()
    back(demo)

    demo.wait_for("✗ Outlet bot: Telegram doesn't accept the bot's token (i shows it)", limit=LATER)
    demo.press("i")
    demo.wait_for("6 connected", "✗ Outlet bot", "needs attention")
    demo.press("end")
    demo.wait_for("▸ ✗ Outlet bot", "✗ Needs attention: Telegram doesn't accept the bot's token")
    assert "ask an administrator to renew the bot's token" in words(demo)
    assert "start contacts-tui" not in words(demo)
    demo.press("escape")
    demo.wait_for(" people ·")


def test_people_write_by_themselves_and_a_revoked_token_is_told(demo: Terminal) -> None:
    demo.wait_for("Outlet bot", "accept the bot's token")
    demo.wait_for("Hola, ¿abren el lunes?", "now", limit=LATER)


def test_a_message_that_times_out_is_never_called_sent_nor_failed(demo: Terminal) -> None:
    look_up(demo, "eero", "Eero Virtanen")
    demo.wait_for("birch stools")
    demo.type("They are yours.")
    demo.press("enter")
    demo.wait_for("They are yours.", "→ sending")
    # The person received the message and answers, though the provider never confirmed it.
    demo.wait_for("Got it, kiitos! I come tomorrow.", limit=LATER)
    unknown = re.compile(r"\? unknown *\n.*They are yours\.")
    demo.wait_until(lambda: unknown.search(demo.text) is not None, "the message is unknown", LATER)
    back(demo, "⏎ details")
