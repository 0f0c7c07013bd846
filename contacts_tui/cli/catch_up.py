"""`contacts-tui inbox catch-up`: fetch what was missed, or take note of what nobody can fetch."""

import asyncio
from argparse import Namespace
from collections.abc import Sequence
from contextlib import closing

from contacts_tui.channels.registry import KEPT_FOR, Adapters, explain
from contacts_tui.cli import shutdown
from contacts_tui.cli.exit import Exit
from contacts_tui.cli.output import say, say_json
from contacts_tui.config import Config
from contacts_tui.domain.gap import Gap
from contacts_tui.domain.inbox import Inbox
from contacts_tui.services import gaps, inboxes
from contacts_tui.services.catch_up import CatchUp
from contacts_tui.store.store import Store

LOOK = 0.2
"""Seconds between two looks at a gap on which another process works."""


def run(args: Namespace, config: Config) -> Exit:
    """Catches up, and says how many missed messages received."""
    with closing(Store.open(config.database)) as store:
        found = [store.call_read(inboxes.by_name, args.name)] if args.name else list(store.call_read(inboxes.listed))
        if args.acknowledge:
            return _acknowledge(args, store, found, config)
        if not args.name:
            found = [inbox for inbox in found if inbox.provider not in KEPT_FOR]
        return shutdown.run(_catch_up(args, store, found))


def _acknowledge(args: Namespace, store: Store, found: Sequence[Inbox], config: Config) -> Exit:
    noted = store.call(gaps.acknowledge, found, config.agent)
    if args.json:
        say_json({"acknowledged": noted})
        return Exit.DONE
    names = {inbox.id: inbox.name for inbox in found}
    for gap in noted:
        say(f"{names[gap.inbox_id]} {gap.sentence(store.clock())}. Acknowledged.")
    if not noted:
        say("there are no lost messages to acknowledge")
    return Exit.DONE


async def _catch_up(args: Namespace, store: Store, found: Sequence[Inbox]) -> Exit:
    adapters = Adapters()
    try:
        opened = [await store.run(gaps.asked, inbox, args.since) for inbox in found]
        ended = [await _close(store, CatchUp(store, adapters), gap) for gap in opened]
    finally:
        await adapters.aclose()
    is_done = all(gap.closed_at is not None for gap in ended)
    if args.json:
        told = [
            {"inbox": inbox.name, "since": gap.since, "taken": gap.taken, "closed": gap.closed_at is not None}
            for inbox, gap in zip(found, ended, strict=True)
        ]
        say_json({"caught_up": told})
        return Exit.DONE if is_done else Exit.FAILED
    for inbox, gap in zip(found, ended, strict=True):
        if gap.closed_at is not None:
            say(f"{inbox.name} caught up: {gap.taken:,} missed messages received.")
        else:
            why = explain(inbox.provider, gap.code).happened
            say(f"{inbox.name} can't catch up now: {why}. `contacts-tui serve` keeps trying.")
    if not found:
        say("no Twilio inbox is connected: other providers deliver missed messages by themselves")
    return Exit.DONE if is_done else Exit.FAILED


async def _close(store: Store, worker: CatchUp, gap: Gap) -> Gap:
    """Works on a gap until it is closed or the provider can't be asked, or waits for whoever does."""
    while True:
        await worker.work_on(gap.id, gap.inbox_id)
        now = await store.read(gaps.get, gap.id)
        assert now is not None
        if now.closed_at is not None or now.code:
            return now
        await asyncio.sleep(LOOK)
