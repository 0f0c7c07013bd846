"""The keys of the composer as terminals send them."""

from textual._xterm_parser import XTermParser
from textual.events import Key

from contacts_tui.terminal.escape_sequences import teach_alt_keys


def keys(typed: str) -> list[str]:
    """Return the keys that Textual reads from what a terminal sends."""
    teach_alt_keys()
    return [event.key for event in XTermParser().feed(typed) if isinstance(event, Key)]


def test_alt_enter_is_told_from_enter_in_terminals_without_the_kitty_protocol() -> None:
    assert keys("\x1b\r") == ["alt+enter"]
    assert keys("\x1b\n") == ["alt+enter"]
    assert keys("\r") == ["enter"]


def test_the_other_ways_to_break_a_line_arrive() -> None:
    assert keys("\n") == ["ctrl+j"]
    assert keys("\x1b[13;2u") == ["shift+enter"]
    assert keys("\x1b[13;3u") == ["alt+enter"]
