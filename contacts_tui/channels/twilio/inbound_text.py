"""The text that an agent reads of a message that came through Twilio: every field with content, and never nothing."""

from collections.abc import Iterator, Mapping

from contacts_tui.channels.twilio.signed_form import of_new_names
from contacts_tui.channels.untrusted import is_blank, missing_files
from contacts_tui.domain.media import NO_TEXT

CHOSEN = frozenset({"button", "interactive", "list", "list_reply", "button_reply", "quick_reply", "postback"})
"""Kinds of messages (MessageType) that a person pressed or chose, not typed."""
_CHOICES = ("ButtonText", "ButtonPayload", "ListId", "ListTitle", "ListDescription")
_REFERRAL_FILES = "ReferralNumMedia"
"""The field with the number of an ad's files. Every WhatsApp message has it, with 0 where no ad led to it."""
MOST_MEDIA = 10
"""The most files of one message, as Twilio documents; a larger number is cut to this."""


def is_chosen(form: Mapping[str, str]) -> bool:
    """Return whether the person pressed a button or chose from a list."""
    return _kind(form) in CHOSEN or any(_field(form, name) for name in _CHOICES)


def text(form: Mapping[str, str], files: int) -> str:
    """Return the text to read of a message with this number of files. Name what can't be shown."""
    lines = list(_lines(form))
    missing = _announced(form) - files
    if missing > 0:
        lines.append(missing_files(missing))
    if lines or files:
        return "\n".join(lines)
    kind = _kind(form)
    if kind in ("", "text"):
        return NO_TEXT
    return f"A message of the type {kind}, which can't be shown here"


def _lines(form: Mapping[str, str]) -> Iterator[str]:
    body = form.get("Body", "")
    if not is_blank(body):
        yield body
    yield from _choice(form, body.strip())
    yield from _place(form)
    for name in ("FlowData", "InteractiveData"):
        if answers := _field(form, name):
            yield f"A form was filled in: {answers}"
            break
    yield from _referral(form)
    if is_blank(body):
        # A new kind of message may say in these fields what it is: "Emoji: 👍".
        yield from (f"{name}: {value}" for name, value in of_new_names(form).items() if not is_blank(value))


def _choice(form: Mapping[str, str], body: str) -> Iterator[str]:
    """Yield what the person pressed or chose, where the text doesn't say it already."""
    if button := _field(form, "ButtonText"):
        if button != body:
            yield button
    elif _field(form, "ListTitle", "ListId"):
        title = _field(form, "ListTitle") or body or _field(form, "ListDescription", "ListId")
        description = _field(form, "ListDescription")
        about = f": {description}" if description and description not in title else ""
        yield f"(chosen from a list{about})" if title == body else f"{title}{about} (chosen from a list)"
    elif (payload := _field(form, "ButtonPayload")) and not body:
        yield f"A button was pressed: {payload}"


def _place(form: Mapping[str, str]) -> Iterator[str]:
    latitude, longitude = _field(form, "Latitude"), _field(form, "Longitude")
    place = ", ".join(part for name in ("Label", "Address") if (part := _field(form, name)))
    if latitude and longitude:
        where = f"{latitude}, {longitude}"
        yield f"Location: {place} ({where})" if place else f"Location: {where}"
    elif place:
        yield f"Location: {place}"


def _referral(form: Mapping[str, str]) -> Iterator[str]:
    """Yield the ad or post that led the person here (click to WhatsApp)."""
    headline, words = _field(form, "ReferralHeadline"), _field(form, "ReferralBody")
    link = _field(form, "ReferralSourceUrl", "ReferralMediaUrl", "ReferralMediaUrl0")
    told = (value for name, value in form.items() if name.startswith("Referral") and name != _REFERRAL_FILES)
    if not all(map(is_blank, told)):
        source = "a post" if _field(form, "ReferralSourceType").lower() == "post" else "an ad"
        said = " ".join(part for part in (headline or words, link) if part)
        yield f"From {source}: {said}" if said else f"From {source}"


def _announced(form: Mapping[str, str]) -> int:
    """Return how many files the message says it has, at most MOST_MEDIA; 0 when it can't be read."""
    try:
        return min(int(form.get("NumMedia", "").strip() or "0"), MOST_MEDIA)
    except ValueError:
        return 0


def _kind(form: Mapping[str, str]) -> str:
    return form.get("MessageType", "").strip().lower()


def _field(form: Mapping[str, str], *names: str) -> str:
    """Return the first of these fields that draws something, trimmed; empty when none does."""
    for name in names:
        if (value := form.get(name, "").strip()) and not is_blank(value):
            return value
    return ""
