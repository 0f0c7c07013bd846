"""Stores of many people, made by plain inserts: through the services it would take an hour."""

import random
import shutil
import uuid
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path

from sqlalchemy import Connection, insert
from sqlmodel import SQLModel

from benchmarks.serving import NOWHERE
from contacts_tui.domain.address import alias_key
from contacts_tui.domain.channel import Channel
from contacts_tui.domain.clock import utc_now
from contacts_tui.domain.inbox import InboxForm
from contacts_tui.domain.text import searchable
from contacts_tui.services import inboxes
from contacts_tui.store import search
from contacts_tui.store.backends import location_of
from contacts_tui.store.backends.sqlite.backend import SQLite
from contacts_tui.store.revision import HEAD
from contacts_tui.store.store import Store
from contacts_tui.store.timestamps import NEVER

CACHE = Path(__file__).parent.parent / ".bench"
"""Where stores are kept for the rest of the day: tomorrow their times would be a day old."""

MESSAGES_EACH = 3
"""Messages a person, on average."""
LONG, SHORT = 10_000, 50
"""Messages of the two people on top of the list."""
LONG_NAME, SHORT_NAME = "Ada Long", "Ben Short"
LAST_WORDS = "the last words"
"""The newest message of both ends in these."""
RARE = "zanzibar"
"""A word in twenty messages of each store."""

AGENT = "Kim"
"""The assignee of some of the people."""

_WAITS, _SLEEPS, _MINE = 50, 500, 2_000
"""One person of so many waits for an answer, is snoozed, is Kim's; the others are closed."""
_DAYS = 90
_BATCH = 10_000
_FIRST, _LAST, _COMMON, _SYLLABLES = (
    line.split() for line in Path(__file__).with_name("words.txt").read_text(encoding="utf-8").splitlines()
)
"""Given names, family names, words of everyday messages, and what other words are made of: a line each."""

Row = Mapping[str, object]


def place(people: int, folder: Path) -> str:
    """Return the location of a store with so many people, copied into the folder; build it if none is cached."""
    kept = CACHE / f"{people}-people-{HEAD}-{utc_now():%Y-%m-%d}.db"
    if not kept.exists():
        CACHE.mkdir(exist_ok=True)
        for old in CACHE.glob(f"{people}-people-*"):
            old.unlink()
        made = folder / "made.db"
        _Builder(people).build(made)
        shutil.move(made, kept)
    copy = folder / f"{people}.db"
    shutil.copy(kept, copy)
    return location_of(copy)


class _Builder:
    """Writes one store. The same size has the same people and words, and the same times before now."""

    def __init__(self, people: int) -> None:
        self._people = people
        self._random = random.Random(people)
        self._now = utc_now()
        self._words = [*_COMMON * 20, *("".join(self._random.choices(_SYLLABLES, k=3)) for _ in range(2000))]
        self._spread = people * MESSAGES_EACH
        """Messages of all people but the two on top."""
        self._last: dict[int, tuple[int, datetime]] = {}
        """By person: the last message's id and time."""

    def build(self, file: Path) -> None:
        """Make the store, complete with its indexes."""
        location = location_of(file)
        store = Store.open(location)
        # Without it the status line would show nothing but the problem of the inbox.
        store.call(inboxes.set_public_url, "https://support.example.com")
        shop = store.call(
            inboxes.connect,
            "Kim",
            InboxForm(
                name="Shop",
                channel=Channel.SMS,
                address="+12025550101",
                account="AC" + "a" * 32,
                secret="env:TWILIO_TOKEN",
                base_url=NOWHERE,
            ),
        )
        store.close()
        engine = SQLite(str(file)).engine()
        with engine.begin() as connection:
            self._draw_messages()
            _insert(connection, "contact", self._contacts())
            _insert(connection, "identity", self._identities())
            _insert(connection, "conversation", self._conversations(shop.id))
            _insert(connection, "queue", self._queue())
            self._random.seed(self._people)
            for batch in _batches(self._messages(shop.id)):
                connection.execute(insert(SQLModel.metadata.tables["message"]), batch)
                connection.exec_driver_sql(
                    "INSERT INTO message_search (rowid, body) VALUES (?, ?)",
                    [(row["id"], searchable(str(row["body"]))) for row in batch],
                )
        # Closing the last connection takes SQLite's log back into the file.
        engine.dispose()

    def _draw_messages(self) -> None:
        """Draw in advance who wrote when, because people carry their last message."""
        self._random.seed(self._people)
        for row in self._messages(0):
            contact_id, at = row["contact_id"], row["at"]
            assert isinstance(contact_id, int)
            assert isinstance(at, datetime)
            assert isinstance(row["id"], int)
            self._last[contact_id] = (row["id"], at)

    def _name(self, contact_id: int) -> str:
        if contact_id > self._people - 2:
            return LONG_NAME if contact_id == self._people else SHORT_NAME
        mixed = contact_id * 7919
        return f"{_FIRST[mixed % len(_FIRST)]} {_LAST[mixed // 41 % len(_LAST)]} {contact_id}"

    def _unread(self, contact_id: int) -> bool:
        """Return whether the contact has an unread message; the two whose threads open at their end have none."""
        return contact_id % 100 == 0 and contact_id <= self._people - 2

    def _contacts(self) -> Iterator[Row]:
        for contact_id in range(1, self._people + 1):
            name, number = self._name(contact_id), _number(contact_id)
            company, email = f"Firm {contact_id % 5000}", f"p{contact_id}@example.com"
            last_id, last_at = self._last.get(contact_id, (None, NEVER))
            spellings = [(Channel.SMS, number), (Channel.SMS, alias_key(Channel.SMS, number))]
            yield {
                "id": contact_id,
                "name": name,
                "company": company,
                "emails": [email],
                "tags": [],
                "note": "",
                "owner": AGENT if contact_id % _MINE == 0 else "",
                "time_zone": "America/New_York",
                "created_at": self._now,
                "search_text": search.contact_text((name, company, email), spellings),
                "activity_at": last_at,
                "last_message_id": last_id,
                "last_inbound_at": last_at if last_id else None,
                "unread": 1 if last_id and self._unread(contact_id) else 0,
                "failing": False,
            }

    def _identities(self) -> Iterator[Row]:
        for contact_id in range(1, self._people + 1):
            number = _number(contact_id)
            yield {
                "id": contact_id,
                "contact_id": contact_id,
                "channel": Channel.SMS.value,
                "address": number,
                "key": alias_key(Channel.SMS, number),
                "scope": 0,
                "profile_name": "",
                "opted_out_at": None,
                "refusal_code": "",
            }

    def _conversations(self, inbox_id: int) -> Iterator[Row]:
        for contact_id, (_, at) in self._last.items():
            yield {
                "id": contact_id,
                "identity_id": contact_id,
                "inbox_id": inbox_id,
                "contact_id": contact_id,
                "last_inbound_at": at,
                "closed_by_provider_at": None,
                "window_until": None,
                "last_message_at": at,
                "unread": 1 if self._unread(contact_id) else 0,
                "read_up_to": None if self._unread(contact_id) else self._now,
            }

    def _queue(self) -> Iterator[Row]:
        for contact_id, (_, at) in self._last.items():
            waits, sleeps = contact_id % _WAITS == 0, contact_id % _SLEEPS == 1
            yield {
                "contact_id": contact_id,
                "state": "open" if waits else "snoozed" if sleeps else "closed",
                "waiting_since": at if waits else None,
                "deadline": at + timedelta(hours=1) if waits else None,
                "wake": "at" if sleeps else "",
                "wake_at": self._now + timedelta(days=1) if sleeps else None,
            }

    def _messages(self, inbox_id: int) -> Iterator[Row]:
        total = self._spread + LONG + SHORT
        for message_id in range(1, total + 1):
            at = self._now - timedelta(days=_DAYS) * ((total - message_id + 1) / total)
            inbound = self._random.random() < 0.5
            yield {
                "id": message_id,
                "uid": str(uuid.UUID(int=message_id)),
                "conversation_id": (whose := self._whose(message_id)),
                "contact_id": whose,
                "inbox_id": inbox_id,
                "direction": "in" if inbound else "out",
                "body": self._body(message_id),
                "media": [],
                "template": None,
                "author": "" if inbound else "Kim",
                "status": "" if inbound else "delivered",
                "error_code": "",
                "provider_id": f"SM{message_id:032x}",
                "at": at.astimezone(UTC),
                "stored_at": at,
                "status_at": None if inbound else at,
            }

    def _whose(self, message_id: int) -> int:
        if message_id <= self._spread:
            return self._random.randint(1, self._people - 2)
        return self._people if message_id > self._spread + SHORT else self._people - 1

    def _body(self, message_id: int) -> str:
        words = self._random.choices(self._words, k=self._random.randint(4, 12))
        if message_id % max(1, self._spread // 20) == 0:
            words.append(RARE)
        if message_id in (self._spread + SHORT, self._spread + SHORT + LONG):
            words.append(LAST_WORDS)
        return " ".join(words)


def _number(contact_id: int) -> str:
    return f"+1{2_020_000_000 + contact_id * 13}"


def _insert(connection: Connection, table: str, rows: Iterable[Row]) -> None:
    for batch in _batches(rows):
        connection.execute(insert(SQLModel.metadata.tables[table]), batch)


def _batches(rows: Iterable[Row]) -> Iterator[list[Row]]:
    iterator = iter(rows)
    while batch := list(islice(iterator, _BATCH)):
        yield batch
