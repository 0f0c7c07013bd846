"""Keys that terminals send and Textual 8.2.8 misreads."""

from enum import StrEnum
from typing import Any, cast

from textual._ansi_sequences import ANSI_SEQUENCES_KEYS


class _Key(StrEnum):
    """Stands in for Textual's own enumeration of keys, which lacks these."""

    ALT_ENTER = "alt+enter"


def teach_alt_enter() -> None:
    """Makes escape followed by a return arrive as `alt+enter`.

    So most terminals write it that don't speak the Kitty protocol. Textual drops the "alt" of it, and a line break
    would send the message.
    """
    known = cast(dict[str, Any], ANSI_SEQUENCES_KEYS)
    for sequence in ("\x1b\r", "\x1b\n"):
        known[sequence] = (_Key.ALT_ENTER,)
