"""The characters that a terminal sends for a key."""

_NAMED = {
    "enter": "\r",
    "escape": "\x1b",
    "tab": "\t",
    "backspace": "\x7f",
    "space": " ",
    "up": "\x1b[A",
    "down": "\x1b[B",
    "right": "\x1b[C",
    "left": "\x1b[D",
    "home": "\x1b[H",
    "end": "\x1b[F",
    "pageup": "\x1b[5~",
    "pagedown": "\x1b[6~",
    "f1": "\x1bOP",
    "f2": "\x1bOQ",
    "f3": "\x1bOR",
    "f4": "\x1bOS",
    "f5": "\x1b[15~",
    "f6": "\x1b[17~",
    "f7": "\x1b[18~",
    "f9": "\x1b[20~",
    "alt+enter": "\x1b\r",
}


def typed(name: str) -> str:
    """Return the characters that a terminal sends for a key: `enter`, `ctrl+p`, `alt+x`, or the character itself."""
    if name in _NAMED:
        return _NAMED[name]
    prefix, _, last = name.rpartition("+")
    if prefix == "ctrl":
        return chr(ord(last.upper()) & 0x1F)
    if prefix == "alt":
        return f"\x1b{typed(last)}"
    if len(name) != 1:
        raise ValueError(f"no key is named {name}")
    return name
