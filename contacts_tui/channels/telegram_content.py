"""What a person reads of a Telegram message: its text, its files, and a named placeholder for all the rest."""

from collections.abc import Callable, Mapping
from typing import Any

from contacts_tui.channels.outside import text_of
from contacts_tui.domain.message import Media

Json = Mapping[str, Any]
"""A JSON object from outside: nothing about its values is certain."""

FILE = "telegram:"
"""What the address of a file begins with; the file's id at Telegram follows."""

_FILES = {
    "animation": "video/mp4",
    "audio": "audio/mpeg",
    "document": "application/octet-stream",
    "photo": "image/jpeg",
    "sticker": "image/webp",
    "video": "video/mp4",
    "video_note": "video/mp4",
    "voice": "audio/ogg",
}
"""Kinds of files, and their content where the message doesn't say. An animation comes with a document of its own, so
that older programs show something: the first of these that is there is the file."""

_ABOUT = frozenset(
    {
        "author_signature",
        "business_connection_id",
        "caption",
        "caption_entities",
        "chat",
        "date",
        "direct_messages_topic",
        "edit_date",
        "effect_id",
        "entities",
        "external_reply",
        "forward_origin",
        "from",
        "has_media_spoiler",
        "has_protected_content",
        "is_automatic_forward",
        "is_from_offline",
        "is_paid_post",
        "is_topic_message",
        "link_preview_options",
        "media_group_id",
        "message_id",
        "message_thread_id",
        "paid_star_count",
        "quote",
        "reply_markup",
        "reply_to_checklist_task_id",
        "reply_to_message",
        "reply_to_story",
        "sender_boost_count",
        "sender_business_bot",
        "sender_chat",
        "show_caption_above_media",
        "suggested_post_info",
        "text",
        "via_bot",
    }
)
"""Fields of a message that say something about it, and are not what it is."""

_LONGEST_WORD = 60
"""Characters of a kind's name that are shown: it comes from outside."""
_LARGEST_FILE = 1 << 53
"""Bytes: no number of more is believed."""


def object_of(value: object) -> Json:
    """An object from outside; anything else is an empty one."""
    return value if isinstance(value, dict) else {}


def content(message: Json) -> tuple[str, tuple[Media, ...]]:
    """Text and files of a message. What can't be shown is named, for silence would look like nothing came."""
    text = text_of(message.get("text")) or text_of(message.get("caption"))
    media = _media(message)
    line = next((words(object_of(message[kind])) for kind, words in _LINES.items() if kind in message), "")
    if not (text.strip() or media or line):
        line = f"A message of the kind {_kind(message)}, which can't be shown here"
    return "\n".join(part for part in (text, line) if part), media


def _media(message: Json) -> tuple[Media, ...]:
    for kind, content_type in _FILES.items():
        given = message.get(kind)
        # Of a picture there are several sizes; the last one is the largest.
        file = object_of(given[-1] if isinstance(given, list) and given else given)
        if file_id := text_of(file.get("file_id")):
            size = file.get("file_size")
            return (
                Media(
                    url=FILE + file_id,
                    content_type=text_of(file.get("mime_type")) or _sticker_type(kind, file) or content_type,
                    name=text_of(file.get("file_name")),
                    size=size if type(size) is int and 0 <= size < _LARGEST_FILE else None,
                ),
            )
    return ()


def _sticker_type(kind: str, file: Json) -> str:
    if kind != "sticker":
        return ""
    if file.get("is_video") is True:
        return "video/webm"
    return "application/x-tgsticker" if file.get("is_animated") is True else ""


def _sticker(sticker: Json) -> str:
    return f"Sticker {text_of(sticker.get('emoji'))}".strip()


def _location(location: Json, place: str = "") -> str:
    latitude, longitude = _number(location.get("latitude")), _number(location.get("longitude"))
    where = f"{latitude}, {longitude}"
    lines = [f"Location: {place} ({where})" if place else f"Location: {where}"]
    if "?" not in where:
        lines.append(f"https://www.openstreetmap.org/?mlat={latitude}&mlon={longitude}")
    return "\n".join(lines)


def _venue(venue: Json) -> str:
    place = ", ".join(part for name in ("title", "address") if (part := text_of(venue.get(name)).strip()))
    return _location(object_of(venue.get("location")), place)


def _contact(contact: Json) -> str:
    name = " ".join(part for key in ("first_name", "last_name") if (part := text_of(contact.get(key)).strip()))
    return f"Contact: {', '.join(part for part in (name, text_of(contact.get('phone_number'))) if part)}"


def _poll(poll: Json) -> str:
    return f"Poll: {text_of(poll.get('question'))}"


def _dice(dice: Json) -> str:
    return f"{text_of(dice.get('emoji'))} {_number(dice.get('value'))}".strip()


_LINES: dict[str, Callable[[Json], str]] = {
    "sticker": _sticker,
    # Before the location that comes beside it.
    "venue": _venue,
    "location": _location,
    "contact": _contact,
    "poll": _poll,
    "dice": _dice,
}
"""Kinds that are told in words."""


def _number(value: object) -> str:
    return str(value) if isinstance(value, (int, float)) and not isinstance(value, bool) else "?"


def _kind(message: Json) -> str:
    """What the message calls the thing that it is."""
    name = next((text_of(key) for key in message if key not in _ABOUT), "unknown")
    return name.replace("_", " ")[:_LONGEST_WORD]
