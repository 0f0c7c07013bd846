"""The files of a message: which ones a connector accepts, how large, and whether a text can go with them."""

from dataclasses import dataclass

from contacts_tui.domain.address import country_of
from contacts_tui.domain.limits import MEGABYTE, Limits
from contacts_tui.domain.media import size_words


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that was chosen for a message that is still being written."""

    path: str
    """Its absolute path."""
    name: str
    content_type: str
    size: int
    """Bytes."""


def problem(limits: Limits, label: str, name: str, content_type: str, size: int) -> str:
    """Return why a channel with this label doesn't accept a file, as a clause with what to do; empty when it does."""
    rule = limits.rule_for(content_type)
    if rule is None:
        return f"{label} doesn't accept {name}: it accepts {limits.files_in_words}"
    if size > rule.limit:
        most = f"{rule.limit // MEGABYTE} MB"
        return f"{name} has {size_words(size)} and {label} accepts {most}: send a smaller one, or a link to it"
    return ""


def is_too_large(limits: Limits, content_type: str, size: int) -> bool:
    """Return whether a file is of an accepted kind, but too large."""
    rule = limits.rule_for(content_type)
    return rule is not None and size > rule.limit


def goes_with_text(limits: Limits, content_type: str, text: str) -> bool:
    """Return whether a text can go with a file in one message; otherwise they are two messages, the text first."""
    rule = limits.rule_for(content_type)
    return rule is not None and rule.carries_text and (limits.caption is None or len(text) <= limits.caption)


def no_files_to(limits: Limits, label: str, ours: str, theirs: str) -> str:
    """Return why no file can be sent from our address to theirs, as a clause with what to do; empty when one can."""
    if not limits.file_countries:
        return ""
    where, what = limits.file_countries_in_words, "an SMS" if label == "SMS" else label
    if country_of(theirs) not in limits.file_countries:
        return f"{what} can carry a file only to numbers {where}: use another channel, or send a link"
    if ours.startswith("+") and country_of(ours) not in limits.file_countries:
        return f"{what} can carry a file only from numbers {where}: use another inbox or channel, or send a link"
    return ""
