"""Values that came from outside, made such that they can be kept, and words for what is missing in them."""

import re

from contacts_tui.domain.text import one_line

_LARGEST_NUMBER = 1 << 63
_DIGITS = re.compile(r"\s*-?[0-9]{1,19}\s*")


def text_of(value: object) -> str:
    """A string from outside that can be stored: half a surrogate pair becomes "?". Anything else is empty."""
    return value.encode("utf-8", "replace").decode() if isinstance(value, str) else ""


def word_of(value: object) -> str:
    """A string or a whole number from outside as text; anything else is empty."""
    return str(value) if type(value) is int and abs(value) < _LARGEST_NUMBER else text_of(value).strip()


def whole(value: object) -> int | None:
    """A whole number of 64 bits from outside, be it as digits in a string; None for anything else."""
    if (isinstance(value, str) and _DIGITS.fullmatch(value)) or (isinstance(value, float) and value.is_integer()):
        value = int(value)
    return value if type(value) is int and -_LARGEST_NUMBER <= value < _LARGEST_NUMBER else None


def is_blank(text: str) -> bool:
    """Whether a text draws nothing."""
    return not one_line(text)


def missing_files(number: int) -> str:
    """What stands in the place of files that were announced and are not there."""
    return "(a file that didn't arrive)" if number == 1 else f"({number} files that didn't arrive)"
