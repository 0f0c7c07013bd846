"""Textual's parser of what a terminal sends, for input that need not make sense.

Textual 8.2.8 raises at numbers that no key or size has, which ends the program: anyone who can write to the terminal,
or a noisy line, could do that. Of what is pasted it takes everything after an escape for keys, which are commands of
ours.
"""

from collections.abc import Iterable

from textual import events
from textual._xterm_parser import BRACKETED_PASTE_END, BRACKETED_PASTE_START, XTermParser
from textual.keys import Keys
from textual.message import Message

LARGEST = 2000
"""Columns and lines of a terminal at most: a frame of more would take all memory."""


class InputParser(XTermParser):
    """Reads keys, the mouse and reports; what can't be any of these does nothing."""

    def __init__(self, debug: bool = False) -> None:
        """Make the parser as in Textual."""
        super().__init__(debug)
        self._last = ""
        """The end of what was read last, which may be the first part of the marker that begins a paste."""
        self._pasted: str | None = None
        """What was read of a paste that isn't over; None outside of one."""

    def feed(self, data: str) -> Iterable[Message]:
        """Yield what the terminal sends: a paste as a whole, and no impossible size. Empty data ends the input."""
        if not data:
            yield from super().feed("")
        while data:
            if self._pasted is None:
                begins = (self._last + data).find(BRACKETED_PASTE_START)
                end = len(data) if begins < 0 else begins + len(BRACKETED_PASTE_START) - len(self._last)
                typed, data = data[:end], data[end:]
                self._last = (self._last + typed)[1 - len(BRACKETED_PASTE_START) :]
                yield from self._read(typed)
                if begins >= 0:
                    self._pasted = ""
            else:
                self._pasted, ended, data = (self._pasted + data).partition(BRACKETED_PASTE_END)
                if ended:
                    # Textual saw the beginning, so it gets the end too; the empty paste that it reports is dropped.
                    yield from (found for found in self._read(ended) if not isinstance(found, events.Paste))
                    yield events.Paste(self._pasted.replace("\x00", ""))
                    self._last, self._pasted = "", None

    def _read(self, typed: str) -> Iterable[Message]:
        for message in super().feed(typed):
            size = message.size if isinstance(message, events.Resize) else None
            if size is None or (0 < size.width <= LARGEST and 0 < size.height <= LARGEST):
                yield message

    def parse_mouse_code(self, code: str) -> Message | None:
        """Return the message for a report of the mouse; None when its numbers make no sense."""
        try:
            return super().parse_mouse_code(code)
        except (ValueError, ArithmeticError):
            return None

    def _parse_extended_key(self, sequence: str) -> list[events.Key] | None:  # type: ignore[override]  # not remembered
        """Return the keys of a Kitty protocol sequence; one that does nothing when its numbers make no sense."""
        try:
            keys = super()._parse_extended_key(sequence)
        except (ValueError, OverflowError):
            return [events.Key(Keys.Ignore, None)]
        return None if keys is None else [_typed(key) for key in keys]


def _typed(key: events.Key) -> events.Key:
    """Return the key; one that does nothing in place of half a surrogate pair, which can't be stored."""
    is_half = key.character is not None and any("\ud800" <= char <= "\udfff" for char in key.character)
    return events.Key(Keys.Ignore, None) if is_half else key
