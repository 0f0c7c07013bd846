"""What the sandbox remembers of Messenger: apps, pages, people and files."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from contacts_sandbox.twilio.people import Talker
from contacts_sandbox.twilio.records import Media, Message

WINDOW = timedelta(hours=24)
"""How long a page may answer freely after the person's last message."""

HUMAN_AGENT_WINDOW = timedelta(days=7)
"""How long a page may answer with the HUMAN_AGENT tag, if it has the permission."""

FIELDS = frozenset(
    {
        "messages",
        "message_echoes",
        "message_deliveries",
        "message_reads",
        "message_edits",
        "messaging_postbacks",
        "standby",
    }
)
"""What a page can be subscribed to: each event is of one of these."""


@dataclass
class App:
    """An app of ours at Meta."""

    id: str
    """Digits."""
    secret: str
    """The key of every signature and proof. Never shown by the control API."""
    require_proof: bool
    """Whether calls without appsecret_proof are refused."""


@dataclass
class Page:
    """A Facebook page, connected to an app."""

    id: str
    """Digits."""
    app_id: str
    """The app that receives its events."""
    token: str
    """Its access token. Never shown by the control API."""
    name: str
    """Its name."""
    webhook_url: str | None
    """Where events are posted; None: nowhere."""
    verify_token: str
    """The token by which its webhook's address is verified."""
    human_agent: bool
    """Whether it may use the HUMAN_AGENT tag."""
    token_expired: bool
    """Whether its token is refused (190/463)."""
    fields: frozenset[str]
    """What it is subscribed to."""


@dataclass(kw_only=True)
class GraphPerson(Talker):
    """A person who knows a page. A PSID is theirs at this page only."""

    page_id: str
    """The page."""
    psid: str
    """Digits."""
    first_name: str
    """Their first name."""
    last_name: str
    """Their last name; may be empty."""
    reads: bool
    """Whether messages to them become `read`."""
    unavailable: bool
    """Whether nothing reaches them (551)."""


@dataclass(frozen=True)
class Event:
    """Something that happened between a page and a person."""

    page: Page
    """The page in whose entry it is posted."""
    field: str
    """One of FIELDS."""
    payload: dict[str, Any]
    """Its object in `messaging`, or in `standby`."""
    person: str
    """The PSID."""
    inbound: bool
    """Whether it concerns a message from the person, as opposed to one from the page."""
    record: Message | None
    """The message in whose record its posts are kept; None: they are not kept."""


@dataclass
class GraphState:
    """Everything of Messenger."""

    apps: dict[str, App] = field(default_factory=dict)
    """By id."""
    pages: dict[str, Page] = field(default_factory=dict)
    """By id."""
    people: dict[tuple[str, str], GraphPerson] = field(default_factory=dict)
    """By page and PSID."""
    windows: dict[tuple[str, str], datetime] = field(default_factory=dict)
    """By page and PSID: when the person last wrote."""
    files: dict[str, Media] = field(default_factory=dict)
    """What the content network serves, by key."""

    def page_of(self, token: str) -> Page | None:
        """Return the page with this access token, or None."""
        given = token.encode()  # As texts, two tokens can only be compared when both are ASCII.
        pages = (page for page in self.pages.values() if secrets.compare_digest(page.token.encode(), given))
        return next(pages, None)

    def keep(self, content_type: str, filename: str, data: bytes) -> Media:
        """Store a file and return it; its `sid` is its key."""
        made = Media(secrets.token_hex(16), content_type, filename, data)
        self.files[made.sid] = made
        return made
