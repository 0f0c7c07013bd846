"""Files and empty messages in words, for places where only text can be drawn."""

from __future__ import annotations

from typing import TYPE_CHECKING

from contacts_tui.domain.text import one_line

if TYPE_CHECKING:
    from contacts_tui.domain.message import Media

NO_TEXT = "(no text)"
"""Shown in the place of a message with nothing visible."""

_WORDS = {"image": "Photo", "video": "Video", "audio": "Audio", "text": "File"}

_KILO = 1000
"""Bytes in a kilobyte, as file managers count."""


def media_word(content_type: str) -> str:
    """Return the word for a kind of file: "Photo", "Video", "Audio", "Contact card", else "File"."""
    if "vcard" in content_type:
        return "Contact card"
    return _WORDS.get(content_type.partition("/")[0].lower(), "File")


def placeholder(media: Media) -> str:
    """Return a file on one cleaned line: "[Photo: receipt.jpg, 120 kB]"."""
    details = [part for part in (one_line(media.name), size_words(media.size)) if part]
    if not media.name:
        details.insert(0, one_line(media.content_type))
    return f"[{media_word(media.content_type)}: {', '.join(details)}]"


def size_words(count: int | None) -> str:
    """Return a size in words: "120 kB"; empty when it isn't known."""
    if count is None:
        return ""
    if count < _KILO:
        return f"{count} bytes"
    if count < _KILO * _KILO:
        return f"{count // _KILO} kB"
    return f"{count / (_KILO * _KILO):.1f} MB"
