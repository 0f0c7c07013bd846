"""Values from the store that this version doesn't know: a newer one on the same store has written them.

They never stop a reader. Such a value becomes a member of its kind that is none of the known ones: it is shown by its
own word, equals nothing that a rule asks for, and is written back as it was.
"""

import logging
from enum import StrEnum
from functools import lru_cache
from typing import TypeVar

Kind = TypeVar("Kind", bound=StrEnum)

_log = logging.getLogger(__name__)


def member(kind: type[Kind], value: str) -> Kind:
    """The member of a kind with this value, known or not."""
    try:
        return kind(value)
    except ValueError:
        made: Kind = _unknown(kind, str(value))
        return made


def is_known(value: StrEnum) -> bool:
    """Whether this version knows the value. What isn't known is shown, and never acted on."""
    return value.name in type(value).__members__


@lru_cache(maxsize=1000)
def _unknown(kind: type[Kind], value: str) -> Kind:
    _log.warning("%s %r in the store isn't known: a newer contacts-tui has written it", kind.__name__, value)
    made: Kind = str.__new__(kind, value)
    # No known member has a name with a space in it.
    made._name_, made._value_ = f"unknown {value}", value
    return made
