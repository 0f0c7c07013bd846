"""A terminal may send anything: an invalid sequence does nothing, and the keys after it arrive."""

import pytest
from textual import events
from textual._xterm_parser import XTermParser

from contacts_tui.terminal.input_parser import LARGEST, InputParser

NO_KEYS = [
    "\x1b[1114112u",
    "\x1b[1114112;1u",
    "\x1b[999999999999999999999;1H",
    "\x1b[97:65:99;2:3;1114112u",
    "\x1b[97;2:3u",
    "\x1b[97;1;99999999u",
    "\x1b[55296;1u",
    "\x1b[48;0;0;0;0t",
    f"\x1b[48;{LARGEST + 1};80;1;1t",
    "\x1b[48;24;99999;1;1t",
    "\x1b[48;0;0;0;0t\x1b[<0;5;5M",
]


@pytest.mark.parametrize("sent", NO_KEYS)
def test_what_is_no_key_does_nothing(sent: str) -> None:
    parser = InputParser()
    found = [message for message in parser.feed(f"{sent}j") if not isinstance(message, events.MouseEvent)]
    assert [getattr(message, "key", message) for message in found] == ["j"]


def test_textual_still_needs_that() -> None:
    with pytest.raises(ValueError, match="chr"):
        list(XTermParser().feed("\x1b[1114112;1u"))


def test_keys_sizes_and_the_mouse_are_read() -> None:
    key, size, mouse = InputParser().feed("\x1b[97;5u\x1b[48;24;80;480;800t\x1b[<0;11;21M")
    assert isinstance(key, events.Key) and key.key == "ctrl+a"
    assert isinstance(size, events.Resize) and tuple(size.size) == (80, 24)
    assert isinstance(mouse, events.MouseDown)


@pytest.mark.parametrize("step", [1, 3, 1000])
def test_what_is_pasted_is_never_a_key(step: int) -> None:
    parser, sent = InputParser(), "a\x1b[200~1\x1b[31m\x1b\x1bq\0\r2\x1b[201~j\x1b[200~\x1b[201~k"
    found = [message for at in range(0, len(sent), step) for message in parser.feed(sent[at : at + step])]
    told = [message.text if isinstance(message, events.Paste) else getattr(message, "key", "") for message in found]
    assert told == ["a", "1\x1b[31m\x1b\x1bq\r2", "j", "", "k"]
