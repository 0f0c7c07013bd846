"""Handing one message to Telegram, which takes a text, or a file with a caption.

One file with a text that fits under it is one request. Otherwise the parts go one after the other, the text first, and
stay one promise: a later part that is refused makes the message a failure that says so, and one of which nobody knows
makes it unknown.

Imports the SDK: import it late, and off the event loop.
"""

import asyncio
import logging
import re
from collections.abc import Coroutine, Sequence
from dataclasses import dataclass
from typing import Any, Final

from telegram import Bot, InputFile

from contacts_tui.channels import codes
from contacts_tui.channels import telegram_errors as errors
from contacts_tui.channels.base import Accepted, NotSent, Outgoing, OutgoingFile, Refused, SendResult, Unsettled
from contacts_tui.channels.telegram_http import Line
from contacts_tui.channels.telegram_pace import Pace
from contacts_tui.domain.delivery import Delivery

CAPTION_LIMIT: Final = 1024
"""Characters of a text that stands under a file."""
PHOTO_LIMIT: Final = 10 * 1024 * 1024
"""Bytes of a picture that is shown in the chat; a larger one goes as a document."""
FILE_LIMIT: Final = 50 * 1024 * 1024
"""Bytes of the largest file that a bot may send."""

_PHOTOS = ("image/jpeg", "image/png")
_VOICE = "audio/ogg"
"""What Telegram plays as a voice message: OGG with Opus."""
_CHAT = re.compile(r"[1-9][0-9]{0,18}")
"""Ids of private chats. Those of groups are negative, and a name would be a public channel's."""

_LOG = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Part:
    """What goes in one request."""

    text: str
    file: OutgoingFile | None = None
    content: bytes = b""
    """Of the file."""


async def send(line: Line, pace: Pace, inbox_id: int, outgoing: Outgoing, seconds: float) -> SendResult:
    """One try of the whole message, each part within `seconds`. Never raises."""
    if not _CHAT.fullmatch(outgoing.to):
        return Refused(errors.NO_CHAT, f"{outgoing.to!r} is no private chat")
    parts = await asyncio.to_thread(_parts, outgoing)
    if isinstance(parts, Refused):
        return parts
    first: Accepted | None = None
    for number, part in enumerate(parts, 1):
        result = await _part(line, pace, inbox_id, int(outgoing.to), part, seconds)
        if not isinstance(result, Accepted):
            return result if first is None else _incomplete(result, first, number, len(parts))
        first = first or result
    assert first is not None, "a message has a part"
    return first


def _parts(outgoing: Outgoing) -> Sequence[Part] | Refused:
    """The parts in their order, with every file read: what can't be read is known before anything leaves."""
    read: list[Part] = []
    for file in outgoing.files:
        try:
            with file.path.open("rb") as handle:
                content = handle.read(FILE_LIMIT + 1)
        except (OSError, ValueError) as error:
            return Refused(codes.FILE, f"{file.name}: {type(error).__name__}")
        if len(content) > FILE_LIMIT:
            return Refused(errors.TOO_LARGE, f"{file.name} is over {FILE_LIMIT} bytes")
        read.append(Part("", file, content))
    if len(read) == 1 and len(outgoing.body) <= CAPTION_LIMIT:
        return [Part(outgoing.body, read[0].file, read[0].content)]
    if outgoing.body or not read:
        return [Part(outgoing.body), *read]
    return read


async def _part(line: Line, pace: Pace, inbox_id: int, chat: int, part: Part, seconds: float) -> SendResult:
    wait = await pace.turn(inbox_id, str(chat))
    if wait is not None:
        return NotSent(errors.PACE, "too much waits for this chat already", wait)
    bot, exchange = line.begin()
    error: Exception = ValueError("the answer names no message")
    try:
        async with asyncio.timeout(seconds):
            await _request(bot, chat, part)
    except Exception as failure:
        # Whatever the SDK makes of an odd answer, the message may have left: it is judged, never raised.
        error = failure
    message = exchange.result()
    number = message.get("message_id") if isinstance(message, dict) else None
    if type(number) is int:
        return Accepted(f"{chat}:{number}", Delivery.SENT)
    return exchange.outcome(error)


def _request(bot: Bot, chat: int, part: Part) -> Coroutine[Any, Any, object]:
    """The call that carries a part. Without a parse mode: what an agent types is never markup."""
    if part.file is None:
        return bot.send_message(chat, part.text)
    # A name that can't be encoded is no reason to lose the file.
    name = part.file.name.encode("utf-8", "replace").decode() or "file"
    caption = part.text or None
    if part.file.content_type in _PHOTOS and len(part.content) <= PHOTO_LIMIT:
        return bot.send_photo(chat, InputFile(part.content, filename=name), caption=caption)
    if part.file.content_type == _VOICE:
        return bot.send_voice(chat, InputFile(part.content, filename=name), caption=caption)
    return bot.send_document(chat, InputFile(part.content, filename=name), caption=caption)


def _incomplete(result: SendResult, first: Accepted, number: int, count: int) -> SendResult:
    """What the whole message is, of which part `number` was not taken for sure."""
    if isinstance(result, Unsettled):
        return Unsettled(result.code, f"part {number} of {count}: {result.detail}")
    _LOG.warning("part %d of %d was not sent: %s", number, count, result)
    return Accepted(first.provider_id, Delivery.FAILED, codes.PARTLY)
