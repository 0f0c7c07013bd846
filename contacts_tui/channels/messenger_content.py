"""What a person reads of a Messenger message: its text, its files, and a named placeholder for all the rest."""

import mimetypes
from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import unquote, urlsplit

from contacts_tui.channels.outside import text_of
from contacts_tui.domain.message import Media

Json = Mapping[str, Any]
"""A JSON object from outside: nothing about its values is certain."""

_FILES = {"image": "image/*", "video": "video/*", "audio": "audio/*", "file": "application/octet-stream"}
"""Kinds of attachments that are files, and what is known of their content while nobody has looked at it."""

_STICKER, _TEMPLATE = "sticker", "template"
_LONGEST_WORD = 60
"""Characters of a kind's name that are shown: it comes from outside."""


def id_of(value: object) -> str:
    """The `id` in an object from outside, as text; empty when there is none."""
    found = value.get("id") if isinstance(value, dict) else None
    return str(found) if type(found) is int else text_of(found).strip()


def content(message: Json) -> tuple[str, tuple[Media, ...]]:
    """Text and files of a message. What can't be shown is named, for silence would look like nothing came."""
    attachments = _attachments(message)
    media = tuple(_media(attachments))
    lines = [text for text in (text_of(message.get("text")), *_lines(attachments)) if text.strip()]
    if not lines and not media:
        kinds = ", ".join(sorted(set(map(_kind, attachments)))) or "unknown"
        lines.append(f"A message of the kind {kinds}, which can't be shown here")
    return "\n".join(lines), media


def _attachments(message: Json) -> Sequence[Json]:
    """The attachments, without the picture that stands beside a sticker of the same id."""
    found = message.get("attachments")
    attachments = [each for each in found if isinstance(each, dict)] if isinstance(found, list) else []
    stickers = [_payload(each).get("sticker_id") for each in attachments if _kind(each) == _STICKER]
    return [
        each for each in attachments if _kind(each) != "image" or _payload(each).get("sticker_id", each) not in stickers
    ]


def _media(attachments: Sequence[Json]) -> Iterator[Media]:
    for attachment in attachments:
        kind, url = _kind(attachment), text_of(_payload(attachment).get("url"))
        if (kind in _FILES or kind == _STICKER) and _is_web(url):
            name = _file_name(url)
            yield Media(url, _content_type("image" if kind == _STICKER else kind, name), name)


def _lines(attachments: Sequence[Json]) -> Iterator[str]:
    """A line for each attachment that is no file that can be loaded."""
    for attachment in attachments:
        kind, payload = _kind(attachment), _payload(attachment)
        title = (text_of(attachment.get("title")) or text_of(payload.get("title"))).strip()
        # A link that someone shared has its address beside the payload, too.
        url = text_of(payload.get("url")) or text_of(attachment.get("url"))
        where = payload.get("coordinates")
        if kind == "location" and isinstance(where, dict):
            place = f"{_number(where.get('lat'))}, {_number(where.get('long'))}"
            yield f"Location: {title} ({place})" if title else f"Location: {place}"
        elif kind == _STICKER or kind in _FILES:
            if not _is_web(url):
                yield f"[{kind.capitalize()}]"
        elif kind == _TEMPLATE:
            yield _template(title, payload)
        elif _is_web(url):
            yield f"{title} {url}".strip()
        elif title:
            yield f"[{kind.capitalize()}: {title}]"


def _template(title: str, payload: Json) -> str:
    """The words over a bot's buttons, or the titles of its cards. The address beside them leads nowhere."""
    elements = payload.get("elements")
    cards = [each for each in elements if isinstance(each, dict)] if isinstance(elements, list) else []
    lines = [text_of(payload.get("text")), *(text_of(card.get("title")) for card in cards)]
    said = "\n".join(line for line in lines if line.strip())
    return said or (f"[Template: {title}]" if title else "[Template]")


def _kind(attachment: Json) -> str:
    return text_of(attachment.get("type")).strip()[:_LONGEST_WORD].lower() or "unknown"


def _payload(attachment: Json) -> Json:
    payload = attachment.get("payload")
    return payload if isinstance(payload, dict) else {}


def _number(value: object) -> str:
    return str(value) if isinstance(value, (int, float)) and not isinstance(value, bool) else "?"


def _is_web(url: str) -> bool:
    return url.startswith(("https://", "http://"))


def _file_name(url: str) -> str:
    """The last part of an address, which is how Meta tells a file's name; empty when it can't be read."""
    try:
        path = urlsplit(url).path
    except ValueError:
        return ""
    return text_of(unquote(path.rpartition("/")[2]))


def _content_type(kind: str, name: str) -> str:
    guessed = mimetypes.guess_type(name)[0] or ""
    fits = guessed.partition("/")[0] == kind or kind == "file"
    return guessed if guessed and fits else _FILES[kind]
