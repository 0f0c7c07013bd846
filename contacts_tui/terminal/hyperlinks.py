"""Links that the terminal itself can open (OSC 8): on the machine where the agent sits, over SSH as well."""

import os
from collections.abc import Mapping
from functools import lru_cache

from rich.style import Style

_WITHOUT = ("linux", "dumb", "vt", "ansi", "cons", "sun", "rxvt", "eterm", "screen")
"""The beginnings of the names of terminals that don't know such links, and may print them."""


def has_hyperlinks(environ: Mapping[str, str] = os.environ) -> bool:
    """Return whether the terminal is one that knows links, or passes them on as tmux does."""
    name = environ.get("TERM", "")
    return bool(name) and ("TMUX" in environ or not name.startswith(_WITHOUT))


@lru_cache(512)
def hyperlink(style: Style, target: str) -> Style:
    """Return a style that leads to a target; the same one for all pieces of a link, to highlight them together."""
    return style + Style(link=target)
