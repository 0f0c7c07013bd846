"""The screens over a store in which a newer version has written what this one doesn't know."""

from pathlib import Path

import pytest

from tests.other_program import execute
from tests.services.test_unknown_values import ENUMS
from tests.services.test_unknown_values import world as world
from tests.services.world import World
from tests.ui.stage import app_over, opened, screen_text, until


@pytest.mark.parametrize("statement", ENUMS.values(), ids=ENUMS)
async def test_a_thread_is_shown(world: World, statement: str) -> None:
    ann = world.owner(world.shop)
    execute(world.location, statement)
    async with opened(world, ann) as stage:
        await stage.until_shown("Ann")
        await stage.pilot.press("t")
        await stage.pilot.pause()
        assert stage.app.return_code is None


async def test_people_and_inboxes_are_shown(world: World, tmp_path: Path) -> None:
    for statement in ENUMS.values():
        execute(world.location, statement)
    app = app_over(world)
    async with app.run_test(size=(120, 40)) as pilot:
        await until(pilot, lambda: "Ann" in screen_text(pilot))
        await pilot.press("I")
        await pilot.pause()
        assert app.return_code is None
