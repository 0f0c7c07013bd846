"""A path as people type and paste it."""

import re
from urllib.parse import unquote, urlsplit

_QUOTED = re.compile(r"""^(?:.*/)?(['"])((?:/|~/).*)$""", re.DOTALL)
"""A path in a shell's quotes, of which the second may still be to come."""
_ESCAPED = re.compile(r"""\\([ '"()&\[\]])""")
"""A character that a shell, or a terminal into which a file is dropped, writes with a backslash before it."""


def typed_path(text: str) -> str:
    """The path that was meant: without a shell's quotes and backslashes or the form of a file's address.

    One that begins anew behind another takes its place: "~//tmp/x" is "/tmp/x", for the field held "~/" before
    "/tmp/x" was typed or pasted.
    """
    if (at := text.rfind("file://")) >= 0:
        return unquote(urlsplit(text[at:].strip()).path)
    if quoted := _QUOTED.match(text):
        text = quoted[2].rstrip().removesuffix(quoted[1])
    begins = max(text.rfind("//"), text.rfind("/~/")) + 1
    return _ESCAPED.sub(r"\1", text[begins:])
