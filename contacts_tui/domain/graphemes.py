"""Text in graphemes: what people see as one character, whatever the number of its code points (UAX 29)."""

import re
from functools import lru_cache
from itertools import accumulate

_CLUSTERED = re.compile("[^\x20-\x7e\n\t\u00a0-\u00ac\u00ae-\u02ff\u0370-\u0482\u048a-\u052f\u2010-\u2027]")
"""A character that may be a part of a longer grapheme. Text without any never loads the tables, which takes 20 ms."""

_SURROGATES = re.compile("([\ud800-\udbff])([\udc00-\udfff])")
_CACHED = 512
"""The most characters of a text whose graphemes are cached."""


def graphemes(text: str) -> tuple[str, ...]:
    """Return the graphemes of a text, in order; joined, they are the text.

    A letter with its marks, an emoji with its joiners, a flag, and a Hangul or Indic syllable are one grapheme each; so
    are the two surrogates of a character beyond U+FFFF, where a text holds these.
    """
    if not _CLUSTERED.search(text):
        return tuple(text)
    return _split(text) if len(text) <= _CACHED else _split.__wrapped__(text)


def boundaries(text: str) -> frozenset[int]:
    """Return every index where a grapheme of the text begins or ends, from 0 to the length."""
    return frozenset(accumulate(map(len, graphemes(text)), initial=0))


@lru_cache(4096)
def _split(text: str) -> tuple[str, ...]:
    from wcwidth import iter_graphemes

    found = tuple(iter_graphemes(text))
    return tuple(_with_halves_joined(found)) if _SURROGATES.search(text) else found


def _with_halves_joined(found: tuple[str, ...]) -> list[str]:
    joined: list[str] = []
    for grapheme in found:
        if joined and _SURROGATES.match(joined[-1][-1] + grapheme):
            joined[-1] += grapheme
        else:
            joined.append(grapheme)
    return joined
