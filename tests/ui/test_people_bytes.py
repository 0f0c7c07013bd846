"""How many bytes the people screen writes to a terminal."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.terminal import Terminal
from tests.ui.town import Town, number

LINES = 1000
"""Bytes allowed for two lines of a hundred cells, which a move of the cursor redraws."""
QUIET = 0.3
"""Seconds of silence after which the program has drawn all it had to draw."""

PROGRAM = """
import sys
from contacts_tui.app import ContactsApp
from contacts_tui.screens.session import AgentSession
app = ContactsApp(AgentSession(sys.argv[1], "Kim", view="All people"))
app.run()
sys.exit(app.return_code or 0)
"""
"""The app alone, without an outbox, which would write to the store, too."""


def command(location: str) -> list[str]:
    """Return the command that runs the app over a store."""
    return [sys.executable, "-c", PROGRAM, location]


@pytest.fixture
def terminal(town: Town) -> Iterator[Terminal]:
    """Yield a terminal of 120×40 with the loaded list."""
    with Terminal(command(town.location), columns=120, rows=40) as made:
        made.wait_for("Amara Okafor", "inboxes live")
        made.gather(QUIET)
        yield made


def cost(terminal: Terminal, key: str) -> int:
    """Press a key, and return the number of bytes written in answer."""
    mark = terminal.mark()
    terminal.press(key)
    terminal.gather(QUIET)
    return len(terminal.since(mark))


def test_a_move_of_the_cursor_costs_two_lines(terminal: Terminal) -> None:
    assert all(0 < cost(terminal, key) < LINES for key in "jjjkj")
    terminal.wait_until(lambda: any("▸✗" in line for line in terminal.lines), "the fourth person")


def test_a_message_of_the_first_person_costs_one_line(town: Town, terminal: Terminal) -> None:
    mark = terminal.mark()
    town.clock.forward(seconds=30)
    town.hears(town.whatsapp, "And the red one?", number(0))
    terminal.wait_for("And the red one?", "●2")
    terminal.gather(QUIET)
    assert len(terminal.since(mark)) < LINES


def test_going_to_the_search_field_repaints_no_list(terminal: Terminal) -> None:
    assert cost(terminal, "/") < 2 * LINES


def test_nothing_is_written_while_nothing_happens(terminal: Terminal) -> None:
    mark = terminal.mark()
    terminal.gather(QUIET)
    assert terminal.since(mark) == b""


def test_a_store_that_does_not_open_is_told_on_the_terminal_too(tmp_path: Path) -> None:
    broken = tmp_path / "broken.db"
    broken.write_bytes(b"this was never a database, and is long enough to be looked at as one")
    with Terminal(command(f"sqlite:///{broken}")) as terminal:
        terminal.wait_for("Press any key to quit.")
        mark = terminal.mark()
        terminal.press("x")
        assert terminal.wait_exit() == 1
        said = terminal.since(mark).rpartition(b"\x1b[?1049l")[2]
        assert b"choose another file" in said.replace(b"\r\n", b"")
