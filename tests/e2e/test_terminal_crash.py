"""Whatever fails in the interface: the terminal is given back, the draft kept, the failure logged, the status 70."""

import re
import sys

import pytest

from contacts_tui.cli.exit import Exit
from contacts_tui.domain.channel import Channel
from contacts_tui.services import messaging
from tests.e2e.shop import Shop, chosen, surroundings
from tests.e2e.terminal import Terminal
from tests.e2e.test_terminal_life import assert_sane

FAULTS = ("handler", "frame", "compose", "screen", "worker", "driver", "panic")
TEXT = "We have looked, and"


def crashing(shop: Shop, fault: str) -> Terminal:
    """Start the interface with this fault behind ctrl+x."""
    command = [sys.executable, "-m", "tests.e2e.crashing", shop.location, fault]
    return Terminal(command, environment=surroundings(shop.folder))


def assert_told(shop: Shop, terminal: Terminal) -> None:
    """Assert that the terminal shows one sentence with the log's path, and that the log has the traceback."""
    log = shop.folder / "data" / "interface.log"
    after = terminal.output.decode().rpartition("\x1b[?1049l")[2]
    told = [line for line in re.sub(r"\x1b\[[?<>0-9;]*[a-zA-Z]", "", after).splitlines() if line.strip()]
    assert len(told) == 1, told
    assert told[0].startswith("contacts-tui: a bug in the program, please report it: ")
    assert str(log) in told[0]
    logged = log.read_text()
    assert "the interface failed" in logged
    assert re.search(r"^\S*(ZeroDivisionError|Panic): ", logged, re.MULTILINE), logged


@pytest.mark.parametrize("fault", FAULTS)
def test_a_failure_of_any_kind_ends_in_order(shop: Shop, fault: str) -> None:
    with crashing(shop, fault) as terminal:
        chosen(terminal, "Amara Okafor")
        terminal.press("enter")
        terminal.wait_for("to Amara Okafor …1000")
        terminal.type(TEXT)
        terminal.wait_for(TEXT)
        terminal.press("ctrl+x")
        if fault == "driver":
            terminal.wait_for("now")
            terminal.press("x")
        assert terminal.wait_exit() == Exit.CRASHED
        assert_sane(terminal)
        assert_told(shop, terminal)
    identity = shop.identity(shop.amara, Channel.WHATSAPP)
    assert shop.store.call_read(messaging.draft, identity.id, shop.whatsapp.id).rstrip("x") == TEXT


def test_a_loop_that_hangs_is_ended_with_the_terminal_given_back(shop: Shop) -> None:
    with crashing(shop, "hanging") as terminal:
        chosen(terminal, "Amara Okafor")
        terminal.press("ctrl+x")
        terminal.wait_exit()
        assert_sane(terminal)
    log = (shop.folder / "data" / "interface.log").read_text()
    assert "did not end in time" in log
    assert "in_hanging" in log
