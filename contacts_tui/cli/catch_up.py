"""`contacts-tui inbox catch-up`: fetch missed messages, or acknowledge those that no provider can give back."""

import asyncio
import re
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Annotated

from contacts_tui.channels.registry import Adapters, explain
from contacts_tui.cli import shutdown
from contacts_tui.cli.declare import Argument, Json, Option, Unreadable, command
from contacts_tui.cli.exit import Exit
from contacts_tui.cli.open_store import open_store
from contacts_tui.cli.output import say, say_json
from contacts_tui.config import Config
from contacts_tui.domain.gap import Gap
from contacts_tui.domain.inbox import Inbox
from contacts_tui.services import gaps, inboxes
from contacts_tui.services.catch_up import CatchUp
from contacts_tui.services.errors import BadInput
from contacts_tui.store.store import Store

LOOK = 0.2
"""Seconds between two looks at a gap on which another process works."""


_AGO = re.compile(r"([0-9]{1,5}) ?([mhd])")
_UNITS = {"m": "minutes", "h": "hours", "d": "days"}


def moment(text: str) -> datetime:
    """Return the time in UTC of a date, of a date and time, or of some minutes, hours or days ago. Raise Unreadable.

    A date or time without a zone is local.
    """
    if ago := _AGO.fullmatch(text.strip()):
        return datetime.now(UTC) - timedelta(**{_UNITS[ago[2]]: int(ago[1])})
    try:
        return datetime.fromisoformat(text.strip()).astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise Unreadable(f"“{text}” is not a time: write 2026-11-27, 2026-11-27 14:00, 90m, 2h or 3d") from error


@command("contacts-tui inbox catch-up Shop --since '2026-11-27 14:00'", "contacts-tui inbox catch-up --acknowledge Bot")
def run(
    config: Config,
    name: Annotated[str, Argument("only this one (default: every Twilio inbox)", "INBOX")] = "",
    since: Annotated[
        datetime | None,
        Option(
            "from when on: a date, a date and time (local, unless it has a zone), or 90m, 2h, 3d ago "
            "(default: since everything is known to have come in)",
            "TIME",
            moment,
        ),
    ] = None,
    acknowledge: Annotated[
        bool,
        Option("acknowledge messages that no provider can give back, so that their inbox counts as live again"),
    ] = False,
    as_json: Json = False,
) -> Exit:
    """Fetch missed messages and print how many were received; or acknowledge those that no provider can give back."""
    if since is not None and acknowledge:
        raise BadInput("--acknowledge fetches nothing: leave --since out")
    with open_store(config) as store:
        found = [store.call_read(inboxes.by_name, name)] if name else list(store.call_read(inboxes.listed))
        if acknowledge:
            return _acknowledge(store, found, config, as_json=as_json)
        if not name:
            found = [inbox for inbox in found if gaps.lists_messages(inbox)]
        return shutdown.run(_catch_up(store, found, since, as_json=as_json))


def _acknowledge(store: Store, found: Sequence[Inbox], config: Config, *, as_json: bool) -> Exit:
    noted = store.call(gaps.acknowledge, found, config.agent)
    if as_json:
        say_json({"acknowledged": noted})
        return Exit.DONE
    names = {inbox.id: inbox.name for inbox in found}
    for gap in noted:
        say(f"{names[gap.inbox_id]} {gap.sentence(store.clock())}. Acknowledged.")
    if not noted:
        say("there are no lost messages to acknowledge")
    return Exit.DONE


async def _catch_up(store: Store, found: Sequence[Inbox], since: datetime | None, *, as_json: bool) -> Exit:
    adapters = Adapters()
    try:
        opened = [await store.run(gaps.asked, inbox, since) for inbox in found]
        ended = [await _close(store, CatchUp(store, adapters), gap) for gap in opened]
    finally:
        await adapters.aclose()
    is_done = all(gap.closed_at is not None for gap in ended)
    if as_json:
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
    """Work on a gap, or wait for a process that does, until it is closed or its provider can't be asked. Return it."""
    while True:
        await worker.work_on(gap.id, gap.inbox_id)
        now = await store.read(gaps.get, gap.id)
        assert now is not None
        if now.closed_at is not None or now.code:
            return now
        await asyncio.sleep(LOOK)
