"""What an agent reads of a Telegram message: its text, its files, and a named placeholder for anything else."""

from collections.abc import Iterator

from contacts_tui.channels.telegram.kinds import DEEPEST, NESTED, Json, line_of, words_in
from contacts_tui.channels.untrusted import LONGEST_WORD, is_blank, objects_of, spoken, text_of
from contacts_tui.domain.media import NO_TEXT
from contacts_tui.domain.message import Media

FILE = "telegram:"
"""Prefix of a file's address; the file's id at Telegram follows."""

_FILES = {
    "animation": "video/mp4",
    "audio": "audio/mpeg",
    "document": "application/octet-stream",
    "photo": "image/jpeg",
    # Its picture may come with it.
    "live_photo": "video/mp4",
    "sticker": "image/webp",
    "video": "video/mp4",
    "video_note": "video/mp4",
    "voice": "audio/ogg",
    "voice_note": "audio/ogg",
}
"""Kinds of files, and their content type where the message doesn't say. An animation also comes as a document, for old
clients: the first of these kinds that a message has is its file."""

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
"""Fields that say something about a message, and aren't its content."""

_MOST_WORDS = 2000
"""The most characters shown of a message of an unknown kind."""
_LARGEST_FILE = 1 << 53
"""A larger number of bytes is ignored."""


def object_of(value: object) -> Json:
    """Return an object from outside; an empty one for anything else."""
    return value if isinstance(value, dict) else {}


def content(message: Json) -> tuple[str, tuple[Media, ...]]:
    """Return the text and the files of a message. Name what can't be shown, so that no message looks empty."""
    text, caption = (spoken(message.get(name)) for name in ("text", "caption"))
    media = _media(message)
    line = line_of(message)
    if is_blank(text) and not (media or line):
        # A caption belongs to something, which is named with it.
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
    """Yield the files of a formatted message, in their order in it."""
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
    """Return the one file of a message or a part of one, or nothing; an object with a file's id counts as a file."""
    unknown = {kind: "application/octet-stream" for kind in message if kind not in _FILES and kind not in _ABOUT}
    for kind, content_type in (_FILES | unknown).items():
        given = message.get(kind)
        # A picture comes in several sizes; the last one is the largest.
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
    """Return a line for a message of an unknown kind: its name, and its words if it has any."""
    key = next((key for key in message if key not in _ABOUT), "")
    if not key and has_words:
        return ""
    if not key:
        return NO_TEXT if "text" in message or "caption" in message else _placeholder("unknown")
    name = text_of(key).replace("_", " ")[:LONGEST_WORD]
    words = "\n".join(words_in(message[key]))[:_MOST_WORDS]
    return f"[{name.capitalize()}] {words}" if words else _placeholder(name)


def _placeholder(kind: str) -> str:
    return f"A message of the type {kind}, which can't be shown here"
