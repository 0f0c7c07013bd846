"""A text that is too long for a channel, as parts that fit: cut where it hurts least, and no word is lost."""

import re
from collections.abc import Iterator, Set

from contacts_tui.domain.graphemes import boundaries

_PARAGRAPH = re.compile(r"\n[^\S\n]*\n\s*")
_SENTENCE = re.compile(r"""(?:[.!?\u2026]["'\u201d\u2019\u00bb)\]]*\s|[\u3002\uff01\uff1f]|\n)\s*""")
"""The end of a sentence, in Chinese and Japanese without a blank after it, or of a line."""
_BLANK = re.compile(r"\s+")

_NICE = 0.5
"""How much of a part has to be filled for a cut at a paragraph or a sentence; else the next best place is taken."""


def split(text: str, limit: int) -> tuple[str, ...]:
    """The text in parts of at most `limit` characters; one that fits stays as it is.

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
    """Where the first part of a text ends that is longer than the limit."""
    for place, least in ((_PARAGRAPH, limit * _NICE), (_SENTENCE, limit * _NICE), (_BLANK, 1)):
        ends = [end for end in _ends(place, text, limit, between) if end >= least]
        if ends:
            return ends[-1]
    # One grapheme may be longer than all that fits: then there is no good place.
    return next((at for at in range(limit, 0, -1) if at in between), limit)


def _ends(place: re.Pattern[str], text: str, limit: int, between: Set[int]) -> Iterator[int]:
    """Where such a place ends, wherever there is something before it and that fits."""
    for found in place.finditer(text, 0, limit + 1):
        kept, following = len(text[: found.end()].rstrip()), _next(text, found.end(), between)
        if 0 < kept <= limit and kept in between and following in between:
            yield found.end()


def _next(text: str, at: int, between: Set[int]) -> int:
    """Where the text goes on after the white space that begins there; a blank that carries a mark is none."""
    while at < len(text) and text[at].isspace() and at + 1 in between:
        at += 1
    return at
