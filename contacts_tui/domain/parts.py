"""A text that is too long for a channel, as parts that fit: cut where it hurts least, and no word is lost."""

import re
import unicodedata
from collections.abc import Iterator

_PARAGRAPH = re.compile(r"\n[^\S\n]*\n\s*")
_SENTENCE = re.compile(r"""(?:[.!?\u2026]["'\u201d\u2019\u00bb)\]]*\s|[\u3002\uff01\uff1f]|\n)\s*""")
"""The end of a sentence, in Chinese and Japanese without a blank after it, or of a line."""
_BLANK = re.compile(r"\s+")

_NICE = 0.5
"""How much of a part has to be filled for a cut at a paragraph or a sentence; else the next best place is taken."""

_ZWJ = "\u200d"


def split(text: str, limit: int) -> tuple[str, ...]:
    """The text in parts of at most `limit` characters; one that fits stays as it is.

    A cut is made after a paragraph, else after a sentence or line, else at a blank, else between two characters as
    people see them. The white space at a cut is left out.
    """
    if len(text) <= limit:
        return (text,)
    parts, rest = [], text.strip()
    while len(rest) > limit:
        end = _cut(rest, limit)
        parts.append(rest[:end].rstrip())
        rest = rest[_next(rest, end) :]
    return (*parts, rest)


def is_inside(text: str, at: int) -> bool:
    """Whether a cut before the character `at` would go through what people see as one character.

    A practical subset of Unicode's text segmentation (UAX 29): marks, joiners, skin tones, flags, jamo, surrogates.
    """
    if not 0 < at < len(text):
        return False
    before, after = text[at - 1], text[at]
    if _is_flag(before) and _is_flag(after):
        start = at
        while start and _is_flag(text[start - 1]):
            start -= 1
        return (at - start) % 2 == 1
    return (
        _ZWJ in (before, after)
        or unicodedata.category(after).startswith("M")
        or "\U0001f3fb" <= after <= "\U0001f3ff"
        or "\U000e0020" <= after <= "\U000e007f"
        or ("\ud800" <= before <= "\udbff" and "\udc00" <= after <= "\udfff")
        or (_is_jamo(before) and "\u1160" <= after <= "\u11ff")
    )


def _cut(text: str, limit: int) -> int:
    """Where the first part of a text ends that is longer than the limit."""
    for place, least in ((_PARAGRAPH, limit * _NICE), (_SENTENCE, limit * _NICE), (_BLANK, 1)):
        ends = [end for end in _ends(place, text, limit) if end >= least]
        if ends:
            return ends[-1]
    # One character as people see it may be longer than all that fits: then there is no good place.
    return next((at for at in range(limit, 0, -1) if not is_inside(text, at)), limit)


def _ends(place: re.Pattern[str], text: str, limit: int) -> Iterator[int]:
    """Where such a place ends, wherever there is something before it and that fits."""
    for found in place.finditer(text, 0, limit + 1):
        kept, following = len(text[: found.end()].rstrip()), _next(text, found.end())
        if 0 < kept <= limit and not is_inside(text, kept) and not is_inside(text, following):
            yield found.end()


def _next(text: str, at: int) -> int:
    """Where the text goes on after the white space that begins there; a blank that carries a mark is none."""
    while at < len(text) and text[at].isspace() and not is_inside(text, at + 1):
        at += 1
    return at


def _is_flag(char: str) -> bool:
    return "\U0001f1e6" <= char <= "\U0001f1ff"


def _is_jamo(char: str) -> bool:
    return "\u1100" <= char <= "\u11ff" or "\uac00" <= char <= "\ud7a3"
