"""Long texts of other programs, read line by line and more than once, in whatever encoding they were saved.

A file, standard input and a pipe are read in the same way.
"""

import codecs
import re
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from io import TextIOWrapper
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Self

from contacts_tui.text_files import ESCAPES

LONGEST_LINE = 1 << 20
"""Characters of a line that are kept in memory at once; a longer one comes in pieces of this length."""

_CHUNK = 1 << 20
_BYTE_ORDER_MARKS = (
    # UTF-32 comes first, because its little-endian mark begins with that of UTF-16.
    (codecs.BOM_UTF32_LE, "UTF-32"),
    (codecs.BOM_UTF32_BE, "UTF-32"),
    (codecs.BOM_UTF16_LE, "UTF-16"),
    (codecs.BOM_UTF16_BE, "UTF-16"),
    (codecs.BOM_UTF8, "UTF-8"),
)
_CODECS = {
    "UTF-8": "utf-8-sig",
    "UTF-16": "utf-16",
    "UTF-16LE": "utf-16-le",
    "UTF-16BE": "utf-16-be",
    "UTF-32": "utf-32",
    "Windows-1252": "cp1252",
    "Windows-1250": "cp1250",
    "Windows-1251": "cp1251",
    "Mac Roman": "mac_roman",
    "Shift JIS": "cp932",
    "GB 18030": "gb18030",
}
"""Python's name of each encoding. Only the first six are recognised; the others have to be chosen."""

ENCODINGS = tuple(_CODECS)
"""The names of the encodings that a text can be read in."""

_SAMPLE = 4096
"""Bytes in which UTF-16 without a mark is recognised."""
_UTF8_LETTER = re.compile(rb"[\xc3-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")


@dataclass(slots=True)
class TextSource:
    """A text that can be read more than once, whatever it comes from. A context manager; leaving it closes the file."""

    encoding: str
    """The encoding by its usual name, such as "UTF-8" or "Windows-1252"."""
    head: bytes
    """The first bytes as they are, to check whether this is text at all."""
    _stream: BinaryIO
    _open: ExitStack

    def lines(self) -> Iterator[str]:
        """Yield every line from the start, with its own line end, without the byte order mark.

        A byte that the encoding doesn't have becomes a lone surrogate. A line longer than LONGEST_LINE comes in pieces.
        """
        self._stream.seek(0)
        text = TextIOWrapper(self._stream, _CODECS[self.encoding], ESCAPES, newline="")
        try:
            while line := text.readline(LONGEST_LINE):
                yield line
        finally:
            # Otherwise the wrapper would close the stream when it goes. An unfinished reading may outlive the stream.
            if not self._stream.closed:
                text.detach()

    def close(self) -> None:
        """Close the file or the temporary copy; the caller's own stream stays open."""
        self._open.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()


def open_text(source: Path | BinaryIO, encoding: str = "") -> TextSource:
    """Open a text by its path, or a stream of bytes such as standard input. Raise OSError.

    `encoding` is one of ENCODINGS; empty for the one that the text suggests.
    What can't be read twice (a pipe, a terminal) is copied into a temporary file first.
    """
    with ExitStack() as opened:
        stream = opened.enter_context(source.open("rb")) if isinstance(source, Path) else source
        if not stream.seekable():
            copy: BinaryIO = opened.enter_context(tempfile.TemporaryFile())
            shutil.copyfileobj(stream, copy, _CHUNK)
            stream = copy
        stream.seek(0)
        head = stream.read(_SAMPLE)
        return TextSource(encoding or _marked(head) or _guessed(stream, head), head, stream, opened.pop_all())


def _marked(head: bytes) -> str:
    """Return the encoding that a byte order mark names; empty when there is none."""
    return next((name for mark, name in _BYTE_ORDER_MARKS if head.startswith(mark)), "")


def _guessed(stream: BinaryIO, head: bytes) -> str:
    """Return the encoding of a text without a mark.

    Every second byte of Western text in UTF-16 is a NUL. A text that is not UTF-8 is Windows-1252, unless some letters
    are UTF-8 all the same: then a few bytes are broken, and another encoding would spoil those letters.
    """
    if len(head) >= 4:
        even, odd = head[::2].count(0), head[1::2].count(0)
        if max(even, odd) > len(head) // 5 and min(even, odd) < len(head) // 50 + 1:
            return "UTF-16LE" if odd > even else "UTF-16BE"
    stream.seek(0)
    decoder, is_utf8, letters = codecs.getincrementaldecoder("utf-8")(), True, False
    while chunk := stream.read(_CHUNK):
        letters = letters or _UTF8_LETTER.search(chunk) is not None
        try:
            if is_utf8:
                decoder.decode(chunk)
        except UnicodeDecodeError:
            is_utf8 = False
        if letters and not is_utf8:
            break
    try:
        decoder.decode(b"", final=is_utf8)
    except UnicodeDecodeError:
        is_utf8 = False
    return "UTF-8" if is_utf8 or letters else "Windows-1252"
