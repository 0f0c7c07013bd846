"""Webhooks of a page: batches, signed over their bytes, posted again until they are accepted."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
from typing import Any

from contacts_sandbox.core.state import State
from contacts_sandbox.core.tasks import Tasks
from contacts_sandbox.core.webhooks import LOST, Occasion, Parcel, Poster
from contacts_sandbox.graph.records import Event, Page
from contacts_sandbox.graph.shapes import millis
from contacts_sandbox.twilio.records import Post

MOST_TRIES = 12
"""Tries after which a request is given up. Meta goes on for 36 hours."""


class Events:
    """Posts the events of pages."""

    def __init__(self, state: State, tasks: Tasks, poster: Poster) -> None:
        """Post through `poster`; retries run in `tasks`."""
        self._state = state
        self._tasks = tasks
        self._poster = poster

    async def tell(self, *events: Event) -> Post | None:
        """Post events of one page in one entry, and return as `batch` does."""
        return await self.batch([list(events)])

    async def batch(self, entries: list[list[Event]]) -> Post | None:
        """Post several entries in one request to the webhook of the first event's page. Return the first try.

        Events that a page isn't subscribed to are left out. Return None when nothing remains, or there is no webhook.
        """
        wanted = [[event for event in entry if event.field in event.page.fields] for entry in entries]
        filled = [entry for entry in wanted if entry]
        if not filled or filled[0][0].page.webhook_url is None:
            return None
        first = filled[0][0]
        document = {"object": "page", "entry": [self._entry(entry) for entry in filled]}
        events = [event for entry in filled for event in entry]
        tried = await self._post(first, events, document)
        if not _taken(tried):
            self._tasks.start(self._again(first, events, document))
        return tried

    def _entry(self, events: list[Event]) -> dict[str, Any]:
        entry: dict[str, Any] = {"id": events[0].page.id, "time": millis(self._state.clock())}
        for name in ("messaging", "standby"):
            found = [event.payload for event in events if (event.field == "standby") == (name == "standby")]
            if found:
                entry[name] = found
        return entry

    async def _again(self, first: Event, events: list[Event], document: dict[str, Any]) -> None:
        pause = self._state.settings.retry_first
        for _ in range(MOST_TRIES - 1):
            await asyncio.sleep(pause)
            if _taken(await self._post(first, events, document)):
                return
            pause = min(pause * 2, self._state.settings.retry_longest)

    async def _post(self, first: Event, events: list[Event], document: dict[str, Any]) -> Post:
        page = first.page
        tried = Post(self._state.clock(), page.webhook_url or "", document)
        to, from_ = (page.id, first.person) if first.inbound else (first.person, page.id)
        occasion = Occasion("graph_event", to, from_, f"graph:{page.id}")
        posts: list[Post] = []
        # Meta posts concurrently: the next event doesn't wait for the answer to this one.
        await self._poster.post(occasion, posts, tried, self._parcel(page, document), asyncio.Lock())
        for event in events:
            if event.record:
                event.record.posts.extend(posts)
        return tried

    def _parcel(self, page: Page, document: dict[str, Any]) -> Parcel:
        content = encoded(document)
        app = self._state.graph.apps.get(page.app_id)
        secret = app.secret.encode() if app else b""
        headers = {
            "Content-Type": "application/json",
            "User-Agent": "facebookexternalua",
            "X-Hub-Signature": "sha1=" + hmac.new(secret, content, hashlib.sha1).hexdigest(),
            "X-Hub-Signature-256": "sha256=" + hmac.new(secret, content, hashlib.sha256).hexdigest(),
        }
        return Parcel(content, headers)


def encoded(document: dict[str, Any]) -> bytes:
    """Return JSON as Meta writes it: characters outside ASCII escaped, slashes too."""
    return json.dumps(document, separators=(",", ":")).replace("/", "\\/").encode()


def _taken(tried: Post) -> bool:
    return tried.error == LOST or tried.answer == 200
