"""From the first frame to the last: what the program shows, and how it leaves the terminal behind."""

import signal
import sys

import pytest

from contacts_tui.cli.exit import Exit
from tests.e2e.shop import Shop, chosen, surroundings
from tests.e2e.terminal import Terminal

MOVE_BYTES = 1_000
"""A cursor move at 120×40 writes less than this, so that it is quick on a slow line."""


def assert_sane(terminal: Terminal) -> None:
    """Assert that the terminal is as the program found it: no alternate screen, no mouse, cursor, keyboard, echo."""
    assert terminal.modes_left() == set()
    assert terminal.keyboard_left() == 0
    assert terminal.settings_kept


def test_the_frame_stands_before_the_list(shop: Shop) -> None:
    with shop.program() as terminal:
        first = terminal.wait_for("Contacts", "Waiting")
        assert chosen(terminal, "Amara Okafor") > first


def test_a_day_at_the_desk(shop: Shop) -> None:
    with shop.program() as terminal:
        chosen(terminal, "Amara Okafor")
        terminal.press("j")
        chosen(terminal, "Person 001")
        terminal.press("k")
        chosen(terminal, "Amara Okafor")
        terminal.press("enter")
        terminal.wait_for("Question 0", "to Amara Okafor …1000 · WhatsApp")
        # A message counts as read once it was in sight for a moment.
        terminal.wait_until(lambda: shop.unread() == 10, "the message to count as read")
        terminal.press("escape")
        terminal.wait_for("⏎ details")
        terminal.press("escape")
        terminal.wait_for("12 people", "10 unread")
        terminal.press("q")
        terminal.wait_for("Quit the program?")
        terminal.press("y")
        assert terminal.wait_exit() == Exit.DONE
        assert_sane(terminal)


def test_a_cursor_move_is_light(shop: Shop) -> None:
    with shop.program(columns=120, rows=40) as terminal:
        chosen(terminal, "Amara Okafor")
        terminal.wait_for("11 unread", "nothing waiting")
        terminal.press("j")
        chosen(terminal, "Person 001")
        mark = terminal.mark()
        for place in range(2, 8):
            terminal.press("j")
            chosen(terminal, f"Person {place:03d}")
        assert len(terminal.since(mark)) < 6 * MOVE_BYTES


@pytest.mark.parametrize("where", ["the list", "a thread", "the help", "the palette"])
def test_a_terminated_program_gives_the_terminal_back(shop: Shop, where: str) -> None:
    with shop.program() as terminal:
        chosen(terminal, "Amara Okafor")
        if where == "a thread":
            terminal.press("enter")
            terminal.wait_for("to Amara Okafor …1000")
        elif where == "the help":
            terminal.press("?")
            terminal.wait_for("Keys and marks")
        elif where == "the palette":
            terminal.press("ctrl+p")
            terminal.wait_for("Open the chosen person.")
        terminal.signal(signal.SIGTERM)
        assert terminal.wait_exit() == Exit.TERMINATED
        assert_sane(terminal)


def test_ctrl_c_leaves_when_pressed_twice(shop: Shop) -> None:
    with shop.program() as terminal:
        chosen(terminal, "Amara Okafor")
        terminal.press("ctrl+c")
        terminal.wait_for("Press ctrl+c again to quit.")
        terminal.press("ctrl+c")
        assert terminal.wait_exit() == Exit.DONE
        assert_sane(terminal)


def test_nothing_of_a_killed_program_is_left_running(shop: Shop) -> None:
    with shop.program() as terminal:
        chosen(terminal, "Amara Okafor")
        assert terminal.processes() == [terminal.pid]
        terminal.signal(signal.SIGKILL)
        assert terminal.wait_exit() == -signal.SIGKILL
        terminal.wait_empty()


def test_nothing_of_a_killed_demo_is_left_running(shop: Shop) -> None:
    command = [sys.executable, "-m", "contacts_tui", "demo", "--folder", str(shop.folder / "demo")]
    with Terminal(command, environment=surroundings(shop.folder)) as terminal:
        terminal.wait_for("Amara Okafor")
        assert len(terminal.processes()) == 3
        terminal.signal(signal.SIGKILL)
        terminal.wait_exit()
        terminal.wait_empty()


def test_a_store_that_cannot_be_opened_is_told_and_leaves_the_terminal_sane(shop: Shop) -> None:
    folder = shop.folder / "no-store.db"
    folder.mkdir()
    with Terminal(
        [sys.executable, "-m", "contacts_tui", "--database", str(folder)], environment=surroundings(shop.folder)
    ) as terminal:
        terminal.wait_for("is a folder")
        terminal.press("enter")
        assert terminal.wait_exit() == Exit.FAILED
        assert_sane(terminal)
        assert "the store has to be a file" in terminal.text
