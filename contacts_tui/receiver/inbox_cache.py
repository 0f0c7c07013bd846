"""The inboxes whose webhooks are called, as they were a moment ago: a burst of webhooks doesn't look each up anew."""

import asyncio

from contacts_tui.channels.base import WebhookKind
from contacts_tui.domain.inbox import Inbox
from contacts_tui.services import inboxes
from contacts_tui.store.store import Store

FRESH = 1.0
"""Seconds for which what was read is believed. Only inboxes that exist are kept."""


class KnownInboxes:
    """Belongs to one receiver."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._kept: dict[tuple[int, WebhookKind], tuple[float, tuple[Inbox, ...]]] = {}

    async def sharing_webhook(self, inbox_id: int, kind: WebhookKind) -> tuple[Inbox, ...]:
        """As `services.inboxes.sharing_webhook`, at most FRESH old. Raises StoreError."""
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
