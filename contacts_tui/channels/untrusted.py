"""Values from outside, converted to ones that can be stored and shown, and words for what is missing."""

import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from contacts_tui.domain.text import draws_nothing

LONGEST_WORD = 60
"""The most characters kept of a name that a provider gives to a kind, where it isn't known here."""
_LARGEST_NUMBER = 1 << 63
_MOST_JSON = 300
"""The most characters shown of a value that isn't a text."""
_NUMBER = re.compile(r"-?[0-9]{1,30}(\.[0-9]{1,30})?")
_ID = re.compile(r"[0-9]{1,20}")
_DIGITS = re.compile(r"\s*-?[0-9]{1,19}\s*")
_FRACTION = re.compile(r"\s*[0-9]{1,16}\.[0-9]{1,9}\s*")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_EARLIEST = datetime(2010, 1, 1, tzinfo=UTC)
"""An earlier time can't be right: no provider whose times are read here sent anything before."""
MILLISECONDS, MICROSECONDS = 10**12, 10**14
"""From these numbers on, a time is in milliseconds (from 2001), and in microseconds (milliseconds: year 5138)."""


def text_of(value: object) -> str:
    """Return a string from outside such that it can be stored: half a surrogate pair becomes "?"; else an empty one."""
    return value.encode("utf-8", "replace").decode() if isinstance(value, str) else ""


def word_of(value: object) -> str:
    """Return a string, trimmed, or a whole number from outside as text; an empty one for anything else."""
    return str(value) if type(value) is int and abs(value) < _LARGEST_NUMBER else text_of(value).strip()


def whole(value: object) -> int | None:
    """Return a whole number of 64 bits from outside, also from a string of digits or a float; else None."""
    if (isinstance(value, str) and _DIGITS.fullmatch(value)) or (isinstance(value, float) and value.is_integer()):
        value = int(value)
    return value if type(value) is int and -_LARGEST_NUMBER <= value < _LARGEST_NUMBER else None


def instant(value: object) -> datetime | None:
    """Return a time from outside, in UTC; None for a value that can't be one.

    It may be in seconds, milliseconds or microseconds since 1970, also with a fraction or in a string, or in ISO 8601
    with its offset from UTC.
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


def objects_of(value: object) -> list[dict[str, Any]]:
    """Return the objects of a list from outside, or one object alone as a list."""
    found = [value] if isinstance(value, dict) else value
    return [each for each in found if isinstance(each, dict)] if isinstance(found, list) else []


def is_id(text: str) -> bool:
    """Return whether a text can be an id that providers give out as a number: digits, 20 at most."""
    return _ID.fullmatch(text) is not None


def media_type(headers: Mapping[str, str]) -> str:
    """Return the content type that headers name, in lower case and without its parameters; empty without one."""
    return headers.get("content-type", "").partition(";")[0].strip().lower()


def number_of(value: object) -> str:
    """Return a number from outside as text, also one in a string; "?" for anything else."""
    if isinstance(value, str) and _NUMBER.fullmatch(value.strip()):
        return value.strip()
    return str(value) if isinstance(value, (int, float)) and not isinstance(value, bool) else "?"


def spoken(value: object) -> str:
    """Return a value as readable text: a string as it is, None as an empty one, anything else as JSON, shortened."""
    if value is None or isinstance(value, str):
        return text_of(value)
    return text_of(json.dumps(value, ensure_ascii=False, default=str))[:_MOST_JSON]


def is_set(value: object) -> bool:
    """Return whether a flag from outside is true, also one given as a word or a number."""
    return value is True or value == 1 or (isinstance(value, str) and value.strip().lower() in ("true", "1"))


def is_blank(text: str) -> bool:
    """Return whether a text draws nothing."""
    return draws_nothing(text)


def missing_files(number: int) -> str:
    """Return the words shown in the place of files that were announced and are missing."""
    return "(a file that didn't arrive)" if number == 1 else f"({number} files that didn't arrive)"
