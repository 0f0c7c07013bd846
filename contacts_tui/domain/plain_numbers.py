"""Phone numbers that are already in E.164, apart from blanks, brackets and hyphens, read by a table.

`phonenumbers` reads any spelling, in some 15 µs a number; an import has hundreds of thousands that don't need it. Any
uncertain number is left to that library, and every number read here is read the same by it.
"""

import re
from dataclasses import dataclass
from functools import cache

_WRITTEN = re.compile(r"\+[1-9](?:[ ()-]*[0-9]){6,14}")
_BETWEEN = str.maketrans("", "", " ()-")
_SPELLED_ANEW = "52"
"""Mexico's code: its mobiles are written in two ways, which `address` unifies."""


@dataclass(frozen=True, slots=True)
class _Plan:
    """The form of a country's numbers after its code."""

    lengths: frozenset[int]
    prefix: "re.Pattern[str]"
    """The prefix that may be dialled before a number within the country, and isn't part of it."""


def read_plain(text: str) -> tuple[str, str] | None:
    """Return the country's code and the national number; None when `phonenumbers` has to read the text."""
    if not _WRITTEN.fullmatch(text):
        return None
    digits = text.translate(_BETWEEN)[1:]
    for size in (1, 2, 3):
        code = digits[:size]
        plan = _plan(code)
        if plan is not None:
            national = digits[size:]
            is_whole = len(national) in plan.lengths and national[0] != "0" and not plan.prefix.match(national)
            return (code, national) if is_whole else None
    return None


@cache
def _plan(code: str) -> _Plan | None:
    import phonenumbers

    if code == _SPELLED_ANEW or int(code) not in phonenumbers.COUNTRY_CODE_TO_REGION_CODE:
        return None
    region = phonenumbers.region_code_for_country_code(int(code))
    metadata = phonenumbers.PhoneMetadata.metadata_for_region_or_calling_code(int(code), region)
    if metadata is None or metadata.general_desc is None:
        return None
    # Without a prefix, use a pattern that never matches.
    prefix = metadata.national_prefix_for_parsing or "(?!)"
    return _Plan(frozenset(metadata.general_desc.possible_length), re.compile(prefix))
