"""Splitting a text that is too long for a channel into parts that fit: at the best places, without losing a word."""

import re
from collections.abc import Iterator, Set

from contacts_tui.domain.graphemes import boundaries

_PARAGRAPH = re.compile(r"\n[^\S\n]*\n\s*")
_SENTENCE = re.compile(r"""(?:[.!?\u2026]["'\u201d\u2019\u00bb)\]]*\s|[\u3002\uff01\uff1f]|\n)\s*""")
"""The end of a line, or of a sentence, in Chinese and Japanese without a blank after it."""
_BLANK = re.compile(r"\s+")

_NICE = 0.5
"""The share of a part that has to be filled for a cut after a paragraph or a sentence; else the next place is tried."""


def split(text: str, limit: int) -> tuple[str, ...]:
    """Return a text in parts of at most `limit` characters; one that fits stays as it is.

    A cut is made after a paragraph, else after a sentence or line, else at a blank, else between two graphemes. The
    white space at a cut is left out.
    """
    if len(text) <= limit:
        return (text,)
    parts, rest = [], text.strip()
    while len(rest) > limit:
        between = boundaries(rest)
        end = _cut(rest, limit, between)
        parts.append(rest[:end].rstrip())
        rest = rest[_next(rest, end, between) :]
    return (*parts, rest)


def _cut(text: str, limit: int, between: Set[int]) -> int:
    """Return the index at which the first part of a text ends that is longer than the limit."""
    for place, least in ((_PARAGRAPH, limit * _NICE), (_SENTENCE, limit * _NICE), (_BLANK, 1)):
        ends = [end for end in _ends(place, text, limit, between) if end >= least]
        if ends:
            return ends[-1]
    # A single grapheme may be longer than the limit: then cut within it.
    return next((at for at in range(limit, 0, -1) if at in between), limit)


def _ends(place: re.Pattern[str], text: str, limit: int, between: Set[int]) -> Iterator[int]:
    """Yield the ends of `place` in a text at which a cut leaves a part that isn't empty and fits the limit."""
    for found in place.finditer(text, 0, limit + 1):
        kept, following = len(text[: found.end()].rstrip()), _next(text, found.end(), between)
        if 0 < kept <= limit and kept in between and following in between:
            yield found.end()


def _next(text: str, at: int, between: Set[int]) -> int:
    """Return where the text continues after any white space at `at`; a blank with a combining mark isn't one."""
    while at < len(text) and text[at].isspace() and at + 1 in between:
        at += 1
    return at
