"""The interface while the store's server is away."""

import pytest

from contacts_tui.domain.message import Direction
from tests.postgresql import Databases
from tests.services.world import World
from tests.ui.stage import opened


@pytest.mark.engine("postgresql")
async def test_who_types_and_sends_while_the_server_is_away_keeps_the_text_and_sends_it_later(
    location: str, databases: Databases
) -> None:
    world = World(location)
    ann = world.person()
    world.hears(world.shop, "Is it there?")
    async with opened(world, ann) as stage:
        await stage.until_focused(stage.composer)
        with databases.away(location):
            await stage.type("It is")
            await stage.pilot.press("enter")
            await stage.until_shown("check its address, and that its server runs")
            await stage.until(lambda: not stage.composer.is_under_way)
            assert stage.composer.text == "It is"
        await stage.pilot.press("enter")
        await stage.until(lambda: stage.composer.text == "")
    assert [message.body for message in world.thread(ann) if message.direction is Direction.OUT] == ["It is"]
    world.store.close()
