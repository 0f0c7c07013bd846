"""The progress of what takes long: a line on stderr that is overwritten, for a person at a terminal."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

from contacts_tui.cli.streams import streams


def is_watched() -> bool:
    """Return whether a person sees standard error at a terminal."""
    return sys.stderr is not None and not sys.stderr.closed and sys.stderr.isatty()


def show_progress(words: str) -> None:
    """Show these words in place of the previous ones; empty ones clear the line. In a pipe, show nothing."""
    if is_watched():
        streams.warn(f"\r{words}\x1b[K")


@contextmanager
def progress_line() -> Iterator[None]:
    """Clear the progress line after the block, whatever happens in it."""
    try:
        yield
    finally:
        show_progress("")
