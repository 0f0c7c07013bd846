"""Leaving a contact while something is being read for it."""

import asyncio
from pathlib import Path

from contacts_tui.screens.people import PeopleScreen
from tests.services.world import World
from tests.ui.stage import opened


async def test_what_is_read_for_a_contact_that_was_left_meanwhile_harms_nothing(tmp_path: Path) -> None:
    world = World(tmp_path)
    ann = world.person()
    world.hears(world.whatsapp, "Is the blue one back?")
    async with opened(world, ann) as stage:
        await stage.until_focused(stage.composer)
        await stage.pilot.press("escape", "escape")
        await stage.until(lambda: isinstance(stage.app.screen, PeopleScreen))
        # Its parts are gone before the store has answered.
        await stage.screen._look_again(asyncio.Event())
        await stage.until(lambda: "sorted by last message" in stage.text)
    world.store.close()
