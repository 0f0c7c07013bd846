"""Names for people whose provider doesn't say who wrote a message: asked for after their first message.

It happens behind the webhook, never in its transaction: a profile that can't be had costs nobody a message. Where the
failure is one that can pass it is asked again after growing pauses, never where the provider knows no such profile.
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
"""Until a provider is asked again that didn't answer; doubled after each further time. Longer than any question
takes, so that two processes never ask about one person at once."""
LONGEST_PAUSE = timedelta(days=1)
PAUSES = {asks: min(FIRST_PAUSE * (1 << (asks - 1)), LONGEST_PAUSE) for asks in range(1, 13)}
"""How long nobody asks about a person who was asked about so often."""
LOOK_EVERY = 60.0
"""Seconds between two looks at whom it is time to ask about again."""

_log = logging.getLogger(__name__)


def pause_after(asks: int) -> timedelta:
    """How long nobody asks about a person who was asked about so often."""
    return PAUSES.get(asks, LONGEST_PAUSE)


def is_anybody(session: Session, clock: Clock, contact_ids: Iterable[int] | None) -> bool:
    """Whether somebody among these people (None: among all) is to be asked about now."""
    return bool(contacts.nameless(session, clock(), nameless(), PAUSES, contact_ids))


def take(session: Session, clock: Clock, contact_ids: Iterable[int] | None) -> tuple[Identity, Inbox] | None:
    """Somebody to ask about now, or None: who is taken is given out again, to any process, only after a pause."""
    for identity in contacts.nameless(session, clock(), nameless(), PAUSES, contact_ids):
        contacts.note_asked(session, clock, identity.id, pause_after)
        inbox = inboxes.get(session, identity.inbox_id) if identity.inbox_id is not None else None
        if inbox is not None and inbox.is_connected:
            return identity, inbox
    return None


def learn(session: Session, clock: Clock, identity_id: int, name: str) -> None:
    """Stores what a person goes by; who was called by their bare address is called so from now on.

    A name of which nobody would see anything tells that the provider knows none: it is not asked any more.
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
    """One process's part in it."""

    def __init__(self, store: Store, adapters: Adapters, look_every: float = LOOK_EVERY) -> None:
        """`adapters` ask the providers; the caller closes them. `look_every` is in seconds."""
        self._store = store
        self._adapters = adapters
        self._look_every = look_every

    async def run(self, stop: asyncio.Event) -> None:
        """Asks about newcomers, and again about those of whom there was no answer, until `stop` is set."""
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
            await self._store.run(learn, identity.id, name)


def _met(batch: Iterable[Change]) -> list[int]:
    """The people of whom something became known. An import names nobody: its people have no chats."""
    return sorted({c.contact_id for c in batch if c.kind is ChangeKind.CONTACT and c.contact_id is not None})
