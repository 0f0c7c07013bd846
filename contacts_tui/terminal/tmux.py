"""tmux between the program and the terminal: it passes on what is wrapped for it, where `allow-passthrough` is on."""

import os


def is_between() -> bool:
    """Return whether the program runs in tmux."""
    return "TMUX" in os.environ


def wrapped(sequence: str) -> str:
    """Return the sequence that tmux passes to its terminal (DCS passthrough)."""
    return "\x1bPtmux;" + sequence.replace("\x1b", "\x1b\x1b") + "\x1b\\"
