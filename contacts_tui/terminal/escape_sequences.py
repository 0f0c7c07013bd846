"""Keys that terminals send and Textual 8.2.8 misreads."""

import string
from dataclasses import dataclass
from typing import Any, cast

from textual._ansi_sequences import ANSI_SEQUENCES_KEYS

_TYPED = {
    "\r": "alt+enter",
    "\n": "alt+enter",
    ".": "alt+full_stop",
    "!": "alt+exclamation_mark",
    "A": "alt+shift+a",
    "E": "alt+shift+e",
    **{letter: f"alt+{letter}" for letter in string.ascii_lowercase},
}
"""Keys with alt by what follows the escape. Most capitals begin longer sequences."""


@dataclass(frozen=True, slots=True)
class _Key:
    """Stands in for a member of Textual's own enumeration of keys, which lacks these."""

    value: str


def teach_alt_keys() -> None:
    """Make escape followed by a character arrive as one key with alt, which types nothing.

    Most terminals that don't speak the Kitty protocol send alt in this way. Textual drops the "alt" of a return, and a
    line break would send the message; it waits for more after an escape, and a field would take the letter for text.
    """
    known = cast(dict[str, Any], ANSI_SEQUENCES_KEYS)
    for typed, name in _TYPED.items():
        known.setdefault(f"\x1b{typed}", (_Key(name),))
