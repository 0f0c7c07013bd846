"""Paths as people type and paste them."""

import re
from urllib.parse import unquote, urlsplit

_QUOTED = re.compile(r"""^(?:.*/)?(['"])((?:/|~/).*)$""", re.DOTALL)
"""A path in a shell's quotes, of which the second may not be typed yet."""
_ESCAPED = re.compile(r"""\\([ '"()&\[\]])""")
"""A character that a shell, or a terminal into which a file is dropped, writes with a backslash before it."""


def typed_path(text: str) -> str:
    """Return the path that a text means, without a shell's quotes and backslashes, or of a `file://` address.

    A path that begins again after another one replaces it: "~//tmp/x" is "/tmp/x", as the field held "~/" before
    "/tmp/x" was typed or pasted.
    """
    if (at := text.rfind("file://")) >= 0:
        return unquote(urlsplit(text[at:].strip()).path)
    if quoted := _QUOTED.match(text):
        text = quoted[2].rstrip().removesuffix(quoted[1])
    begins = max(text.rfind("//"), text.rfind("/~/")) + 1
    return _ESCAPED.sub(r"\1", text[begins:])
