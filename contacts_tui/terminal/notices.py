"""What a terminal gets beside the screen: a bell, a desktop notification (OSC 9, OSC 777), its title (OSC 2).

Names and texts come from outside: nothing in them may end the sequence or begin another one.
"""

from contacts_tui.domain.cells import shorten
from contacts_tui.domain.text import one_line
from contacts_tui.paths import PROGRAM
from contacts_tui.terminal import tmux

BELL = "\a"
KEEP_TITLE = "\x1b[22;2t"
"""Have the terminal remember its title (XTWINOPS)."""
GIVE_TITLE_BACK = "\x1b[23;2t"

_LONGEST = 120
"""The most cells of a text."""


def osc9(text: str, *, in_tmux: bool) -> str:
    """Return the sequence of a desktop notification."""
    # Our name goes first: a text that began with a number would be a command to some terminals.
    return _through(f"\x1b]9;{PROGRAM}: {_harmless(text)}\a", in_tmux)


def osc777(text: str, *, in_tmux: bool) -> str:
    """Return the sequence of a desktop notification with our name as its title."""
    return _through(f"\x1b]777;notify;{PROGRAM};{_harmless(text).replace(';', ',')}\a", in_tmux)


def title(text: str) -> str:
    """Return the sequence that gives the terminal a title; tmux takes it for its pane's."""
    return f"\x1b]2;{_harmless(text)}\a"


def _through(sequence: str, in_tmux: bool) -> str:
    return tmux.wrapped(sequence) if in_tmux else sequence


def _harmless(text: str) -> str:
    return "".join(char for char in shorten(one_line(text), _LONGEST) if char.isprintable())
