"""Sending one message through Telegram, which accepts a text, or a file with a caption.

Imports the SDK: import it late, and off the event loop.
"""

import asyncio
import re
from collections.abc import Coroutine
from typing import Any, Final

from telegram import Bot, InputFile

from contacts_tui.channels import local_errors
from contacts_tui.channels.base import Accepted, Outgoing, OutgoingFile, Refused, SendResult
from contacts_tui.channels.fence import Fence
from contacts_tui.channels.files import apart
from contacts_tui.channels.telegram import errors
from contacts_tui.channels.telegram.connector import TELEGRAM
from contacts_tui.channels.telegram.http import Line
from contacts_tui.domain.delivery import Delivery

PHOTO_LIMIT: Final = 10 * 1024 * 1024
"""The most bytes of a picture that is shown in the chat; a larger one is sent as a document."""
FILE_LIMIT: Final = 50 * 1024 * 1024
"""The most bytes of a file that a bot may send."""

_PHOTOS = ("image/jpeg", "image/png")
_VOICE = "audio/ogg"
"""The type that Telegram plays as a voice message: OGG with Opus."""
_CHAT = re.compile(r"[1-9][0-9]{0,18}")
"""Ids of private chats. A group's id is negative, and a name would be a public channel's."""


async def send(line: Line, outgoing: Outgoing, seconds: float, fence: Fence | None = None) -> SendResult:
    """Send a message once, within `seconds`, and return the outcome. Never raise."""
    if not _CHAT.fullmatch(outgoing.to):
        return Refused(errors.NO_CHAT, f"{outgoing.to!r} is not a private chat")
    if (refused := apart(outgoing, TELEGRAM.limits)) is not None:
        return refused
    file = next(iter(outgoing.files), None)
    content = b"" if file is None else await asyncio.to_thread(_content, file)
    if isinstance(content, Refused):
        return content
    bot, exchange = line.begin(fence)
    error: Exception = ValueError("the answer names no message")
    try:
        async with asyncio.timeout(seconds):
            await _request(bot, int(outgoing.to), outgoing.body, file, content)
    except Exception as failure:
        # The message may have left, whatever the SDK raises for an odd answer: return an outcome, never raise.
        error = failure
    message = exchange.result()
    number = message.get("message_id") if isinstance(message, dict) else None
    if type(number) is int:
        return Accepted(f"{outgoing.to}:{number}", Delivery.SENT)
    return exchange.outcome(error)


def _content(file: OutgoingFile) -> bytes | Refused:
    """Return a file's content, or a refusal when it can't be read or is too large, before anything leaves."""
    try:
        with file.path.open("rb") as handle:
            content = handle.read(FILE_LIMIT + 1)
    except (OSError, ValueError) as error:
        return Refused(local_errors.FILE, f"{file.name}: {type(error).__name__}")
    if len(content) > FILE_LIMIT:
        return Refused(errors.TOO_LARGE, f"{file.name} is over {FILE_LIMIT} bytes")
    return content


def _request(bot: Bot, chat: int, text: str, file: OutgoingFile | None, content: bytes) -> Coroutine[Any, Any, object]:
    """Return the call that sends text and file. It has no parse mode, as an agent's text is never markup."""
    if file is None:
        return bot.send_message(chat, text)
    # A name that can't be encoded is repaired, so that the file is sent all the same.
    upload = InputFile(content, filename=file.name.encode("utf-8", "replace").decode() or "file")
    caption = text or None
    if file.content_type in _PHOTOS and len(content) <= PHOTO_LIMIT:
        return bot.send_photo(chat, upload, caption=caption)
    if file.content_type == _VOICE:
        return bot.send_voice(chat, upload, caption=caption)
    return bot.send_document(chat, upload, caption=caption)
