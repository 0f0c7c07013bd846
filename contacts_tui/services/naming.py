"""Names for people whose provider doesn't say who wrote a message: asked for once, when they are first heard of.

It happens behind the webhook, never in its transaction: a profile that can't be had costs nobody a message.
"""

import asyncio
import logging
from collections.abc import Iterable

from sqlmodel import Session

from contacts_tui.channels.base import ChannelError, Naming
from contacts_tui.channels.registry import Adapters
from contacts_tui.domain import address as addresses
from contacts_tui.domain.change import Change, ChangeKind
from contacts_tui.domain.channel import Channel
from contacts_tui.domain.clock import Clock
from contacts_tui.domain.contact import Identity
from contacts_tui.domain.inbox import Inbox
from contacts_tui.store import contacts, inboxes
from contacts_tui.store.errors import StoreError
from contacts_tui.store.store import Store

NAMELESS = (Channel.MESSENGER,)
"""Channels whose messages come without a name."""

_log = logging.getLogger(__name__)


def is_anybody(session: Session, clock: Clock, contact_ids: Iterable[int] | None) -> bool:
    """Whether somebody among these people (None: among all) is still to be asked about."""
    return bool(contacts.nameless(session, NAMELESS, contact_ids))


def take(session: Session, clock: Clock, contact_ids: Iterable[int] | None) -> tuple[tuple[Identity, Inbox], ...]:
    """Whom to ask about now, each once for all processes: what is taken is never given out again."""
    taken = []
    for identity in contacts.nameless(session, NAMELESS, contact_ids):
        contacts.note_asked(session, identity.id)
        inbox = inboxes.get(session, identity.inbox_id) if identity.inbox_id is not None else None
        if inbox is not None:
            taken.append((identity, inbox))
    return tuple(taken)


def learn(session: Session, clock: Clock, identity_id: int, name: str) -> None:
    """Stores what a person goes by; who was called by their bare address is called so from now on."""
    identity = contacts.identity(session, identity_id)
    if identity is None or not name.strip():
        return
    contacts.set_address(session, clock, identity, identity.address, name)
    contact = contacts.get(session, identity.contact_id)
    if contact is not None and contact.name == addresses.display_phone(identity.address):
        contacts.update(session, clock, contact.id, name=name.strip())


class Namer:
    """One process's part in it."""

    def __init__(self, store: Store, adapters: Adapters) -> None:
        """`adapters` ask the providers; the caller closes them."""
        self._store = store
        self._adapters = adapters

    async def run(self, stop: asyncio.Event) -> None:
        """Asks about newcomers until `stop` is set."""
        asking, stopping = asyncio.create_task(self._follow()), asyncio.create_task(stop.wait())
        try:
            await asyncio.wait({asking, stopping}, return_when=asyncio.FIRST_COMPLETED)
            if asking.done():
                asking.result()
        finally:
            for task in (asking, stopping):
                task.cancel()
            await asyncio.gather(asking, stopping, return_exceptions=True)

    async def _follow(self) -> None:
        changes = self._store.follow()
        await self._ask(None)
        async for batch in changes:
            if any(change.kind is ChangeKind.EVERYTHING for change in batch):
                await self._ask(None)
            elif met := _met(batch):
                await self._ask(met)

    async def _ask(self, contact_ids: Iterable[int] | None) -> None:
        try:
            if not await self._store.read(is_anybody, contact_ids):
                return
            for identity, inbox in await self._store.run(take, contact_ids):
                await self._ask_about(identity, inbox)
        except StoreError as error:
            _log.warning("names wait for the store: %s", error)

    async def _ask_about(self, identity: Identity, inbox: Inbox) -> None:
        adapter = self._adapters.get(inbox.provider)
        if not isinstance(adapter, Naming):
            return
        try:
            name = await adapter.name_of(inbox, identity.address)
        except ChannelError as error:
            _log.warning("somebody at %s stays without a name: %s", inbox.name, error.sentence)
        else:
            await self._store.run(learn, identity.id, name)


def _met(batch: Iterable[Change]) -> list[int]:
    """The people of whom something became known. An import names nobody: its people have no chats."""
    return sorted({c.contact_id for c in batch if c.kind is ChangeKind.CONTACT and c.contact_id is not None})
