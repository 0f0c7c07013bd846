"""A short cache of the inboxes whose webhooks are called, so that a burst of webhooks doesn't read them each time."""

import asyncio

from contacts_tui.channels.base import WebhookKind
from contacts_tui.domain.inbox import Inbox
from contacts_tui.services import inboxes
from contacts_tui.store.store import Store

FRESH = 1.0
"""Seconds for which a cached inbox is used. Only inboxes that exist are cached."""


class KnownInboxes:
    """The cached inboxes of one receiver."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._kept: dict[tuple[int, WebhookKind], tuple[float, tuple[Inbox, ...]]] = {}

    async def sharing_webhook(self, inbox_id: int, kind: WebhookKind) -> tuple[Inbox, ...]:
        """Return `services.inboxes.sharing_webhook` of these, at most FRESH seconds old. Raise StoreError."""
        now = asyncio.get_running_loop().time()
        read_at, told = self._kept.get((inbox_id, kind), (0.0, ()))
        if told and now - read_at < FRESH:
            return told
        told = await self._store.read(inboxes.sharing_webhook, inbox_id, kind)
        if told:
            self._kept[inbox_id, kind] = now, told
        else:
            self._kept.pop((inbox_id, kind), None)
        return told
