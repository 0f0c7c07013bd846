"""How an id from outside is stored: in an index of the store, which can't hold a long text."""

import hashlib

LONGEST = 500
"""The most characters. The longest ids of providers have some 200; an index of a server holds 2,700 bytes."""


def kept_id(text: str) -> str:
    """Return an id as it is stored: unchanged, or, when it is longer than LONGEST, its beginning and a hash of it."""
    return text if len(text) <= LONGEST else f"{text[:100]}…{hashlib.sha256(text.encode()).hexdigest()}"
