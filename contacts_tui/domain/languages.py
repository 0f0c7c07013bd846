"""Languages that people prefer, as BCP 47 writes them: "en", "pt-BR"."""

import re

_TAG = re.compile(r"[a-z]{2,3}(-[a-z0-9]{2,8})*")


def read_language(typed: str) -> str:
    """Return a language in its usual spelling; empty for none. Raise ValueError with a sentence."""
    text = typed.strip().replace("_", "-").lower()
    if not text:
        return ""
    if not _TAG.fullmatch(text):
        raise ValueError(f"“{typed.strip()}” is not a language: write its code, such as en, de or pt-BR")
    first, *others = text.split("-")
    return "-".join([first, *(_spelled(part) for part in others)])


def _spelled(part: str) -> str:
    """Return a region in capitals ("BR"), a script with one capital ("Latn"), anything else in lower case."""
    if len(part) == 2 and part.isalpha():
        return part.upper()
    return part.capitalize() if len(part) == 4 and part.isalpha() else part
