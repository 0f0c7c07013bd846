"""Values of JSON that came from outside, made such that they can be kept."""


def text_of(value: object) -> str:
    """A string from outside that can be stored: half a surrogate pair becomes "?". Anything else is empty."""
    return value.encode("utf-8", "replace").decode() if isinstance(value, str) else ""
