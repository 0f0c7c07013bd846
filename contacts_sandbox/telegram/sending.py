"""The calls that send: what each takes, and Telegram's limits."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from contacts_sandbox.core.bodies import Body
from contacts_sandbox.telegram import shapes
from contacts_sandbox.telegram.arguments import degrees, needed
from contacts_sandbox.telegram.errors import TelegramError
from contacts_sandbox.telegram.records import Bot, File
from contacts_sandbox.telegram.shapes import FOLDERS, Content

LONGEST_TEXT = 4096
"""The most characters (code points) of a text."""

LONGEST_CAPTION = 1024
"""The most characters (code points) of a caption."""

LARGEST_PHOTO = 10 * 1024 * 1024
"""The most bytes of an uploaded photo."""

LARGEST_FILE = 50 * 1024 * 1024
"""The most bytes of any other uploaded file."""

PARSE_MODES = frozenset({"", "html", "markdown", "markdownv2"})
"""What `parse_mode` can be, in any case. The text isn't parsed here, only kept."""

Compose = Callable[[Bot, Body], Content]
"""Reads what a call wants to send. Raises TelegramError."""


def text(bot: Bot, body: Body) -> Content:
    """Read the text of sendMessage, without whitespace around it, which Telegram removes too."""
    _check_parse_mode(body)
    written = body.text("text").strip()
    if not written:
        raise TelegramError(400, "message text is empty")
    if len(written) > LONGEST_TEXT:
        raise TelegramError(400, "message is too long")
    return Content({"text": written}, written)


def attachment(kind: str, bot: Bot, body: Body) -> Content:
    """Read the file of sendPhoto and its like: given in the request, by the id of one sent before, or by address."""
    _check_parse_mode(body)
    caption = body.text("caption").strip()
    if len(caption) > LONGEST_CAPTION:
        raise TelegramError(400, "message caption is too long")
    return shapes.attachment(kind, _file(kind, bot, body), caption, body.text("emoji"))


def _file(kind: str, bot: Bot, body: Body) -> File:
    given = body.text(kind)
    upload = body.uploads.get(given.removeprefix("attach://") if given.startswith("attach://") else kind)
    if upload:
        if len(upload.data) > (LARGEST_PHOTO if kind == "photo" else LARGEST_FILE):
            raise TelegramError(413, "Request Entity Too Large")
        if not upload.data:
            raise TelegramError(400, "file must be non-empty")
        return bot.keep(FOLDERS[kind], upload.data, upload.content_type, upload.filename)
    if given.startswith(("http://", "https://")):
        # Telegram fetches the file; this sandbox doesn't, and keeps the address as the content.
        return bot.keep(FOLDERS[kind], given.encode(), "text/uri-list", given.rpartition("/")[2])
    if not given:
        raise TelegramError(400, f"there is no {kind} in the request")
    known = bot.file(given)
    if known is None:
        raise TelegramError(400, "wrong file identifier/HTTP URL specified")
    return known


def location(bot: Bot, body: Body) -> Content:
    """Read the point of sendLocation."""
    return shapes.place(degrees(body, "latitude", 90), degrees(body, "longitude", 180))


def venue(bot: Bot, body: Body) -> Content:
    """Read the place of sendVenue."""
    title, address = needed(body, "title", "venue title"), needed(body, "address", "venue address")
    return shapes.venue(degrees(body, "latitude", 90), degrees(body, "longitude", 180), title, address)


def contact(bot: Bot, body: Body) -> Content:
    """Read the card of sendContact."""
    number, name = needed(body, "phone_number", "phone number"), needed(body, "first_name", "first name")
    return shapes.contact(number, name, body.text("last_name"))


def _check_parse_mode(body: Body) -> None:
    if body.text("parse_mode").lower() not in PARSE_MODES:
        raise TelegramError(400, "unsupported parse_mode")


SENDS: dict[str, Compose] = {
    "sendmessage": text,
    "sendlocation": location,
    "sendvenue": venue,
    "sendcontact": contact,
    **{f"send{kind}": partial(attachment, kind) for kind in FOLDERS},
}
"""Method, in lower case, to the function that reads what it sends."""
