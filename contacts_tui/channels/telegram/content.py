"""What a person reads of a Telegram message: its text, its files, and a named placeholder for all the rest."""

from collections.abc import Iterator

from contacts_tui.channels.telegram.kinds import DEEPEST, NESTED, Json, line_of, objects_of, words_in
from contacts_tui.channels.untrusted import is_blank, spoken, text_of
from contacts_tui.domain.media import NO_TEXT
from contacts_tui.domain.message import Media

FILE = "telegram:"
"""What the address of a file begins with; the file's id at Telegram follows."""

_FILES = {
    "animation": "video/mp4",
    "audio": "audio/mpeg",
    "document": "application/octet-stream",
    "photo": "image/jpeg",
    # Its picture may stand beside it.
    "live_photo": "video/mp4",
    "sticker": "image/webp",
    "video": "video/mp4",
    "video_note": "video/mp4",
    "voice": "audio/ogg",
    "voice_note": "audio/ogg",
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
        "guest_bot_caller_chat",
        "guest_bot_caller_user",
        "guest_query_id",
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
        "reply_to_poll_option_id",
        "reply_to_story",
        "sender_boost_count",
        "sender_business_bot",
        "sender_chat",
        "sender_tag",
        "show_caption_above_media",
        "suggested_post_info",
        "text",
        "via_bot",
    }
)
"""Fields of a message that say something about it, and are not what it is."""

_LONGEST_WORD = 60
"""Characters of a kind's name that are shown: it comes from outside."""
_MOST_WORDS = 2000
"""Characters that are shown of a kind that nobody announced."""
_LARGEST_FILE = 1 << 53
"""Bytes: no number of more is believed."""


def object_of(value: object) -> Json:
    """An object from outside; anything else is an empty one."""
    return value if isinstance(value, dict) else {}


def content(message: Json) -> tuple[str, tuple[Media, ...]]:
    """Text and files of a message. What can't be shown is named, for silence would look like nothing came."""
    text, caption = (spoken(message.get(name)) for name in ("text", "caption"))
    media = _media(message)
    line = line_of(message)
    if is_blank(text) and not (media or line):
        # A caption stands below something: that is named beside it.
        line = _unknown(message, has_words=not is_blank(caption))
    text = caption if is_blank(text) else text
    text = "" if is_blank(text) else text
    return "\n".join(part for part in (text, line) if part), media


def _media(message: Json) -> tuple[Media, ...]:
    paid = objects_of(object_of(message.get("paid_media")).get("paid_media"))
    if paid:
        return tuple(file for part in paid for file in _file(part))
    if "rich_message" in message:
        return tuple(_files_in(message["rich_message"], 0))
    return _file(message)


def _files_in(value: object, depth: int) -> Iterator[Media]:
    """The files of a formatted message, in the order in which they stand in it."""
    if depth > DEEPEST:
        return
    if isinstance(value, list):
        for each in value:
            yield from _files_in(each, depth + 1)
    elif isinstance(value, dict):
        yield from _file(value)
        for name in NESTED:
            yield from _files_in(value.get(name), depth + 1)


def _file(message: Json) -> tuple[Media, ...]:
    """The file that a message, or a part of one, is; a kind that nobody announced is one where it has a file's id."""
    unknown = {kind: "application/octet-stream" for kind in message if kind not in _FILES and kind not in _ABOUT}
    for kind, content_type in (_FILES | unknown).items():
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


def _unknown(message: Json, *, has_words: bool) -> str:
    """What there is of a kind that nobody announced: its name, and its words if it has any."""
    key = next((key for key in message if key not in _ABOUT), "")
    if not key and has_words:
        return ""
    if not key:
        return NO_TEXT if "text" in message or "caption" in message else _placeholder("unknown")
    name = text_of(key).replace("_", " ")[:_LONGEST_WORD]
    words = "\n".join(words_in(message[key]))[:_MOST_WORDS]
    return f"[{name.capitalize()}] {words}" if words else _placeholder(name)


def _placeholder(kind: str) -> str:
    return f"A message of the type {kind}, which can't be shown here"
