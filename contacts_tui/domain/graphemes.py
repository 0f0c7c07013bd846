"""Text as the characters that people see: grapheme clusters (Unicode's UAX 29), by `wcwidth`."""

from collections.abc import Iterable


def graphemes(text: str) -> Iterable[str]:
    """Return the grapheme clusters of a text in order; joined they are the text.

    A family emoji, a flag, a letter with its marks and an Indic conjunct are one each; so is `\\r\\n`.
    """
    if text.isascii() and "\r" not in text:
        return text
    # Not imported before it is needed: the first page of people is painted without it.
    from wcwidth import iter_graphemes

    return iter_graphemes(text)
