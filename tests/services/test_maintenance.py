"""What a process does from time to time."""

import io
import os
from datetime import timedelta
from pathlib import Path

from contacts_tui.services.workers import maintenance
from contacts_tui.store import attachments
from contacts_tui.store.store import Store
from tests.services.world import World


def test_templates_are_due_when_never_fetched_and_again_after_a_while(world: World) -> None:
    assert world.store.call_read(maintenance.due_for_sync) == (world.whatsapp.id,)
    world.template()
    assert world.store.call_read(maintenance.due_for_sync) == ()
    world.clock.now += maintenance.TEMPLATES_FRESH
    assert world.store.call_read(maintenance.due_for_sync) == (world.whatsapp.id,)


async def test_files_are_looked_at_once_a_day_by_one_of_all_processes(world: World) -> None:
    world.clock.forward(days=30)

    def left(content: bytes) -> Path:
        url, _ = attachments.put(world.store.files, io.BytesIO(content), 100)
        path = world.store.files / url.removeprefix(attachments.PREFIX)
        made_at = (world.clock() - attachments.GRACE - timedelta(seconds=1)).timestamp()
        os.utime(path, (made_at, made_at))
        return path

    first = left(b"first")
    other = Store.open(world.location, world.clock)
    await maintenance.tidy(world.store)
    assert not first.exists()
    second = left(b"second")
    world.clock.now += maintenance.TIDY_FOR - timedelta(seconds=1)
    for store in (world.store, other):
        await maintenance.tidy(store)
        assert second.exists()
    world.clock.forward(seconds=1)
    await maintenance.tidy(other)
    assert not second.exists()
    other.close()
