"""What a connector accepts in one message, and how fast: declared here for the rules, filled in by each connector."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

MEGABYTE: Final = 1024 * 1024

CAPTION_LIMIT: Final = 1024
"""The most characters of a text under a file, unless a connector has another limit."""


@dataclass(frozen=True, slots=True)
class FileRule:
    """Some kinds of files, and how large they may be."""

    kinds: tuple[str, ...]
    """Content types, or main types with a slash ("audio/"); none: every kind."""
    limit: int
    """Bytes."""
    carries_text: bool = False
    """Whether such a file can go with a text in one message."""

    def fits(self, content_type: str) -> bool:
        """Return whether the rule is for this content type."""
        return not self.kinds or any(
            content_type.startswith(kind) if kind.endswith("/") else content_type == kind for kind in self.kinds
        )


@dataclass(frozen=True, slots=True)
class TemplateLimits:
    """What one connector accepts of a template."""

    text: int = 0
    """The longest text with its values in place, in characters."""
    variables: int = 0
    """The most variables."""
    value: int = 0
    """The longest value of one, in characters."""
    only_inside_window: frozenset[str] = frozenset()
    """Kinds, by the provider's names, that may not be sent while the window is closed."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What one connector accepts."""

    text: int = 0
    """The longest free text, in characters."""
    rate: int = 1
    """The most messages that an inbox begins to send in any second."""
    chat_interval: timedelta = timedelta()
    """The least time between two messages to one person."""
    files: tuple[FileRule, ...] = ()
    """The files that it accepts; the first rule that fits a file's content type counts."""
    files_in_words: str = "no files"
    """Which kinds these are, in words, for an agent who chose another."""
    caption: int | None = CAPTION_LIMIT
    """The longest text under a file, in characters; None: as long as without one."""
    file_countries: tuple[str, ...] = ()
    """The only countries (ISO codes) from and to whose numbers files can be sent; none: files go everywhere."""
    file_countries_in_words: str = ""
    template: TemplateLimits = TemplateLimits()
    """The limits of a template, for connectors that have templates."""

    def rule_for(self, content_type: str) -> FileRule | None:
        """Return the rule for files of this content type; None when they aren't accepted."""
        return next((rule for rule in self.files if rule.fits(content_type)), None)


NO_LIMITS = Limits()
"""The limits of a channel without any connector: nothing can be sent there."""
