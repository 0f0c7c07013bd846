"""The commands that move through a list or a text: their keys are declared once, for every screen."""

from collections.abc import Mapping

from contacts_tui.commands.command import TYPING, Command, Scope
from contacts_tui.commands.key_names import types

KEYS = {
    "down": "down,j",
    "up": "up,k",
    "page_down": "pagedown",
    "page_up": "pageup",
    "first": "home,g",
    "last": "end,G",
}
"""The keys of each movement. Where letters are typed, keys that type one are left out."""

_ACTIONS = {
    "down": "{move}(1)",
    "up": "{move}(-1)",
    "page_down": "page(1)",
    "page_up": "page(-1)",
    "first": "edge(-1)",
    "last": "edge(1)",
}


def movement(
    scope: Scope,
    sentences: Mapping[str, str],
    *,
    move: str = "move",
    labels: Mapping[str, str] | None = None,
    also: Mapping[str, str] | None = None,
    footer: Mapping[str, int] | None = None,
) -> tuple[Command, ...]:
    """Return the commands of a scope for the movements that have a sentence, by their names in KEYS.

    `move` is the action of a single step. `labels`, further keys (`also`) and ranks in the footer are by the same
    names, where they differ from the usual.
    """
    return tuple(
        Command(
            f"{scope}.{name}",
            ",".join(key for key in _keys(name, (also or {}).get(name, "")) if not (scope in TYPING and types(key))),
            _ACTIONS[name].format(move=move),
            (labels or {}).get(name, name.replace("_", " ")),
            sentence,
            scope,
            footer=(footer or {}).get(name, 0),
            movement=name,
        )
        for name, sentence in sentences.items()
    )


def scrolling(
    scope: Scope, *, also: Mapping[str, str] | None = None, footer: Mapping[str, int] | None = None
) -> tuple[Command, ...]:
    """Return the commands for the movements of a screen that is scrolled as a whole: see `movement`."""
    sentences = {
        "down": "Scroll down.",
        "up": "Scroll up.",
        "page_down": "Scroll a page down.",
        "page_up": "Scroll a page up.",
        "first": "Scroll to the top.",
        "last": "Scroll to the end.",
    }
    return movement(scope, sentences, move="scroll", labels={"first": "top", "last": "end"}, also=also, footer=footer)


def _keys(name: str, also: str) -> list[str]:
    return [key for keys in (KEYS[name], also) for key in keys.split(",") if key]
