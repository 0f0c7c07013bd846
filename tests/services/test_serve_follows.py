"""A receiver goes on while the server of its store is away, also when that happens just as it starts."""

import asyncio
import time

import pytest

from contacts_tui.cli.serve import until_lost
from contacts_tui.store.store import Store
from tests.other_program import execute
from tests.patience import LIMIT
from tests.postgresql import Databases

_LISTENING = (
    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() "
    "AND (query LIKE 'LISTEN%' OR query LIKE 'SELECT max(change.seq)%')"
)
"""Connections that listen: after LISTEN, each reads the latest change on the same connection."""


@pytest.mark.engine("postgresql")
async def test_a_store_that_is_away_as_a_receiver_starts_is_followed_as_soon_as_it_is_back(
    location: str, databases: Databases
) -> None:
    store, stop = Store.open(location), asyncio.Event()
    with databases.away(location):
        watching = asyncio.create_task(until_lost(store, stop))
        for _ in range(10):
            await asyncio.sleep(0)
    deadline = time.monotonic() + LIMIT
    while not execute(location, _LISTENING)[0][0]:
        assert not watching.done() and time.monotonic() < deadline
        await asyncio.sleep(0.02)
    stop.set()
    await watching
    store.close()
