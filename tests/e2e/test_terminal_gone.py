"""A terminal that can't be trusted: bytes that are no text, a line that drops, and an end while something hangs."""

import signal
import sys

import pytest

from contacts_tui.cli.exit import Exit
from contacts_tui.domain.channel import Channel
from contacts_tui.services import messaging
from tests.e2e.shop import Shop, chosen, surroundings
from tests.e2e.terminal import Terminal, contacts_tui
from tests.e2e.test_terminal_crash import crashing
from tests.e2e.test_terminal_life import assert_sane

NO_TEXT = {
    "latin-1": [b"\xe9"],
    "a lone continuation": [b"\xa9"],
    "an overlong slash": [b"\xc0\xaf"],
    "half a character": [b"\xf0\x9f\x98", b"x"],
    "no byte of UTF-8": [b"\xff\xfe"],
    "a surrogate": [b"\xed\xa0\x80"],
    "all high bytes": [bytes(range(0x80, 0x100))],
}
TEXT = "We have looked, and"


def written(shop: Shop) -> str:
    """Return the stored draft to Amara."""
    identity = shop.identity(shop.amara, Channel.WHATSAPP)
    return shop.store.call_read(messaging.draft, identity.id, shop.whatsapp.id)


@pytest.mark.parametrize("pieces", NO_TEXT.values(), ids=NO_TEXT)
def test_bytes_that_are_no_text_are_told_and_end_nothing(shop: Shop, pieces: list[bytes]) -> None:
    with shop.program() as terminal:
        chosen(terminal, "Amara Okafor")
        for piece in pieces:
            terminal.send(piece)
        terminal.press("k")
        terminal.wait_for("Set the terminal to UTF-8")
        terminal.press("/")
        terminal.type("amara")
        terminal.wait_for("Matches for “amara”")
        terminal.press("ctrl+q")
        assert terminal.wait_exit() == Exit.DONE
        assert_sane(terminal)


def test_a_character_that_comes_in_two_pieces_is_one(shop: Shop) -> None:
    with shop.program() as terminal:
        chosen(terminal, "Amara Okafor")
        terminal.press("enter")
        terminal.wait_for("to Amara Okafor …1000")
        terminal.type("Caf")
        terminal.send(b"\xc3")
        terminal.wait_for("Caf")
        terminal.send(b"\xa9!")
        terminal.wait_for("Café!")
        assert "UTF-8" not in terminal.text


@pytest.mark.parametrize("ignored", [False, True], ids=["told", "under nohup"])
def test_a_line_that_drops_ends_the_interface_with_the_draft_kept(shop: Shop, ignored: bool) -> None:
    command = contacts_tui(shop.location)
    if ignored:
        command = ["sh", "-c", 'trap "" HUP; exec "$@"', "sh", *command]
    with Terminal(command, environment=surroundings(shop.folder)) as terminal:
        chosen(terminal, "Amara Okafor")
        terminal.press("enter")
        terminal.wait_for("to Amara Okafor …1000")
        terminal.type(TEXT)
        terminal.wait_for(TEXT)
        terminal.hang_up()
        assert terminal.wait_exit() == Exit.TERMINATED
    assert written(shop) == TEXT
    assert "Traceback" not in (shop.folder / "data" / "interface.log").read_text()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_a_signal_ends_the_interface_with_the_draft_kept(shop: Shop, number: signal.Signals) -> None:
    with shop.program() as terminal:
        chosen(terminal, "Amara Okafor")
        terminal.press("enter")
        terminal.wait_for("to Amara Okafor …1000")
        terminal.type(TEXT)
        terminal.wait_for(TEXT)
        terminal.signal(number)
        assert terminal.wait_exit() == (Exit.INTERRUPTED if number is signal.SIGINT else Exit.TERMINATED)
        assert_sane(terminal)
    assert written(shop) == TEXT


@pytest.mark.parametrize("how", ["quit", "quit and closed", "closed", "told"])
def test_a_store_that_never_opens_holds_nobody_up(shop: Shop, how: str) -> None:
    with crashing(shop, "opening") as terminal:
        terminal.wait_for("opening the store…")
        if how.startswith("quit"):
            terminal.press("ctrl+q")
            terminal.wait_bytes(b"\x1b[?1049l")
        if how == "told":
            terminal.signal(signal.SIGTERM)
        if how.endswith("closed"):
            terminal.hang_up()
        assert terminal.wait_exit() == (Exit.DONE if how.startswith("quit") else Exit.TERMINATED)


def test_a_terminal_that_takes_nothing_more_holds_nobody_up(shop: Shop) -> None:
    with Terminal(
        [sys.executable, "-m", "tests.e2e.crashing", shop.location, "handler"], environment=surroundings(shop.folder)
    ) as terminal:
        chosen(terminal, "Amara Okafor")
        terminal.press("enter")
        terminal.wait_for("to Amara Okafor …1000")
        terminal.type(TEXT)
        terminal.wait_for(TEXT)
        terminal.stall()
        terminal.signal(signal.SIGTERM)
        terminal.wait_ended()
    assert written(shop) == TEXT
