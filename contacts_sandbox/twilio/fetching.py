"""Fetching what a MediaUrl names, as Twilio does once a message is accepted, and what may be wrong with it."""

from __future__ import annotations

import asyncio
from urllib.parse import unquote, urlsplit

import httpx

from contacts_sandbox.twilio.records import Media, Message, new_sid

LARGEST = 5 * 1024 * 1024
"""The most bytes of a file of an MMS, and of a picture on WhatsApp (11751)."""

LARGEST_WHATSAPP = 16 * 1024 * 1024
"""The most bytes of any other file on WhatsApp."""

PATIENCE = 10.0
"""Seconds within which a file must arrive. Twilio's own limit isn't documented."""

_UNFETCHED, _UNFETCHED_WHATSAPP, _WRONG_TYPE, _TOO_LARGE = 11200, 63019, 12300, 11751

_LOOPBACK = ("127.0.0.1", "::1", "localhost")

_MAIN_TYPES = ("image/", "audio/", "video/")
_OFFICE = "application/vnd.openxmlformats-officedocument"
_DOCUMENTS = (
    "application/pdf",
    "application/msword",
    f"{_OFFICE}.wordprocessingml.document",
    f"{_OFFICE}.spreadsheetml.sheet",
    f"{_OFFICE}.presentationml.presentation",
    "text/vcard",
)
_OF_SMS = (*_DOCUMENTS, "text/csv", "text/rtf", "text/calendar")
_PICTURES_OF_WHATSAPP = ("image/jpeg", "image/png", "image/webp")

_BEGINNINGS = {
    "image/jpeg": b"\xff\xd8\xff",
    "image/png": b"\x89PNG",
    "image/gif": b"GIF8",
    "application/pdf": b"%PDF",
    "audio/ogg": b"OggS",
}
"""What a file of these types begins with. Twilio compares the declared type with the file."""


class Fetcher:
    """Loads files from this machine. A file on any other host counts as good, and isn't loaded."""

    def __init__(self, client: httpx.AsyncClient) -> None:
        """Fetch through `client`, which follows redirects only when asked to."""
        self._client = client

    async def fetch(self, message: Message) -> int | None:
        """Load a message's files into its record. Return the code of the error in which the message ends, or None."""
        for url in message.media_urls:
            if (urlsplit(url).hostname or "") not in _LOOPBACK:
                continue
            try:
                async with asyncio.timeout(PATIENCE):
                    told = await self._client.head(url, follow_redirects=True)
                    answer = await self._client.get(url, follow_redirects=True)
            except (httpx.HTTPError, httpx.InvalidURL, TimeoutError):
                return _unfetched(message)
            if not (told.is_success and answer.is_success and answer.content):
                return _unfetched(message)
            content_type = answer.headers.get("content-type", "").partition(";")[0].strip().lower()
            error = _problem(message, content_type, answer.content)
            if error is not None:
                return error
            name = _name(answer.headers.get("content-disposition", ""))
            message.media.append(Media(new_sid("ME"), content_type, name, answer.content))
        return None


def _unfetched(message: Message) -> int:
    return _UNFETCHED_WHATSAPP if message.whatsapp else _UNFETCHED


def _problem(message: Message, content_type: str, data: bytes) -> int | None:
    is_picture = content_type.startswith("image/")
    if message.whatsapp:
        taken = content_type in (_PICTURES_OF_WHATSAPP if is_picture else _DOCUMENTS)
        taken = taken or content_type.startswith(("audio/", "video/"))
    else:
        taken = content_type.startswith(_MAIN_TYPES) or content_type in _OF_SMS
    if not taken or not data.startswith(_BEGINNINGS.get(content_type, b"")):
        return _WRONG_TYPE
    largest = LARGEST_WHATSAPP if message.whatsapp and not is_picture else LARGEST
    return _TOO_LARGE if len(data) > largest else None


def _name(disposition: str) -> str | None:
    """Return the file's name in a Content-Disposition, plain or in UTF-8; None when there is none."""
    for part in disposition.split(";")[1:]:
        key, _, value = part.strip().partition("=")
        if key.lower() == "filename":
            return value.strip('"')
        if key.lower() == "filename*":
            return unquote(value.rpartition("'")[2])
    return None
