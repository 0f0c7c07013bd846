"""Every screen in narrow and wide terminals, in few colours and none: it opens, and nothing is cut in silence."""

import re

import pytest

from contacts_tui.cli.exit import Exit
from tests.e2e.shop import Shop, chosen
from tests.e2e.terminal import Terminal

SIZES = [(60, 20), (80, 24), (120, 40), (200, 50)]
CHANNELS = ("1 SMS", "2 WhatsApp", "3 Telegram", "4 Messenger")
FOLDED = 100
"""Below this many columns the card is folded, and f7 shows it."""


@pytest.mark.parametrize(("columns", "rows"), SIZES)
def test_every_screen_at_every_size(shop: Shop, columns: int, rows: int) -> None:
    shop.template()
    with shop.program(columns=columns, rows=rows) as terminal:
        walk(terminal, folded=columns < FOLDED)
        terminal.press("q")
        terminal.wait_for("Quit the program?")
        terminal.press("y")
        assert terminal.wait_exit() == Exit.DONE


def walk(terminal: Terminal, *, folded: bool) -> None:
    """Open every screen and come back to People."""
    chosen(terminal, "Amara Okafor")
    terminal.wait_for("11 unread", "Farid Haddad")
    footer_is_whole(terminal)
    terminal.press("?")
    terminal.wait_for("Keys and marks", "esc back")
    terminal.press("escape")
    terminal.wait_gone("Keys and marks")
    terminal.press("ctrl+p")
    terminal.wait_for("Search for commands")
    terminal.press("escape")
    terminal.wait_gone("Search for commands")

    terminal.press("enter")
    terminal.wait_for("to Amara Okafor …1000 · WhatsApp", "Question 0", "0/1600")
    footer_is_whole(terminal)
    if folded:
        terminal.press("f7")
    terminal.wait_for(*CHANNELS, "no inbox connected")
    footer_is_whole(terminal)
    if folded:
        terminal.press("f7")
        terminal.wait_gone("3 Telegram")
    terminal.press("f6")
    terminal.wait_for("Select Template", "order_ready", "1 approved of 1", "order {{2}} is ready")
    terminal.press("escape")
    terminal.wait_gone("1 approved of 1")
    terminal.press("f5")
    terminal.wait_for("Question 0", "· Shop WhatsApp")
    terminal.press("escape")
    terminal.wait_for("⏎ details")
    footer_is_whole(terminal)
    terminal.press("v")
    terminal.wait_for("Message from Amara Okafor …1000", "received by Shop WhatsApp", "esc back")
    terminal.press("escape")
    terminal.wait_gone("Message from")
    terminal.press("escape")
    chosen(terminal, "Amara Okafor")


def footer_is_whole(terminal: Terminal) -> None:
    """Wait until the footer ends with the key of help or more, or with `…`: no command in it is cut off."""
    whole = re.compile(r"(\? (help|more)|f9 (help|more)|…)$")
    terminal.wait_until(lambda: whole.search(terminal.lines[-1]) is not None, "a footer that is whole")


def test_resizing_while_it_runs(shop: Shop) -> None:
    with shop.program(columns=200, rows=50) as terminal:
        chosen(terminal, "Amara Okafor")
        terminal.press("enter")
        terminal.wait_for("to Amara Okafor …1000", *CHANNELS)
        terminal.type("half a senten")
        terminal.resize(60, 20)
        terminal.wait_for("to Amara Okafor …1000", "half a senten")
        terminal.wait_gone("3 Telegram")
        terminal.resize(120, 40)
        terminal.wait_for("to Amara Okafor …1000", *CHANNELS, "half a senten")
        terminal.resize(20, 5)
        terminal.resize(80, 24)
        terminal.wait_for("to Amara Okafor …1000", "half a senten")
        terminal.wait_gone("3 Telegram")
        terminal.press("ctrl+q")
        assert terminal.wait_exit() == Exit.DONE


@pytest.mark.parametrize(
    "environment",
    [
        {"NO_COLOR": "1"},
        {"TERM": "xterm-16color", "COLORTERM": ""},
        {"TERM": "screen-256color", "COLORTERM": ""},
        {"TERM": "dumb", "COLORTERM": ""},
    ],
    ids=lambda environment: " ".join(environment.values()),
)
def test_few_colours_and_none(shop: Shop, environment: dict[str, str]) -> None:
    with shop.program(environment=environment) as terminal:
        chosen(terminal, "Amara Okafor")
        # Unread messages have their mark, whatever the colours.
        terminal.wait_for("11 unread", "● Person 001")
        terminal.press("enter")
        terminal.wait_for("to Amara Okafor …1000")
        terminal.type("Is it blue?")
        terminal.press("enter")
        terminal.wait_for("queued")
        terminal.press("ctrl+q")
        assert terminal.wait_exit() == Exit.DONE
        colours = set(re.findall(rb"(?:38|48);(2|5);", terminal.output))
        if "NO_COLOR" in environment:
            assert grey(terminal.output)
        elif environment["TERM"] != "dumb":
            assert b"2" not in colours


def grey(output: bytes) -> bool:
    """Return whether every 24-bit colour in the output is a shade of grey."""
    found = re.findall(rb"[34]8;2;(\d+);(\d+);(\d+)", output)
    return all(red == green == blue for red, green, blue in found)
