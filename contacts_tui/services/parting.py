"""Disconnecting an inbox: it is put aside in the store, and its provider is asked to forget our webhook."""

from dataclasses import dataclass

from contacts_tui.channels.base import ChannelError, Polling
from contacts_tui.channels.fence import Fence, Held
from contacts_tui.channels.registry import Adapters
from contacts_tui.domain.inbox import Inbox
from contacts_tui.services import inboxes
from contacts_tui.services.errors import NotFound
from contacts_tui.store.store import Store


@dataclass(frozen=True, slots=True)
class Parted:
    """What came of it."""

    unsent: int
    """How many waiting messages failed by it."""
    webhook_left: str
    """Why the provider goes on calling our webhook, in one sentence; empty when it was asked not to or never did."""


async def disconnect(store: Store, inbox_id: int) -> Parted:
    """Puts an inbox aside, whatever its provider says; see `inboxes.disconnect`. Raises NotFound.

    The store comes first: who listens to the inbox hears of it, and doesn't announce the webhook again.
    """
    inbox = await store.read(inboxes.get, inbox_id)
    if inbox is None:
        raise NotFound("there is no such inbox")
    unsent = await store.run(inboxes.disconnect, inbox_id)
    return Parted(unsent, await _take_webhook_away(store, inbox))


async def _take_webhook_away(store: Store, inbox: Inbox) -> str:
    async def ask() -> None:
        # Whoever connected it again meanwhile has announced theirs.
        now = await store.read(inboxes.get, inbox.id)
        if now is None or now.is_connected:
            raise Held(f"{inbox.name} was connected again")

    adapters = Adapters()
    try:
        adapter = adapters.get(inbox.provider)
        if isinstance(adapter, Polling) and not inbox.is_polled:
            await adapter.forget_webhook(inbox, Fence(ask))
    except ChannelError as error:
        return f"Its webhook stays at {inbox.channel.label}: {error.sentence}"
    finally:
        await adapters.aclose()
    return ""
