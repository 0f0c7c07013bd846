"""Phone numbers that stand in E.164 already but for what people write between the digits, read by a table.

`phonenumbers` takes any spelling, some 15 µs a number; an import reads hundreds of thousands that need none of it. What
isn't sure here is left to it: every number that this reads, it reads the same.
"""

import re
from dataclasses import dataclass
from functools import cache

_WRITTEN = re.compile(r"\+[1-9](?:[ ()-]*[0-9]){6,14}")
_BETWEEN = str.maketrans("", "", " ()-")
_SPELLED_ANEW = "52"
"""Mexico: its mobiles are written in two ways, which `address` makes one."""


@dataclass(frozen=True, slots=True)
class _Plan:
    """What a country's numbers are like behind its code."""

    lengths: frozenset[int]
    prefix: "re.Pattern[str]"
    """What may be dialled before a number within the country, and isn't part of it."""


def read_plain(text: str) -> tuple[str, str] | None:
    """Return the country's code and the national number; None when another reading has to be thought of."""
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
    # Nothing begins with what never matches.
    prefix = metadata.national_prefix_for_parsing or "(?!)"
    return _Plan(frozenset(metadata.general_desc.possible_length), re.compile(prefix))
