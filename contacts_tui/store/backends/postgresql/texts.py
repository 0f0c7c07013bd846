"""Texts as PostgreSQL can keep them: it has none with the character NUL.

Texts from outside may hold it, and SQLite keeps it. It draws nothing; here U+FFFD replaces it.
"""

import json
from typing import Any

_NUL, _STANDS_FOR_NUL = "\0", "\N{REPLACEMENT CHARACTER}"


def text(value: str) -> str:
    """Return a text that can be kept."""
    return value.replace(_NUL, _STANDS_FOR_NUL) if _NUL in value else value


def json_text(value: Any) -> str:
    """Return a value as JSON that can be kept, and that the server can parse as well."""
    return json_kept(json.dumps(value))


def json_kept(written: str) -> str:
    """Return JSON that is written already as `json_text` would write it."""
    return json.dumps(_without_nul(json.loads(written))) if r"\u0000" in written else written


def _without_nul(value: Any) -> Any:
    match value:
        case str():
            return text(value)
        case list() | tuple():
            return [_without_nul(item) for item in value]
        case dict():
            return {text(name): _without_nul(item) for name, item in value.items()}
        case _:
            return value
