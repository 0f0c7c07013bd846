"""How an id from outside is kept: in an index of the store, which takes no long text."""

import hashlib

LONGEST = 500
"""Characters. The longest ids of providers have some 200; an index of a server takes 2,700 bytes."""


def kept_id(text: str) -> str:
    """Return what stands for an id: itself, or its beginning with a hash of all of it where it is very long."""
    return text if len(text) <= LONGEST else f"{text[:100]}…{hashlib.sha256(text.encode()).hexdigest()}"
