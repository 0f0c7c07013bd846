"""Regular maintenance of a store by a process: templates synced, the change feed, files and raw events pruned."""

import asyncio
import logging
from datetime import datetime, timedelta

from sqlmodel import Session

from contacts_tui.channels import connectors
from contacts_tui.channels.base import ChannelError
from contacts_tui.channels.connector import Ability
from contacts_tui.channels.registry import Adapters
from contacts_tui.domain.clock import Clock, is_past
from contacts_tui.services import inboxes, open_files, privacy, templates
from contacts_tui.services.supervision import wait_at_most
from contacts_tui.services.workers.heartbeat import new_owner
from contacts_tui.store import attachments, change_feed, leases
from contacts_tui.store import templates as stored
from contacts_tui.store.errors import StoreError
from contacts_tui.store.store import Store

FIRST_PAUSE = timedelta(seconds=20)
"""Pause after the start of the program, so that it doesn't slow down the interface."""
PAUSE = timedelta(minutes=1)
"""Pause between two looks at what is due."""
TEMPLATES_FRESH = timedelta(minutes=15)
"""Approval may change at any time; a list older than this is fetched again."""
TIDYING = "tidy"
"""The lease of the process that removes files that no message needs."""
TIDY_FOR = timedelta(days=1)
"""How long a store counts as tidy: tidying has to look at every message."""

_log = logging.getLogger(__name__)


async def keep_up(store: Store, adapters: Adapters, stop: asyncio.Event) -> None:
    """Do what is due until `stop` is set. A failure is logged, and the next look tries again."""
    await asyncio.to_thread(open_files.sweep)
    pause = FIRST_PAUSE
    while not await _stopped_within(stop, pause):
        pause = PAUSE
        try:
            await store.run(change_feed.prune)
            for inbox_id in await store.read(due_for_sync):
                await _sync(store, adapters, inbox_id)
            await tidy(store)
        except StoreError as error:
            _log.warning("maintenance waits for the store: %s", error)


async def tidy(store: Store) -> None:
    """Remove copies of files that no message needs, and raw events over their age, unless done within TIDY_FOR."""
    if not await store.run(_is_untidy):
        return
    if await store.read(attachments.unused):
        _log.info("removed %d files that no message needs", await store.run(attachments.prune))
    if forgotten := await privacy.forget_old(store):
        _log.info("emptied %d old raw events", forgotten)


def _is_untidy(session: Session, clock: Clock) -> bool:
    # The lease isn't released, and every take has another owner: while it lasts, no process tidies again.
    return leases.take(session, clock, TIDYING, new_owner(), TIDY_FOR) is not None


def due_for_sync(session: Session, clock: Clock) -> tuple[int, ...]:
    """Return the ids of inboxes with templates of which the list was never fetched, or not lately."""
    oldest = clock() - TEMPLATES_FRESH
    return tuple(
        inbox.id
        for inbox in inboxes.listed(session, clock)
        if connectors.can(inbox, Ability.TEMPLATES)
        and not _is_fresh(_synced_at(session, inbox.id, oldest), oldest, clock())
    )


def _synced_at(session: Session, inbox_id: int, unknown: datetime) -> datetime:
    return max((template.synced_at for template in stored.listed(session, inbox_id)), default=unknown)


def _is_fresh(synced_at: datetime, oldest: datetime, now: datetime) -> bool:
    return synced_at > oldest and is_past(synced_at, now)


async def _sync(store: Store, adapters: Adapters, inbox_id: int) -> None:
    try:
        await templates.sync(store, adapters, inbox_id)
    except ChannelError as error:
        _log.warning("templates of inbox %s could not be fetched: %s", inbox_id, error.sentence)


async def _stopped_within(stop: asyncio.Event, pause: timedelta) -> bool:
    await wait_at_most(pause.total_seconds(), stop)
    return stop.is_set()
