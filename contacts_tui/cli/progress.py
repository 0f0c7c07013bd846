"""How far something has come that takes long: a line on stderr that is written over, for whoever watches a terminal."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

from contacts_tui.cli.streams import streams


def is_watched() -> bool:
    """Return whether a person sees standard error at a terminal."""
    return sys.stderr is not None and not sys.stderr.closed and sys.stderr.isatty()


def show_progress(words: str) -> None:
    """Show these words in place of those before; empty wipes the line. In a pipe there is none."""
    if is_watched():
        streams.warn(f"\r{words}\x1b[K")


@contextmanager
def progress_line() -> Iterator[None]:
    """Leave no such line behind, whatever happens in the block."""
    try:
        yield
    finally:
        show_progress("")
