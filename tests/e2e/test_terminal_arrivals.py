"""What comes in elsewhere, as bytes of a terminal: a bell, notices, the title, a line with a key to go there."""

import re
from collections.abc import Mapping

import pytest

from contacts_tui.cli.exit import Exit
from contacts_tui.domain.clock import utc_now
from tests.e2e.shop import Shop, chosen, number
from tests.e2e.terminal import Terminal

ALL = {"CONTACTS_TUI_SIGNALS": "bell title osc9 osc777", "CONTACTS_TUI_NOTIFY_OF": "all"}
STRANGER = "+12025559999"


def bells(output: bytes) -> int:
    """Return the number of bells in the output, without those that end an OSC sequence."""
    return len(re.findall(rb"\a", re.sub(rb"\x1b\][^\a\x1b]*\a", b"", output)))


def titles(output: bytes) -> list[str]:
    return [found.decode() for found in re.findall(rb"\x1b\]2;([^\a]*)\a", output)]


def writes(shop: Shop, text: str, sender: str, profile: str = "") -> None:
    shop.hears(shop.whatsapp, text, sender, profile=profile, at=utc_now())


def begun(shop: Shop, environment: Mapping[str, str]) -> Terminal:
    return shop.program(environment=environment)


def quits(terminal: Terminal) -> None:
    terminal.press("ctrl+q")
    assert terminal.wait_exit() == Exit.DONE


def test_who_writes_elsewhere_is_told_in_every_way_and_one_key_opens_them(shop: Shop) -> None:
    with begun(shop, ALL) as terminal:
        chosen(terminal, "Amara")
        terminal.press("enter")
        terminal.wait_for("to Amara Okafor", "⏎ send")
        writes(shop, "Do you gift-wrap?", number(5))
        terminal.wait_for("Person 005: Do you gift-wrap? · alt+g opens it")
        terminal.wait_until(lambda: titles(terminal.output) == ["(1) contacts-tui"], "the title")
        assert b"\x1b[22;2t" in terminal.output
        assert b"\x1b]9;contacts-tui: Person 005: Do you gift-wrap?\a" in terminal.output
        assert b"\x1b]777;notify;contacts-tui;Person 005: Do you gift-wrap?\a" in terminal.output
        assert bells(terminal.output) == 1
        writes(shop, "And by when?", number(5))
        terminal.wait_for("And by when?")
        assert bells(terminal.output) == 1, "one sound in a while, however much comes in"
        terminal.press("alt+g")
        terminal.wait_for("to Person 005", "⏎ send")
        terminal.wait_until(lambda: titles(terminal.output)[-1] == "contacts-tui", "the title without a count")
        quits(terminal)
        assert terminal.output.count(b"\x1b[23;2t") == 1


def test_who_is_being_read_is_not_told_of(shop: Shop) -> None:
    with begun(shop, ALL) as terminal:
        chosen(terminal, "Amara")
        terminal.press("enter")
        terminal.wait_for("to Amara Okafor", "⏎ send")
        writes(shop, "Are you there?", number(0))
        terminal.wait_for("Are you there?")
        writes(shop, "Hello?", number(5))
        terminal.wait_for("Person 005: Hello?")
        assert titles(terminal.output) == ["(1) contacts-tui"]
        assert b"Amara Okafor: Are" not in terminal.output
        quits(terminal)


@pytest.mark.parametrize("tmux", [{}, {"TMUX": "/tmp/tmux-0/default,1,0"}])
def test_a_hostile_name_ends_no_sequence(shop: Shop, tmux: Mapping[str, str]) -> None:
    with begun(shop, {**ALL, **tmux}) as terminal:
        terminal.wait_for("nothing waiting to be sent")
        writes(shop, "Hi\x1b]2;owned\a there\x9c", STRANGER, profile="Eve\x1b\\\x07")
        terminal.wait_until(lambda: b"]777;notify;" in terminal.output, "the notice")
        terminal.wait_until(lambda: bool(titles(terminal.output)), "the title")
        assert titles(terminal.output) == ["(1) contacts-tui"]
        assert b"\x1b]2;owned" not in terminal.output
        notice = terminal.output.partition(b"]777;notify;contacts-tui;")[2].partition(b"\a")[0]
        assert notice.decode().isprintable()
        assert (b"\x1bPtmux;\x1b\x1b]777;" in terminal.output) == bool(tmux)
        quits(terminal)


def test_nothing_is_told_of_others_nor_where_no_signal_is_wanted(shop: Shop) -> None:
    with begun(shop, {"CONTACTS_TUI_SIGNALS": "none", "CONTACTS_TUI_NOTIFY_OF": "mine"}) as terminal:
        terminal.wait_for("nothing waiting to be sent")
        writes(shop, "Hello?", number(5))
        terminal.wait_for("Hello?")
        terminal.show()
        assert "opens it" not in terminal.text
        quits(terminal)
        assert bells(terminal.output) == 0
        assert titles(terminal.output) == []
        assert b"\x1b[22;2t" not in terminal.output
