"""Reading JSON strictly: nothing that isn't JSON, and no text that can't be written to a wire."""

from __future__ import annotations

import json


def loads(text: str | bytes) -> object:
    """Return what a JSON text holds. Raise ValueError, with the reason in words."""
    try:
        document: object = json.loads(text, parse_constant=_refuse)
        # Half of a surrogate pair is valid JSON, but can't be written to any wire.
        json.dumps(document, ensure_ascii=False).encode()
    except RecursionError as error:
        raise ValueError("nested too deeply") from error
    return document


def _refuse(constant: str) -> object:
    raise ValueError(f"{constant} is not JSON")
