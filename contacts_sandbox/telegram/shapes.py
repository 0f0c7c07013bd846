"""Objects of the Bot API: users, chats, messages and what is attached to them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from contacts_sandbox.telegram.records import SMALL, Bot, File, TelegramPerson

FOLDERS = {
    "photo": "photos",
    "document": "documents",
    "voice": "voice",
    "audio": "music",
    "video": "videos",
    "sticker": "stickers",
}
"""Kind of file to the folder that its path names."""


@dataclass(frozen=True)
class Content:
    """The content of a message, without its sender and its time."""

    fields: dict[str, Any]
    """The part of the message object that depends on its kind."""
    text: str
    """Its text or caption, for the record."""
    files: tuple[File, ...] = ()
    """What is attached."""


def bot_user(bot: Bot) -> dict[str, Any]:
    """Return a bot as a user."""
    return {"id": bot.id, "is_bot": True, "first_name": bot.name, "username": bot.username}


def person_user(person: TelegramPerson) -> dict[str, Any]:
    """Return a person as a user."""
    return {"id": person.chat_id, "is_bot": False, **_names(person), "language_code": "en"}


def private_chat(person: TelegramPerson) -> dict[str, Any]:
    """Return the chat of a bot with a person."""
    return {"id": person.chat_id, **_names(person), "type": "private"}


def _names(person: TelegramPerson) -> dict[str, str]:
    names = {"first_name": person.first_name, "last_name": person.last_name, "username": person.username}
    return {name: value for name, value in names.items() if value}


def unix(at: datetime) -> int:
    """Return a time as the Bot API writes it: in seconds since 1970."""
    return int(at.timestamp())


def text(body: str) -> Content:
    """Return a text; one that begins with a slash is marked as a command, as `/start` is."""
    fields: dict[str, Any] = {"text": body}
    if body.startswith("/") and len(body) > 1:
        command = body.split(maxsplit=1)[0]
        fields["entities"] = [{"type": "bot_command", "offset": 0, "length": len(command.encode("utf-16-le")) // 2}]
    return Content(fields, body)


def attachment(kind: str, file: File, caption: str, emoji: str = "") -> Content:
    """Return a photo, document, voice message, audio, video or sticker."""
    core = {"file_id": file.file_id, "file_unique_id": file.unique_id, "file_size": len(file.data)}
    named = core | {"file_name": file.filename, "mime_type": file.content_type}
    timed = core | {"duration": 3, "mime_type": file.content_type}
    shapes: dict[str, Any] = {
        # Sizes rise; the last is the photo as it was sent.
        "photo": [
            core
            | {"file_id": file.file_id + SMALL, "file_unique_id": file.unique_id + SMALL, "width": 90, "height": 60},
            core | {"width": 1280, "height": 853},
        ],
        "document": named,
        "voice": timed,
        "audio": timed | {"file_name": file.filename},
        "video": timed | {"width": 1280, "height": 720, "file_name": file.filename},
        "sticker": core
        | {
            "type": "regular",
            "width": 512,
            "height": 512,
            "is_animated": False,
            "is_video": False,
            **({"emoji": emoji} if emoji else {}),
        },
    }
    fields = {kind: shapes[kind]} | ({"caption": caption} if caption else {})
    return Content(fields, caption, (file,))


def place(latitude: float, longitude: float) -> Content:
    """Return a point on the map."""
    return Content({"location": {"latitude": latitude, "longitude": longitude}}, "")


def venue(latitude: float, longitude: float, title: str, address: str) -> Content:
    """Return a named place, with its location for clients that don't know venues."""
    location = {"latitude": latitude, "longitude": longitude}
    fields = {"location": location, "venue": {"location": location, "title": title, "address": address}}
    return Content(fields, "")


def contact(phone_number: str, first_name: str, last_name: str) -> Content:
    """Return a card with a phone number."""
    card = {"phone_number": phone_number, "first_name": first_name}
    return Content({"contact": card | ({"last_name": last_name} if last_name else {})}, "")


def message(
    message_id: int, at: datetime, user: dict[str, Any], chat: dict[str, Any], content: Content
) -> dict[str, Any]:
    """Return a message object."""
    return {"message_id": message_id, "from": user, "chat": chat, "date": unix(at), **content.fields}
