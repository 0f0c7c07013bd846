"""Text from outside: read in one way, wherever it comes from and however it was saved."""

import io
import os
import threading
from pathlib import Path
from typing import BinaryIO, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contacts_tui.text_source import LONGEST_LINE, open_text

TEXT = "name,phone\r\nÉlodie,+33612345678\nJürgen “Jo” 5€,1\r"


class Pipe(io.RawIOBase):
    """A stream that can be read once, as a pipe."""

    def __init__(self, data: bytes) -> None:
        self._data = io.BytesIO(data)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray) -> int:  # type: ignore[override]
        return self._data.readinto(buffer)


def read(data: bytes) -> tuple[str, str]:
    with open_text(io.BytesIO(data)) as text:
        return text.encoding, "".join(text.lines())


@pytest.mark.parametrize(
    ("data", "encoding"),
    [
        (TEXT.encode(), "UTF-8"),
        (TEXT.encode("utf-8-sig"), "UTF-8"),
        (b"\xff\xfe" + TEXT.encode("utf-16-le"), "UTF-16"),
        (b"\xfe\xff" + TEXT.encode("utf-16-be"), "UTF-16"),
        (TEXT.encode("utf-16-le"), "UTF-16LE"),
        (TEXT.encode("utf-16-be"), "UTF-16BE"),
        (TEXT.encode("utf-32"), "UTF-32"),
        (TEXT.encode("cp1252"), "Windows-1252"),
    ],
)
def test_every_usual_encoding_is_told_by_the_bytes(data: bytes, encoding: str) -> None:
    assert read(data) == (encoding, TEXT)


def test_a_path_a_stream_and_a_pipe_are_read_the_same(tmp_path: Path) -> None:
    for data in (TEXT.encode("utf-8-sig"), TEXT.encode("utf-16"), TEXT.encode("cp1252"), b"", b"\xff"):
        path = tmp_path / "text"
        path.write_bytes(data)
        with (
            open_text(path) as by_path,
            path.open("rb") as stream,
            open_text(stream) as by_stream,
            open_text(cast(BinaryIO, Pipe(data))) as by_pipe,
        ):
            read_by = [(text.encoding, list(text.lines())) for text in (by_path, by_stream, by_pipe)]
        assert read_by[0] == read_by[1] == read_by[2]


def test_a_named_pipe_is_read_to_its_end(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    writer = threading.Thread(target=pipe.write_bytes, args=(TEXT.encode(),))
    writer.start()
    with open_text(pipe) as text:
        assert "".join(text.lines()) == TEXT
    writer.join()


def test_it_can_be_read_again_also_after_an_unfinished_reading() -> None:
    with open_text(io.BytesIO(TEXT.encode())) as text:
        assert next(text.lines()) == "name,phone\r\n"
        assert "".join(text.lines()) == "".join(text.lines()) == TEXT


def test_a_broken_byte_among_utf8_letters_spoils_only_itself() -> None:
    encoding, text = read("Élodie\n".encode() + b"J\xfcrgen\n")
    assert (encoding, text) == ("UTF-8", "Élodie\nJ\udcfcrgen\n")


def test_a_letter_that_is_cut_off_at_the_end_is_seen() -> None:
    assert read("Élodie\nJü".encode()[:-1]) == ("UTF-8", "Élodie\nJ\udcc3")
    assert read(b"Ann\nJ\xc3") == ("Windows-1252", "Ann\nJÃ")


def test_a_line_without_end_comes_in_pieces() -> None:
    with open_text(io.BytesIO(b"x" * (2 * LONGEST_LINE + 1))) as text:
        assert [len(line) for line in text.lines()] == [LONGEST_LINE, LONGEST_LINE, 1]


@given(st.binary(max_size=200))
def test_any_bytes_are_read(data: bytes) -> None:
    encoding, text = read(data)
    assert encoding
    assert isinstance(text, str)


@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=50))
def test_any_text_in_utf8_comes_as_it_is(text: str) -> None:
    assert read(text.encode()) == ("UTF-8", text.removeprefix("\ufeff"))
