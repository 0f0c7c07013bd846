"""Values that came from outside, made such that they can be kept, and words for what is missing in them."""

import json
import re

from contacts_tui.domain.text import draws_nothing

_LARGEST_NUMBER = 1 << 63
_MOST_JSON = 300
"""Characters of what came in a form that nobody announced."""
_NUMBER = re.compile(r"-?[0-9]{1,30}(\.[0-9]{1,30})?")
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


def number_of(value: object) -> str:
    """A number from outside as it is read, be it in a string; "?" for anything else."""
    if isinstance(value, str) and _NUMBER.fullmatch(value.strip()):
        return value.strip()
    return str(value) if isinstance(value, (int, float)) and not isinstance(value, bool) else "?"


def spoken(value: object) -> str:
    """What a value says to a reader: a string as it is, anything else but nothing as its JSON, cut to some length."""
    if value is None or isinstance(value, str):
        return text_of(value)
    return text_of(json.dumps(value, ensure_ascii=False, default=str))[:_MOST_JSON]


def is_set(value: object) -> bool:
    """Whether a flag from outside is true, also as a word or number."""
    return value is True or value == 1 or (isinstance(value, str) and value.strip().lower() in ("true", "1"))


def is_blank(text: str) -> bool:
    """Whether a text draws nothing."""
    return draws_nothing(text)


def missing_files(number: int) -> str:
    """What stands in the place of files that were announced and are not there."""
    return "(a file that didn't arrive)" if number == 1 else f"({number} files that didn't arrive)"
