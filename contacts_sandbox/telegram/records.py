"""What the sandbox remembers of Telegram: bots, the people they know, files and updates."""

from __future__ import annotations

import asyncio
import mimetypes
import secrets
from dataclasses import dataclass, field
from datetime import datetime
from itertools import count
from typing import Any

from contacts_sandbox.twilio.people import Talker
from contacts_sandbox.twilio.records import Post

SMALL = "-90"
"""The end of the id of a photo's smaller size, which is the same file here."""

FIRST_UPDATE = 700_000_001
"""The id of a bot's first update: Telegram begins at any number."""


@dataclass
class Permission:
    """A person's blocking of a bot, or the end of it."""

    bot: str
    """The bot's username."""
    blocked: bool
    """Whether they blocked it; False: they let it write again."""
    at: datetime
    """When."""
    posts: list[Post] = field(default_factory=list)
    """The posts of its update, with the answers."""


@dataclass(kw_only=True)
class TelegramPerson(Talker):
    """A person with a private chat, whose id is the person's own."""

    chat_id: int
    """The id of the person, and of their private chat with any bot. Takes up to 52 bits."""
    first_name: str
    """Their first name."""
    last_name: str | None
    """Their last name."""
    username: str | None
    """Without @."""
    deactivated: bool
    """Whether their account is gone (403)."""
    started: set[int]
    """Ids of the bots that they wrote to."""
    blocked: set[int]
    """Ids of the bots that they blocked."""
    permissions: list[Permission] = field(default_factory=list)
    """Every block and its end, the oldest first."""


@dataclass(frozen=True)
class File:
    """A file at Telegram. Its id is valid for one bot only."""

    file_id: str
    """The id by which the bot asks for it or sends it again."""
    unique_id: str
    """An id that identifies it, but can't be used to load or send it."""
    path: str
    """Its path under the bot's file address."""
    content_type: str
    """Its MIME type."""
    filename: str
    """Its name, as the sender gave it."""
    data: bytes
    """Its content."""


@dataclass
class Update:
    """An event of a bot that wasn't confirmed yet."""

    id: int
    """Its id, rising within a bot."""
    at: datetime
    """When it was added; a day later it is dropped."""
    document: dict[str, Any]
    """Its object, as it is given out."""
    person: str
    """The id of the chat it is about."""
    posts: list[Post]
    """The list to which its posts are added."""


@dataclass
class Webhook:
    """Where a bot's updates are posted."""

    url: str
    """The address of the receiver."""
    secret_token: str
    """Sent with every post; empty: none."""
    failed_at: datetime | None = None
    """When a post was last not accepted; None: never."""
    failure: str = ""
    """Why it wasn't accepted."""


class Poll:
    """A request that waits for updates."""

    def __init__(self) -> None:
        """Start as a request that still waits."""
        self.stirred = asyncio.Event()
        """Set when there may be something to answer."""
        self.ended: Exception | None = None
        """Why it is over, when something else ended it."""

    def end(self, why: Exception) -> None:
        """End the wait: the request is answered with the error `why`."""
        self.ended = why
        self.stirred.set()


@dataclass
class Bot:
    """A bot, with the updates that wait for it."""

    id: int
    """The number before the colon of its token."""
    token: str
    """Its credential. Never shown by the control API."""
    username: str
    """Without @; ends in `bot`, as a rule."""
    name: str
    """Its first name."""
    updates: list[Update] = field(default_factory=list)
    """Not confirmed yet, the oldest first."""
    update_ids: count[int] = field(default_factory=lambda: count(FIRST_UPDATE))
    """The next update's id."""
    message_ids: count[int] = field(default_factory=lambda: count(1))
    """The next message's id: one count over all private chats of a bot."""
    allowed: frozenset[str] | None = None
    """The kinds of updates it asked for; None: the usual ones."""
    webhook: Webhook | None = None
    """Where updates are posted; None: it polls."""
    poll: Poll | None = None
    """The request that waits now."""
    pump: asyncio.Task[None] | None = None
    """The task that posts the updates."""
    groups: dict[int, dict[str, Any]] = field(default_factory=dict)
    """Chat objects of the groups in which people wrote to it, by id."""
    files: dict[str, File] = field(default_factory=dict)
    """By file id."""
    documents: dict[tuple[int, int], dict[str, Any]] = field(default_factory=dict)
    """Messages from people as they were last given out, by chat and message id."""
    order: asyncio.Lock = field(default_factory=asyncio.Lock, repr=False)
    """Held while an update is posted."""

    def keep(self, folder: str, data: bytes, content_type: str, filename: str, *, file_id: str = "") -> File:
        """Store and return a file, with a path in `folder` of Telegram's form, and a fresh id if none is given."""
        ending = mimetypes.guess_extension(content_type.partition(";")[0].strip()) or ""
        path = f"{folder}/file_{len(self.files)}{ending}"
        made = File(
            file_id=file_id or "BQAC" + secrets.token_urlsafe(32),
            unique_id="AgAD" + secrets.token_urlsafe(8),
            path=path,
            content_type=content_type,
            filename=filename,
            data=data,
        )
        self.files[made.file_id] = made
        return made

    def file(self, file_id: str) -> File | None:
        """Return the file with this id, or None. The id of a photo's smaller size will do too."""
        return self.files.get(file_id) or self.files.get(file_id.removesuffix(SMALL))


class TelegramState:
    """Everything of Telegram."""

    def __init__(self) -> None:
        """Start without bots and people."""
        self.bots: dict[int, Bot] = {}
        self.people: dict[int, TelegramPerson] = {}

    def bot(self, username: str) -> Bot | None:
        """Return the bot with this username, in any case, or None."""
        return next((bot for bot in self.bots.values() if bot.username.lower() == username.lower()), None)
