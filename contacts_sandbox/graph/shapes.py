"""Objects of Messenger's webhooks."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import quote

from contacts_sandbox.graph.records import Page
from contacts_sandbox.twilio.records import Media


@dataclass(frozen=True)
class Content:
    """The content of a message, without its sender and its time."""

    text: str = ""
    """Its text."""
    attachments: tuple[dict[str, Any], ...] = ()
    """Their objects in the webhook."""
    media: tuple[Media, ...] = ()
    """Their files, where they are held here."""
    more: tuple[tuple[str, Any], ...] = ()
    """Other members of the message object, such as `quick_reply`."""

    def message(self, mid: str) -> dict[str, Any]:
        """Return the message object."""
        made: dict[str, Any] = {"mid": mid}
        if self.text:
            made["text"] = self.text
        if self.attachments:
            made["attachments"] = list(self.attachments)
        return made | dict(self.more)


def new_mid() -> str:
    """Return a fresh message id in Messenger's form."""
    return "m_" + secrets.token_urlsafe(64)


def millis(at: datetime) -> int:
    """Return a time as Meta writes it: in milliseconds since 1970."""
    return int(at.timestamp() * 1000)


def inbound(page: Page, psid: str, at: datetime, **what: Any) -> dict[str, Any]:
    """Return an event that came from a person."""
    return {"sender": {"id": psid}, "recipient": {"id": page.id}, "timestamp": millis(at), **what}


def outbound(page: Page, psid: str, at: datetime, **what: Any) -> dict[str, Any]:
    """Return an event that came from the page: sender and recipient swapped."""
    return {"sender": {"id": page.id}, "recipient": {"id": psid}, "timestamp": millis(at), **what}


def file_url(base_url: str, file: Media) -> str:
    """Return the address of a file, from which it can be loaded without credentials."""
    return f"{base_url}/cdn/{file.sid}/{quote(file.filename or 'file')}"


def attachment(kind: str, url: str) -> dict[str, Any]:
    """Return an attachment: an image, audio, video or file."""
    return {"type": kind, "payload": {"url": url}}


def location(latitude: float, longitude: float, title: str) -> dict[str, Any]:
    """Return an attachment that is a point on the map."""
    return {"type": "location", "title": title, "payload": {"coordinates": {"lat": latitude, "long": longitude}}}


def fallback(title: str, url: str) -> dict[str, Any]:
    """Return an attachment that has no type of its own at Messenger: mostly a link."""
    return {"type": "fallback", "title": title, "url": url, "payload": {"title": title, "url": url}}
