"""Text in the cells of a terminal: measuring, cutting, padding and wrapping it without ever splitting a grapheme.

The whole program measures by this: the screens, the bytes that are written, and the tables of the commands. Widths come
from `wcwidth`. After a grapheme on whose width terminals disagree (`is_disputed`), the cursor is placed explicitly.
"""

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from contacts_tui.domain.graphemes import graphemes

_NARROW = frozenset(
    chr(code)
    for first, last in (
        (0x20, 0x7E),
        (0xA0, 0xAC),
        (0xAE, 0x2FF),
        (0x370, 0x482),
        (0x48A, 0x52F),
        (0x2010, 0x2027),
        (0x2030, 0x205E),
        (0x20A0, 0x20BF),
        (0x2190, 0x21FF),
        (0x2200, 0x22FF),
        (0x23CE, 0x23CE),
        (0x2500, 0x25FC),
        (0x270E, 0x270E),
        (0x2713, 0x2713),
        (0x2717, 0x2717),
        (0xFFFD, 0xFFFD),
    )
    for code in range(first, last + 1)
)
"""Latin, Greek, Cyrillic, and the marks, key symbols and lines that we draw: one cell each on every terminal.

Text of these alone never loads the tables of widths, which takes some 25 ms: the first frame is drawn without them.
"""

is_narrow = _NARROW.issuperset
"""Whether every character of a text takes one cell, on any terminal."""

_WIDE = (
    "\u3001\u3029\u3041\u3096\u309b\u30ff\u3105\u312f\u3131\u318e"
    "\u3400\u4dbf\u4e00\ua48c\uac00\ud7a3\uf900\ufaff\uff01\uff60"
)
"""Chinese, Japanese and Korean, two cells each on every terminal: the first and the last of each range, in order."""

_WIDEST = 2
"""Cells of the widest grapheme. A few unused ones measure more; terminals differ in drawing them."""

_WORDS = re.compile(r"\S+\s*|\s+")
_TAB = 4
"""Cells between tab stops."""
_CACHED = 512
"""The most characters of a text whose width is cached."""


def text_width(text: str) -> int:
    """Return the cells of a text: the sum of its graphemes' cells. A control character has none."""
    if is_narrow(text):
        return len(text)
    return _width(text) if len(text) <= _CACHED else _width.__wrapped__(text)


@lru_cache(8192)
def _width(text: str) -> int:
    return sum(map(grapheme_width, graphemes(text)))


@lru_cache(4096)
def grapheme_width(grapheme: str) -> int:
    """Return the cells of one grapheme: 0, 1 or 2."""
    if is_narrow(grapheme):
        return len(grapheme)
    from wcwidth import wcswidth

    return max(0, min(wcswidth(grapheme), _WIDEST))


@lru_cache(4096)
def greatest_width(grapheme: str) -> int:
    """Return the most cells that any terminal gives to a grapheme: one that doesn't know it adds up its characters.

    A sign that a variation selector makes wide counts two, and so does half a flag.
    """
    if is_narrow(grapheme):
        return len(grapheme)
    from wcwidth import wcwidth

    cells = sum(_WIDEST if "\U0001f1e6" <= char <= "\U0001f1ff" else max(0, wcwidth(char)) for char in grapheme)
    return max(cells, grapheme_width(grapheme))


def is_disputed(grapheme: str) -> bool:
    """Return whether terminals disagree on the cells of a grapheme.

    They do on emoji, variation selectors, joiners, flags, and marks of Indic scripts; never on plain letters or on
    Chinese, Japanese and Korean.
    """
    return not is_narrow(grapheme) and (len(grapheme) > 1 or not _is_among(_WIDE, grapheme[0]))


def _is_among(ranges: str, char: str) -> bool:
    """Return whether a character is in one of the ranges. (A regular expression of them takes 2 ms to compile.)"""
    at = bisect_left(ranges, char)
    return at % 2 == 1 or ranges[at : at + 1] == char


def cut(text: str, cells: int) -> str:
    """Return the longest beginning of a text, in whole graphemes, that fits into `cells` cells."""
    if is_narrow(text):
        return text[: max(0, cells)]
    return _halves(text, cells)[0]


def split(text: str, cells: int) -> tuple[str, str]:
    """Return a text's parts before and after a column. A wide grapheme across it becomes a blank on either side."""
    if is_narrow(text):
        return text[: max(0, cells)], text[max(0, cells) :]
    before, after = _halves(text, cells)
    missing = cells - text_width(before)
    if missing <= 0 or not after:
        return before, after
    first = graphemes(after)[0]
    return before + " " * missing, " " * (grapheme_width(first) - missing) + after[len(first) :]


def _halves(text: str, cells: int) -> tuple[str, str]:
    used = end = 0
    for grapheme in graphemes(text):
        used += grapheme_width(grapheme)
        if used > cells or cells <= 0:
            break
        end += len(grapheme)
    return text[:end], text[end:]


def shorten(text: str, cells: int) -> str:
    """Return a cleaned line cut to at most `cells` cells, with an ellipsis where a part is missing."""
    if cells <= 0:
        return ""
    if text_width(text) <= cells:
        return text
    return cut(text, cells - 1).rstrip() + "…"


def fit(text: str, cells: int) -> str:
    """Return a cleaned line cut or padded to exactly `cells` cells."""
    text = shorten(text, cells)
    return text + " " * (cells - text_width(text))


def wrap(text: str, cells: int) -> tuple[str, ...]:
    """Break a cleaned text into lines of at most `cells` cells: between words, within one only if it is too long.

    Chinese and Japanese, which have no blanks, are broken between any two characters, but for punctuation. Line breaks
    and empty lines in the text stay. Return at least one line; a line always has room for the widest grapheme.
    """
    return tuple(row.text for row in wrap_rows(text, cells))


class Row(NamedTuple):
    """One line of a wrapped text, and its place in that text."""

    text: str
    places: Sequence[int]
    """For each of the line's characters, and for its end, the index in the text that was wrapped."""


def wrap_rows(text: str, cells: int) -> tuple[Row, ...]:
    """Break a cleaned text into lines as `wrap` does, and return each with its place in the text."""
    rows: list[Row] = []
    start = 0
    for paragraph in text.split("\n"):
        rows.extend(_paragraph(paragraph, start, cells))
        start += len(paragraph) + 1
    return tuple(rows)


def _paragraph(paragraph: str, start: int, cells: int) -> list[Row]:
    places: Sequence[int] = range(start, start + len(paragraph) + 1)
    if "\t" in paragraph:
        paragraph, places = _without_tabs(paragraph, start)
    paragraph = paragraph.rstrip()
    rows = []
    for begin, end in pairwise([0, *breaks(paragraph, cells), len(paragraph)]):
        if line := paragraph[begin:end].rstrip():
            rows.append(Row(line, places[begin : begin + len(line) + 1]))
    return rows or [Row("", places[:1])]


def breaks(line: str, cells: int, fold: bool = True, *, blanks_hang: bool = True) -> list[int]:
    """Return the indices at which a line of text is broken into lines of at most `cells` cells.

    Without `fold` a word that is too long for a line stays whole. Blanks at the end of a line don't count, unless they
    must be visible because an agent types there (`blanks_hang=False`).
    """
    room = max(cells, _WIDEST)
    if text_width(line) <= room:
        return []
    places: list[int] = []
    used = at = 0
    for word in _words(line):
        bare = word.rstrip() if blanks_hang else word
        if used + text_width(bare) <= room:
            used += text_width(word)
        else:
            if used:
                places.append(at)
            start, rest = at, bare
            while fold and text_width(rest) > room:
                whole, rest = _halves(rest, room)
                start += len(whole)
                places.append(start)
            used = text_width(rest) + text_width(word[len(bare) :])
        at += len(word)
    return places


def _words(paragraph: str) -> Iterator[str]:
    """Yield the parts that stay on one line if possible: words with the blanks after them, and single ideographs."""
    if is_narrow(paragraph):
        yield from _WORDS.findall(paragraph)
        return
    word = before = ""
    for grapheme in graphemes(paragraph):
        if before and not grapheme.isspace() and (before.isspace() or _may_part(before, grapheme)):
            yield word
            word = ""
        word += grapheme
        before = grapheme
    yield word


_UNSPACED = "\u3001\u30ff\u3400\u4dbf\u4e00\ua48c\uf900\ufaff\uff01\uff60\U00020000\U0003fffd"
"""Chinese and Japanese, which are written without blanks: the first and the last of each range, in order."""
_NOT_FIRST = frozenset(
    "、。，．・：；？！゛゜ヽヾゝゞ々ー’”）〕］｝〉》」』】,.:;?!)]}％…"  # noqa: RUF001
    "ぁぃぅぇぉっゃゅょゎァィゥェォッャュョヮヵヶ"
)
"""Signs that never begin a line of Chinese or Japanese (JIS X 4051)."""
_NOT_LAST = frozenset("‘“（〔［｛〈《「『【([{")  # noqa: RUF001
"""Signs that never end one."""


def _may_part(before: str, after: str) -> bool:
    return (
        (_is_among(_UNSPACED, before[0]) or _is_among(_UNSPACED, after[0]))
        and before[-1] not in _NOT_LAST
        and after[0] not in _NOT_FIRST
    )


def _without_tabs(line: str, start: int) -> tuple[str, tuple[int, ...]]:
    """Return a line with each tab replaced by blanks up to the next stop, and the index each character comes from."""
    first, *others = line.split("\t")
    places = list(range(start, start + len(first)))
    for part in others:
        blanks = _TAB - text_width(first) % _TAB
        tab = places[-1] + 1 if places else start
        first += " " * blanks + part
        places += [tab] * blanks + list(range(tab + 1, tab + 1 + len(part)))
    return first, (*places, start + len(line))
