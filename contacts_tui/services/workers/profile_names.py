"""Names of people whose provider doesn't say who wrote a message: asked for after their first message.

The provider is asked after the webhook's transaction, never in it: a profile that can't be fetched costs no message.
A request that failed is made again after growing pauses, but not where the provider knows no name.
"""

import asyncio
import logging
from collections.abc import Iterable
from datetime import timedelta

from sqlmodel import Session

from contacts_tui.channels import connectors
from contacts_tui.channels.base import ChannelError, Naming
from contacts_tui.channels.connector import Ability
from contacts_tui.channels.registry import Adapters
from contacts_tui.domain import address as addresses
from contacts_tui.domain.change import Change, ChangeKind
from contacts_tui.domain.channel import Channel
from contacts_tui.domain.clock import Clock
from contacts_tui.domain.contact import ContactChange, Identity
from contacts_tui.domain.inbox import Inbox
from contacts_tui.domain.text import draws_nothing
from contacts_tui.store import contacts, inboxes
from contacts_tui.store.errors import StoreError
from contacts_tui.store.store import Store

FIRST_PAUSE = timedelta(minutes=1)
"""Pause after a request without an answer; doubled after each further one. Longer than any request takes, so that
two processes never ask about one person at once."""
LONGEST_PAUSE = timedelta(days=1)
PAUSES = {asks: min(FIRST_PAUSE * (1 << (asks - 1)), LONGEST_PAUSE) for asks in range(1, 13)}
"""How long no process asks about a person, by how often it was done before."""
LOOK_EVERY = 60.0
"""Seconds between two looks for people to ask about again."""

_log = logging.getLogger(__name__)


def pause_after(asks: int) -> timedelta:
    """Return how long no process asks about a person, after this many requests."""
    return PAUSES.get(asks, LONGEST_PAUSE)


def is_anybody(session: Session, clock: Clock, contact_ids: Iterable[int] | None) -> bool:
    """Return whether one of these people (None: of all) is to be asked about now."""
    return bool(contacts.nameless(session, clock(), nameless(), PAUSES, contact_ids))


def take(session: Session, clock: Clock, contact_ids: Iterable[int] | None) -> tuple[Identity, Inbox] | None:
    """Return an identity to ask about now and its inbox, or None. It is given out again only after a pause."""
    for identity in contacts.nameless(session, clock(), nameless(), PAUSES, contact_ids):
        contacts.note_asked(session, clock, identity.id, pause_after)
        inbox = inboxes.get(session, identity.inbox_id) if identity.inbox_id is not None else None
        if inbox is not None and inbox.is_connected:
            return identity, inbox
    return None


def store_name(session: Session, clock: Clock, identity_id: int, name: str) -> None:
    """Store a person's profile name; it replaces the contact's name where that is the bare address.

    A name without visible characters means that the provider knows none: it isn't asked again.
    """
    identity = contacts.identity(session, identity_id)
    if identity is None:
        return
    if draws_nothing(name):
        contacts.ask_no_more(session, identity_id)
        return
    contacts.set_address(session, clock, identity, identity.address, name)
    contact = contacts.get(session, identity.contact_id)
    if contact is not None and contact.name == addresses.stranger_name(identity.address, ""):
        contacts.update(session, clock, contact.id, ContactChange(name=name.strip()))


def nameless() -> tuple[Channel, ...]:
    """Return the channels on which messages come without a name."""
    return tuple(each.channel for each in connectors.every() if each.can(Ability.NAMES_APART))


class Namer:
    """One process's worker that asks for names."""

    def __init__(self, store: Store, adapters: Adapters, look_every: float = LOOK_EVERY) -> None:
        """Ask by `adapters`, which the caller closes. `look_every` is in seconds."""
        self._store = store
        self._adapters = adapters
        self._look_every = look_every

    async def run(self, stop: asyncio.Event) -> None:
        """Ask about new people, and again about those without an answer, until `stop` is set."""
        tasks = [asyncio.create_task(each) for each in (self._follow(), self._look(), stop.wait())]
        try:
            done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                task.result()
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def _look(self) -> None:
        while True:
            await asyncio.sleep(self._look_every)
            await self._ask(None)

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
            while taken := await self._store.run(take, contact_ids):
                await self._ask_about(*taken)
        except StoreError as error:
            _log.warning("profile names wait for the store: %s", error)

    async def _ask_about(self, identity: Identity, inbox: Inbox) -> None:
        if not connectors.understands(inbox):
            return
        adapter = self._adapters.get(inbox.provider)
        if not isinstance(adapter, Naming):
            return
        try:
            name = await adapter.name_of(inbox, identity.address)
        except ChannelError as error:
            _log.warning("a person at %s stays without a name: %s", inbox.name, error.sentence)
        else:
            await self._store.run(store_name, identity.id, name)


def _met(batch: Iterable[Change]) -> list[int]:
    """Return the ids of the people who changed. An import gives none: its people have no chats."""
    return sorted({c.contact_id for c in batch if c.kind is ChangeKind.CONTACT and c.contact_id is not None})
