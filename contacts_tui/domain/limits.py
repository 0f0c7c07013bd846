"""What a connector takes of one message, and how fast: declared here for the rules, filled by each connector."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

MEGABYTE: Final = 1024 * 1024

CAPTION_LIMIT: Final = 1024
"""Characters of a text under a file, where a connector says nothing else."""


@dataclass(frozen=True, slots=True)
class FileRule:
    """Some kinds of files, and how large they may be."""

    kinds: tuple[str, ...]
    """Content types, or main types with a slash ("audio/"); none: every kind."""
    limit: int
    """Bytes."""
    carries_text: bool = False
    """Whether a text goes with such a file in one message."""

    def fits(self, content_type: str) -> bool:
        """Return whether it speaks of this kind."""
        return not self.kinds or any(
            content_type.startswith(kind) if kind.endswith("/") else content_type == kind for kind in self.kinds
        )


@dataclass(frozen=True, slots=True)
class TemplateLimits:
    """What one connector takes of a template."""

    text: int = 0
    """The longest text with its values in place, in characters."""
    variables: int = 0
    """The most variables."""
    value: int = 0
    """The longest value of one, in characters."""
    only_inside_window: frozenset[str] = frozenset()
    """Kinds (the provider's words) that may not be sent while the window is closed."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What one connector takes."""

    text: int = 0
    """The longest free text, in characters."""
    rate: int = 1
    """Messages that a sender begins in any second at most."""
    chat_interval: timedelta = timedelta()
    """Least time between two messages to one person."""
    files: tuple[FileRule, ...] = ()
    """The files that it takes; the first rule that fits a file's kind holds."""
    files_in_words: str = "no files"
    """Which kinds these are, for whoever chose another."""
    caption: int | None = CAPTION_LIMIT
    """The longest text under a file, in characters; None: as long as without one."""
    file_countries: tuple[str, ...] = ()
    """The only countries from and to whose numbers files go (ISO codes); none: files go everywhere."""
    file_countries_in_words: str = ""
    template: TemplateLimits = TemplateLimits()
    """For those that have templates."""

    def rule_for(self, content_type: str) -> FileRule | None:
        """Return the rule for files of this kind; None when it takes none."""
        return next((rule for rule in self.files if rule.fits(content_type)), None)


NO_LIMITS = Limits()
"""Those of a channel without any connector: nothing goes there."""
