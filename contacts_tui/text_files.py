"""Text that other programs wrote: one way of reading it, whether it comes from a file or through a pipe.

UTF-8 with or without a byte order mark, and UTF-16 with one. Nothing else is guessed.
"""

import codecs
import io
import sys
from typing import TYPE_CHECKING, BinaryIO, TextIO

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

_LONGEST_MARK = 3
"""Bytes that tell the encoding."""
_ESCAPES = "contacts_tui.escape"


class UnreadableText(Exception):
    """The bytes are no text that can be read."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        """What is wrong and what to do, to stand after the name of the file and a colon."""


def decoded(content: bytes) -> str:
    """Return the text of a whole file, without its byte order mark. Raise UnreadableText.

    The error never carries the content: it may be a secret.
    """
    try:
        text = content.decode(_encoding(content))
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        reason = f"not UTF-8 text (line {line}): save it as UTF-8"
        if _encoding(content) == "utf-16":
            reason = "not whole UTF-16 text: save it as UTF-8"
        raise UnreadableText(reason) from None
    if "\0" in text:
        raise UnreadableText("not text, for it holds NUL bytes: save it as UTF-8")
    return text


def lenient(stream: BinaryIO) -> TextIO:
    """Read text line by line, so that a byte that is wrong spoils its line alone: it becomes a lone surrogate.

    Line ends stay as they are, as the csv module wants them. Closing the result closes `stream`.
    """
    start = b""
    while len(start) < _LONGEST_MARK and (more := stream.read(_LONGEST_MARK - len(start))):
        start += more
    whole = io.BufferedReader(_Rejoined(start, stream))
    return io.TextIOWrapper(whole, encoding=_encoding(start), errors=_ESCAPES, newline="")


def standard_input() -> BinaryIO:
    """Return the bytes of standard input; none when it is closed."""
    return io.BytesIO() if sys.stdin is None else sys.stdin.buffer


class _Rejoined(io.RawIOBase):
    """A stream with the bytes in front of it again that were read to look at them."""

    def __init__(self, start: bytes, rest: BinaryIO) -> None:
        self._start = start
        self._rest = rest

    def readable(self) -> bool:
        """Tell that it can be read."""
        return True

    def readinto(self, buffer: "WriteableBuffer") -> int:
        """Fill the buffer with what comes next; 0 at the end."""
        view = memoryview(buffer).cast("B")
        piece = self._start[: len(view)] or self._rest.read(len(view))
        self._start = self._start[len(piece) :]
        view[: len(piece)] = piece
        return len(piece)

    def close(self) -> None:
        """Close the stream as well."""
        if not self.closed:
            self._rest.close()
        super().close()


def _encoding(start: bytes) -> str:
    return "utf-16" if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) else "utf-8-sig"


def _escaped(error: UnicodeError) -> tuple[str, int]:
    """As `surrogateescape`, for every encoding and every byte."""
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return "".join(chr(0xDC00 | byte) for byte in error.object[error.start : error.end]), error.end


codecs.register_error(_ESCAPES, _escaped)
