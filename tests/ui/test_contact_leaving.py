"""Leaving a contact while something is being read for it."""

import asyncio
import gc
import weakref
from pathlib import Path

from textual.pilot import Pilot

from contacts_tui.screens.people.people_screen import PeopleScreen
from contacts_tui.widgets.composer import Composer
from contacts_tui.widgets.thread.view import ThreadView
from tests.services.world import World
from tests.ui.stage import app_over, open_contact, opened, until


async def test_what_is_read_for_a_contact_that_was_left_meanwhile_harms_nothing(tmp_path: Path) -> None:
    world = World(tmp_path)
    ann = world.person()
    world.hears(world.whatsapp, "Is the blue one back?")
    async with opened(world, ann) as stage:
        await stage.until_focused(stage.composer)
        await stage.pilot.press("escape", "escape")
        await stage.until(lambda: isinstance(stage.app.screen, PeopleScreen))
        # The screen's parts are gone before the store has answered.
        await stage.screen._look_again(asyncio.get_running_loop().create_future())
        await stage.until(lambda: "sorted by last message" in stage.text)
    world.store.close()


async def test_nothing_of_a_contact_that_was_left_is_kept(tmp_path: Path) -> None:
    world = World(tmp_path)
    ann = world.person()
    world.hears(world.whatsapp, "Is the blue one back?")
    app = app_over(world)
    async with app.run_test(size=(120, 40)) as pilot:
        kept = await _left(pilot, ann)

        def is_forgotten() -> bool:
            gc.collect()
            return not any(part() for part in kept)

        await until(pilot, is_forgotten)
    world.store.close()


async def _left(pilot: Pilot[None], contact_id: int) -> list[weakref.ref[object]]:
    """Open and leave a contact; return its screen, its parts, and what drew them."""
    screen = await open_contact(pilot, contact_id)
    await until(pilot, lambda: isinstance(pilot.app.focused, Composer))
    parts = [screen, screen.query_one(Composer), screen.query_one(ThreadView)]
    drawers = [part._styles_cache for part in parts]
    await pilot.press("escape", "escape")
    await until(pilot, lambda: isinstance(pilot.app.screen, PeopleScreen))
    return [weakref.ref(part) for part in (*parts, *drawers)]
