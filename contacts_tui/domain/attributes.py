"""Custom attributes of people: a name, and a value that is text, a number, yes or no, or a date.

A name has one kind for all people; values are stored as texts in a canonical spelling.
"""

import re
from datetime import date
from decimal import Decimal, InvalidOperation
from enum import StrEnum

LONGEST_NAME = 60
"""The most characters of a name."""
LONGEST_VALUE = 4000
"""The most characters of a value."""

_YES = frozenset({"yes", "y", "true", "1", "on"})
_NO = frozenset({"no", "n", "false", "0", "off"})


class Kind(StrEnum):
    """What the values of an attribute are."""

    TEXT = "text"
    NUMBER = "number"
    YES_NO = "yes/no"
    DATE = "date"

    @property
    def words(self) -> str:
        """The kind as part of a sentence: "a number"."""
        return {Kind.TEXT: "text", Kind.NUMBER: "a number", Kind.YES_NO: "yes or no", Kind.DATE: "a date"}[self]


def read_kind(typed: str) -> Kind:
    """Return the kind with this name. Raise ValueError with a sentence."""
    name = typed.strip().casefold()
    if name not in set(Kind):
        raise ValueError(f"“{typed.strip()}” isn't a kind of attribute: there are {', '.join(Kind)}")
    return Kind(name)


def read_name(typed: str) -> str:
    """Return a name as it is stored. Raise ValueError with a sentence."""
    name = " ".join(typed.split())
    if not name or len(name) > LONGEST_NAME:
        raise ValueError(f"the name of an attribute has 1 to {LONGEST_NAME} characters")
    if re.search(r"[:=]", name):
        raise ValueError(f"the name of an attribute has no “:” and no “=”: “{name}”")
    return name


def read_value(kind: Kind, typed: str) -> str:
    """Return a value in the spelling in which it is stored; empty for none. Raise ValueError with a sentence."""
    text = typed.strip()
    if not text:
        return ""
    if len(text) > LONGEST_VALUE:
        raise ValueError(f"a value has at most {LONGEST_VALUE} characters")
    match kind:
        case Kind.TEXT:
            return text
        case Kind.NUMBER:
            return _number(text)
        case Kind.YES_NO:
            folded = text.casefold()
            if folded not in _YES | _NO:
                raise ValueError(f"“{text}” is neither yes nor no")
            return "yes" if folded in _YES else "no"
        case Kind.DATE:
            try:
                return date.fromisoformat(text).isoformat()
            except ValueError:
                raise ValueError(f"“{text}” is not a date: write it as 2026-11-27") from None


def _number(text: str) -> str:
    try:
        number = Decimal(text.replace(" ", ""))
    except InvalidOperation:
        number = Decimal("NaN")
    if not number.is_finite() or abs(number.adjusted()) > 30:
        raise ValueError(f"“{text}” is not a number: write it as 1234.5")
    plain = format(number, "f")
    plain = plain.rstrip("0").rstrip(".") if "." in plain else plain
    return "0" if Decimal(plain) == 0 else plain
