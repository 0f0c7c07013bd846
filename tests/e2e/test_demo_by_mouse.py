"""The demo in a terminal by mouse alone: the keyboard only types names and messages."""

import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from contacts_tui.paths import shipped_data
from tests.e2e.terminal import Terminal

LATER = 90.0
"""Seconds to wait for events that the demo brings after a while."""

_WHEEL_DOWN = b"\x1b[<65;10;10M"
"""One notch of the wheel, on the tenth column and line."""

SMALL, LARGE = (80, 24, ""), (120, 40, "truecolor")
"""Columns, rows, and COLORTERM: an ordinary SSH connection doesn't pass it on, which leaves 256 colours."""


@pytest.fixture(params=[SMALL, LARGE], ids=["80x24 in 256 colours", "120x40 in true colour"])
def demo(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Terminal]:
    """Yield the demo, with its list of people on the screen."""
    columns, rows, colours = request.param
    environment = {"TMPDIR": str(tmp_path), "HOME": str(tmp_path / "home"), "COLORTERM": colours}
    command = [sys.executable, "-m", "contacts_tui", "demo"]
    with Terminal(command, columns=columns, rows=rows, environment=environment) as terminal:
        terminal.wait_for("Amara Okafor", "66 people", limit=LATER)
        yield terminal
        terminal.press("ctrl+q")
        assert terminal.wait_exit() == 0


def look_up(terminal: Terminal, name: str, whole: str) -> None:
    """Open a person by a search: a click on the field, and one on the person."""
    terminal.click("/ ")
    terminal.wait_for("esc back")
    terminal.type(name)
    terminal.wait_for(f"Matches for “{name}”", "1 person")
    terminal.click(whole)
    terminal.wait_for("← People", "Conversation  Timeline", whole)


def back(terminal: Terminal) -> None:
    """Go back to the list, and end the search."""
    terminal.click("← People")
    terminal.wait_for("Matches for", "⏎ open  esc back", "/ find")
    terminal.click("esc back")
    terminal.wait_for(" people ·")


def answer(terminal: Terminal, text: str, *replies: str) -> None:
    """Send an answer by the button, and wait for the texts that follow."""
    terminal.wait_for("Send]")
    terminal.type(text)
    terminal.wait_for(f"│ {text}", f"{len(text)}/")
    terminal.click("⏎ Send]")
    terminal.wait_for(*replies)


def turn_wheel(terminal: Terminal) -> None:
    """Turn the wheel by one notch, and wait until the screen has changed and is at rest."""
    before = terminal.text
    terminal.send(_WHEEL_DOWN)
    terminal.wait_until(lambda: terminal.text != before, "what the wheel brings")
    terminal.gather(0.3)
    terminal.show()


def run_command(terminal: Terminal, name: str, about: str) -> None:
    """Click a command in the palette, or, where the footer has no room for the palette's key, in the help."""
    terminal.wait_until(lambda: re.search(" (commands|more)", terminal.text) is not None, "a way to the commands")
    if " commands" in terminal.text:
        terminal.click(" commands")
        terminal.wait_for("▔▔▔▔")
        terminal.type(name)
    else:
        terminal.click(" more")
        terminal.wait_for("Keys and marks")
        while about not in terminal.text:
            turn_wheel(terminal)
    terminal.click(about)


def test_people_are_answered_and_what_cannot_be_done_is_told(demo: Terminal) -> None:
    look_up(demo, "leila", "Leila Ben")
    answer(demo, "Yes, one is left.", "✓ sent", "Great, I am on my way. Ten minutes!")
    back(demo)
    look_up(demo, "camille", "Camille Lef")
    answer(demo, "It is, in two metres.", "✓✓ read", "Parfait, I take it. Merci !")
    back(demo)

    look_up(demo, "farid", "Farid Haddad")
    demo.wait_for("Choose a channel")
    if demo.screen.columns < 100:
        demo.click(" card ·")
        demo.wait_for("Messaging")
    demo.click("Telegram   never wrote")
    demo.click("copy the link]")
    demo.wait_for("Copied: https://t.me/okaygoods_bot")
    back(demo)

    look_up(demo, "eero", "Eero Virtanen")
    demo.click("? unknown")
    demo.click("⏎ details")
    demo.wait_for("attempt 1", "May or may not have been sent")
    demo.click("esc back")
    demo.wait_gone("attempt 1")
    back(demo)


def test_two_are_merged_a_chat_is_linked_a_photo_saved_and_a_bad_inbox_found(demo: Terminal, tmp_path: Path) -> None:
    # The notice about the inbox moves the footer.
    demo.wait_for("✗ Outlet bot", "✗ 1 ", limit=LATER)
    run_command(demo, "duplicates", "List possible duplicates")
    demo.click("Lucía Fernández · Lu")
    demo.wait_for("Merge  Lu Fernández  into  Lucía Fernández")
    demo.click("⏎ merge", last=True)
    demo.wait_for("was merged")
    demo.click("esc back")
    demo.wait_gone("Possible duplicates")
    demo.click("u undo", last=True)
    demo.wait_for("Undone:")

    look_up(demo, "carla", "Carla Núñez")
    demo.click("[Photo: caja.jpg")
    demo.click("s save file")
    demo.wait_for("Save to which folder")
    demo.click("⏎ save", last=True)
    demo.wait_for("Saved:")
    saved = tmp_path / "home" / "Downloads" / "caja.jpg"
    assert saved.read_bytes() == (shipped_data() / "files" / "caja.jpg").read_bytes()
    back(demo)

    demo.click("/ ")
    demo.wait_for("esc back")
    demo.type("kamau here")
    demo.wait_for("Matches for “kamau here”", "1 person")
    demo.click("Wanjiru K.")
    demo.wait_for("← People", "Wanjiru K.   Conversation", "Wanjiru Kamau here")
    run_command(demo, "link a chat", "Link a chat to a contact")
    demo.wait_for("Who is Wanjiru K.?")
    demo.type("wanjiru")
    demo.click("Wanjiru Kamau  SMS")
    demo.wait_for("Merge  Wanjiru K.  into  Wanjiru Kamau", "Telegram")
    demo.click("⏎ merge", last=True)
    demo.wait_for("← People", "Wanjiru Kamau   Conversation", "is the bag ready?")
    back(demo)

    demo.click("✗ 1 ")
    demo.wait_for("6 connected", "✗ Outlet bot", "needs attention")
    demo.click("✗ Outlet bot")
    demo.wait_for("✗ Needs attention: Telegram doesn't accept the bot's token")
