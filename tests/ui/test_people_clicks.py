"""Clicks around the list of people do what stands there, and nothing where nothing stands."""

from contacts_tui.widgets.heading import Heading
from contacts_tui.widgets.navigation import Navigation
from tests.ui.people_stage import people_opened
from tests.ui.town import Town


async def test_a_click_on_the_title_beside_shortened_sums_sorts_nothing(town: Town) -> None:
    async with people_opened(town, size=(60, 20)) as stage:
        heading = stage.screen.query_one(Heading)
        heading.show("All people", "60 people · a sum that is cut here · and another one there")
        await stage.until_shown("cut")
        await stage.pilot.click(heading, offset=(4, 0))
        await stage.pilot.click(heading, offset=(heading.size.width - 5, 0))
        await stage.until_shown("sorted by name")
        assert stage.screen.query_one(Heading).line(0).text.startswith(" All people")


async def test_a_click_below_the_views_opens_nothing_and_one_on_the_heading_opens_the_inboxes(town: Town) -> None:
    async with people_opened(town, size=(120, 40)) as stage:
        views = stage.screen.query_one(Navigation)
        end = views.virtual_size.height
        assert end < views.size.height
        await stage.pilot.click(views, offset=(3, end + 2))
        await stage.pilot.pause()
        assert stage.app.screen is stage.screen
        await stage.pilot.click(views, offset=(3, end - 2))
        await stage.until(lambda: stage.app.screen is not stage.screen)
