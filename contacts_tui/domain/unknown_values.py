"""Values from the store that this version doesn't know, as a newer one on the same store has written them.

They never fail to be read. Such a value becomes a further member of its enum: it is shown as its own word, equals no
known member, and is written back unchanged.
"""

import logging
from enum import StrEnum
from functools import lru_cache
from typing import TypeVar

Kind = TypeVar("Kind", bound=StrEnum)

_log = logging.getLogger(__name__)


def member(kind: type[Kind], value: str) -> Kind:
    """Return the member of an enum with this value, also for an unknown value."""
    try:
        return kind(value)
    except ValueError:
        made: Kind = _unknown(kind, str(value))
        return made


def is_known(value: StrEnum) -> bool:
    """Return whether this version knows the value. An unknown value is shown, and never acted on."""
    return value.name in type(value).__members__


@lru_cache(maxsize=1000)
def _unknown(kind: type[Kind], value: str) -> Kind:
    _log.warning("%s %r in the store isn't known: a newer contacts-tui has written it", kind.__name__, value)
    made: Kind = str.__new__(kind, value)
    # No known member has a name with a space in it.
    made._name_, made._value_ = f"unknown {value}", value
    return made
