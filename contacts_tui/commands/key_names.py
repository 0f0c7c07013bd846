"""The names of keys: Textual's, those that people write, and which keys a terminal can't tell apart."""

import string
import unicodedata

MODIFIERS = ("alt", "ctrl", "shift", "super")
"""The modifiers, in the order in which a key's name has them."""

_RENAMED = {
    "solidus": "slash",
    "reverse_solidus": "backslash",
    "commercial_at": "at",
    "hyphen_minus": "minus",
    "plus_sign": "plus",
    "low_line": "underscore",
}
"""Characters that Textual calls by another name than Unicode's."""


def _character_name(character: str) -> str:
    """Return the name that Textual gives to the key of a character."""
    if character.isalnum():
        return character
    name = unicodedata.name(character, character).lower().replace("-", "_").replace(" ", "_")
    return _RENAMED.get(name, name)


_PUNCTUATION = {_character_name(character): character for character in string.punctuation}

_SPECIAL = {
    "enter": "⏎",
    "escape": "esc",
    "tab": "tab",
    "space": "space",
    "backspace": "⌫",
    "delete": "del",
    "insert": "ins",
    "home": "home",
    "end": "end",
    "pageup": "pgup",
    "pagedown": "pgdn",
    "up": "↑",
    "down": "↓",
    "left": "←",
    "right": "→",
    **{f"f{number}": f"f{number}" for number in range(1, 25)},
}
"""Keys that type no character, by name, as people write them."""

_WORDS = _SPECIAL | _PUNCTUATION
_NAMES = {word: name for name, word in _SPECIAL.items()} | {"return": "enter", "pgdown": "pagedown", "␣": "space"}
_THE_SAME = {"ctrl+i": "tab", "ctrl+m": "enter", "ctrl+h": "backspace", "ctrl+left_square_bracket": "escape"}
"""Keys for which a terminal sends the same as for another key."""
_UNSURE = frozenset({"ctrl+space", "ctrl+at", "ctrl+enter"})
"""Keys that reach the program under different names, or not at all, depending on the terminal."""


class KeyFault(Exception):
    """A text names no key that can be bound."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        """What is wrong and what to write."""


def key_word(key: str) -> str:
    """Return a key as it is written for people: `alt+enter` is "alt+⏎"."""
    *modifiers, last = key.strip().split("+")
    return "+".join([*modifiers, _WORDS.get(last, last)])


def types(key: str) -> bool:
    """Return whether a key, by Textual's name, types a character into a text field."""
    return "+" not in key and (len(key) == 1 or key in _PUNCTUATION or key == "space")


def key_named(text: str) -> str:
    """Return Textual's name of a key as people write it: "?", "ctrl+s", "alt+⏎", "pgdn". Raise KeyFault."""
    written = text.strip()
    head, _, last = written.rpartition("+")
    if written == "+" or written.endswith("++"):
        head, last = written[:-2], "+"
    modifiers = [part.strip().lower() for part in head.split("+")] if head else []
    last = last.strip()
    if not last or any(modifier not in MODIFIERS for modifier in modifiers):
        raise KeyFault(f"“{text}” is not a key: {_allowed(written)}")
    if len(last) == 1 and last not in _NAMES:
        return _with_character(modifiers, last, text)
    name = _NAMES.get(last.lower(), last.lower())
    if name not in _WORDS:
        raise KeyFault(f"“{text}” is not a key: {_allowed(written)}")
    return _joined(modifiers, name)


def _with_character(modifiers: list[str], character: str, text: str) -> str:
    if not character.isprintable() or character.isspace():
        raise KeyFault(f"“{text}” is not a key: {_allowed(text)}")
    if "shift" in modifiers and modifiers != ["shift"]:
        return _joined(modifiers, character.lower())
    if "shift" in modifiers:
        if not character.isalpha():
            raise KeyFault(f"“{text}” is not a key: write the character that it types")
        return character.upper()
    name = _character_name(character)
    return _joined(modifiers, name.lower()) if modifiers else name


def _joined(modifiers: list[str], name: str) -> str:
    key = "+".join([*(modifier for modifier in MODIFIERS if modifier in modifiers), name])
    if key in _THE_SAME:
        raise KeyFault(f"a terminal sends the same for {key_word(key)} and {_THE_SAME[key]}: write “{_THE_SAME[key]}”")
    if key in _UNSURE:
        raise KeyFault(f"not every terminal can send {key_word(key)}: write another key")
    return key


def _allowed(text: str) -> str:
    from difflib import get_close_matches

    names = [*_SPECIAL, *_NAMES, *(f"ctrl+{letter}" for letter in string.ascii_lowercase)]
    near = get_close_matches(text.lower(), names, 1, 0.6)
    meant = f"did you mean “{near[0]}”? " if near else ""
    return f"{meant}Write a character, a name such as enter, tab, esc, pgdn or f5, or one with ctrl+, alt+ or shift+"
