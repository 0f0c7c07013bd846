"""Text from outside is read in one way, from a file and through a pipe, whole and line by line."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contacts_tui.text_files import UnreadableText, decoded

TEXT = "name,phone\r\nZoë Müller,+1 202 555 0142\n田中,☎\n"
ENCODINGS = ["utf-8", "utf-8-sig", "utf-16", "utf-16-le-mark", "utf-16-be-mark"]


def encoded(text: str, encoding: str) -> bytes:
    """Return the text in an encoding; one of `…-mark` begins with a byte order mark."""
    plain = encoding.removesuffix("-mark")
    return text.encode(plain) if plain == encoding else f"\ufeff{text}".encode(plain)


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_the_encoding_is_told_by_the_mark(encoding: str) -> None:
    content = encoded(TEXT, encoding)
    assert decoded(content) == TEXT


@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0\ufeff")), st.sampled_from(ENCODINGS))
def test_whatever_was_written_is_read(text: str, encoding: str) -> None:
    assert decoded(encoded(text, encoding)) == text


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"agent = 'Jos\xe9'\n", "not UTF-8 text (line 1): save it as UTF-8"),
        (b"one\ntwo\nthr\xc3", "not UTF-8 text (line 3): save it as UTF-8"),
        (b"\xc0\xaf", "not UTF-8 text (line 1): save it as UTF-8"),
        (b"\xff\xfea\0b", "not whole UTF-16 text: save it as UTF-8"),
        ("agent".encode("utf-16-le"), "not text, for it holds NUL bytes: save it as UTF-8"),
        ("agent".encode("utf-32"), "not text, for it holds NUL bytes: save it as UTF-8"),
    ],
)
def test_what_is_wrong_is_told_without_the_content(content: bytes, sentence: str) -> None:
    with pytest.raises(UnreadableText) as raised:
        decoded(content)
    assert raised.value.sentence == sentence
    error = raised.value
    assert error.__cause__ is None
    assert error.__suppress_context__ or error.__context__ is None
