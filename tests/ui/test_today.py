"""Today: what was answered and what came in as plots, of a day or a week, of all agents or one's own, and live."""

import pytest

from contacts_tui.domain.roles import Role
from contacts_tui.screens.people.people_screen import PeopleScreen
from contacts_tui.screens.today import TodayScreen
from contacts_tui.services import agents, queue
from contacts_tui.services.agents import AgentForm
from contacts_tui.services.queue import Action, Kind
from tests.services.world import World
from tests.ui.people_stage import PeopleStage, people_opened

BEN = "+12025550143"


@pytest.fixture
def busy(world: World) -> World:
    """Return a world in which Kim answered Ann after ten minutes, Noor closed her, and Ben has waited since."""
    ann = world.person("Ann Lee")
    world.person("Ben Baker", BEN)
    world.hears(world.shop, "hello")
    world.clock.forward(minutes=10)
    world.send(ann, world.shop, "hi")
    world.store.call(queue.apply, "Noor", [ann], Action(Kind.CLOSE))
    world.hears(world.whatsapp, "hello", BEN)
    world.clock.forward(minutes=5)
    return world


async def today(stage: PeopleStage) -> None:
    await stage.press("t")
    await stage.until(lambda: isinstance(stage.app.screen, TodayScreen))
    await stage.until_shown("answered")


@pytest.mark.parametrize("size", [(60, 20), (80, 24), (120, 40)])
async def test_today_shows_who_was_answered_who_waits_and_the_load_of_each_hour(
    busy: World, size: tuple[int, int]
) -> None:
    async with people_opened(busy, size=size) as stage:
        await today(stage)
        text = " ".join(stage.text.split())
        assert "1 answered, 1 closed, 0 snoozed; median wait 10 m, longest 10 m" in text
        assert "1 person waits now, 0 late, the longest for 5 m." in text
        day = stage.line_of("Tue 17")
        cells = 2 if size[0] > 110 else 1
        assert day.count("█") == 2 * cells, "two came in and one was answered, all in the hour of noon"
        assert day.index("█") == 9 + 12 * cells
        assert "SMS 1 10 m 10 m ·█····" in text
        await stage.press("end")
        await stage.until(lambda: "Noor" in stage.text)
        await stage.press("escape")
        await stage.until(lambda: isinstance(stage.app.screen, PeopleScreen))


async def test_a_week_one_agents_work_and_what_happens_meanwhile(busy: World) -> None:
    async with people_opened(busy) as stage:
        await today(stage)
        assert "Mon 16" not in stage.text
        await stage.press("tab")
        await stage.until_shown("Wed 11")
        await stage.press("y")
        await stage.until_shown("what you did")
        await stage.until(lambda: "Noor" not in stage.text)
        assert "Nobody waits now." in stage.text, "Ben is nobody's"
        await stage.press("y", "tab")
        await stage.until_shown("1 person waits now")
        busy.clock.forward(minutes=15)
        busy.send(busy.owner(busy.whatsapp, BEN), busy.whatsapp, "here I am")
        await stage.until_shown("2 answered, 1 closed, 0 snoozed; median wait 15 m, longest 20 m")


async def test_a_store_in_which_nothing_happened_says_so(world: World) -> None:
    async with people_opened(world) as stage:
        await today(stage)
        for words in ("0 answered", "Nobody waits now.", "Nothing came in and nobody was", "Nobody who waited was"):
            assert words in stage.text


async def test_who_may_not_read_what_others_did_sees_what_is_theirs(busy: World) -> None:
    busy.store.call(agents.add, "Noor", AgentForm("Noor", role=Role.ADMINISTRATOR))
    async with people_opened(busy) as stage:
        await today(stage)
        await stage.until_shown("what you did")
        assert "Noor" not in stage.text
        await stage.press("y")
        await stage.until(lambda: any("ask Noor" in note.message for note in stage.app._notifications))
        assert "what you did" in stage.text
