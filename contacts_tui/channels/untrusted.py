"""Values that came from outside, made such that they can be kept, and words for what is missing in them."""

import json
import re
from datetime import UTC, datetime, timedelta

from contacts_tui.domain.text import draws_nothing

_LARGEST_NUMBER = 1 << 63
_MOST_JSON = 300
"""Characters of what came in a form that nobody announced."""
_NUMBER = re.compile(r"-?[0-9]{1,30}(\.[0-9]{1,30})?")
_DIGITS = re.compile(r"\s*-?[0-9]{1,19}\s*")
_FRACTION = re.compile(r"\s*[0-9]{1,16}\.[0-9]{1,9}\s*")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_EARLIEST = datetime(2010, 1, 1, tzinfo=UTC)
"""Before this, nothing was sent by any provider whose times are read here: a time before it is none."""
MILLISECONDS, MICROSECONDS = 10**12, 10**14
"""From here on a time is in milliseconds (2001), and in microseconds (year 5138)."""


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


def instant(value: object) -> datetime | None:
    """A time from outside; None for what can't be one.

    It is in seconds, milliseconds or microseconds since 1970, also with a fraction or in a string, or in ISO 8601 with
    its distance from UTC.
    """
    number = whole(value)
    if number is None and (isinstance(value, float) or (isinstance(value, str) and _FRACTION.fullmatch(value))):
        number = int(float(value))
    try:
        if number is None:
            at = datetime.fromisoformat(value.strip()) if isinstance(value, str) else _EPOCH
            at = _EPOCH if at.tzinfo is None else at.astimezone(UTC)
        else:
            unit = 1_000_000 if number < MILLISECONDS else 1000 if number < MICROSECONDS else 1
            at = _EPOCH + timedelta(microseconds=number * unit)
    except (ValueError, OverflowError):
        return None
    return at if at >= _EARLIEST else None


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
