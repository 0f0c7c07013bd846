"""Texts that other programs wrote, read in one way, whether they come from a file or through a pipe.

Small files are read here as a whole: UTF-8 with or without a byte order mark, and UTF-16 with one. No other encoding is
guessed. `text_source` reads long ones line by line, in any of several encodings.
"""

import codecs
import io
import sys
from typing import BinaryIO

ESCAPES = "contacts_tui.escape"
"""The error handler that replaces a byte which an encoding doesn't have by a lone surrogate."""


class UnreadableText(Exception):
    """The bytes aren't text that can be read."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        """What is wrong and what to do, to follow the name of the file and a colon."""


def decoded(content: bytes) -> str:
    """Return the text of a whole file, without its byte order mark. Raise UnreadableText.

    The error never holds any of the content, which may be a secret.
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


def standard_input() -> BinaryIO:
    """Return standard input as a stream of bytes; an empty stream when it is closed."""
    return io.BytesIO() if sys.stdin is None else sys.stdin.buffer


def _encoding(start: bytes) -> str:
    return "utf-16" if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) else "utf-8-sig"


def _escaped(error: UnicodeError) -> tuple[str, int]:
    """Replace each byte that can't be decoded by a lone surrogate: `surrogateescape` for every encoding and byte."""
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return "".join(chr(0xDC00 | byte) for byte in error.object[error.start : error.end]), error.end


codecs.register_error(ESCAPES, _escaped)
