"""From 150 columns: the thread and the card of the person under the cursor are shown beside the list."""

from contacts_tui.screens.contact.contact_screen import ContactScreen
from contacts_tui.screens.people.contact_preview import ContactPreview, ThreadPreview
from contacts_tui.screens.people.people_screen import PeopleScreen
from contacts_tui.services import people
from contacts_tui.widgets.composer import Composer
from tests.services.world import World
from tests.ui.people_stage import people_opened
from tests.ui.stage import until
from tests.ui.town import Town

BEN = "+12025550143"


async def test_moving_shows_the_thread_and_the_card_and_reads_nothing(world: World) -> None:
    world.person("Ann Lee")
    ben = world.person("Ben Baker", BEN)
    world.hears(world.shop, "Where is my parcel?")
    world.clock.forward(minutes=1)
    world.hears(world.shop, "Is the blue one back?", BEN)
    async with people_opened(world, size=(150, 40)) as stage:
        await stage.until(lambda: stage.text.count("Is the blue one back?") == 1 and "+1 202 555 0143" in stage.text)
        await stage.press("j")
        await stage.until_shown("Where is my parcel?")
        await stage.until(lambda: "+1 202 555 0142" in stage.text and "+1 202 555 0143" not in stage.text)
        await stage.press("k")
        await stage.until_shown("+1 202 555 0143")
        thread = stage.screen.query_one(ThreadPreview)
        await stage.until(lambda: [view.message.contact_id for view in thread.views] == [ben])
        world.hears(world.whatsapp, "Or a green one", BEN)
        await stage.until(lambda: [view.message.body for view in thread.views][-1:] == ["Or a green one"])
        (row,) = world.store.call_read(people.rows, [ben])
        assert row.unread == 2
        await stage.press("enter")
        await stage.until(lambda: isinstance(stage.app.screen, ContactScreen))
        await until(stage.pilot, lambda: isinstance(stage.app.focused, Composer))


async def test_a_narrower_terminal_has_the_list_alone_and_a_resize_brings_the_rest(world: World) -> None:
    world.person("Ann Lee")
    world.hears(world.shop, "Where is my parcel?")
    async with people_opened(world, size=(149, 40)) as stage:
        assert not stage.screen.query(ContactPreview)
        await stage.pilot.resize_terminal(200, 40)
        await stage.until(lambda: bool(stage.screen.query(ThreadPreview)))
        await stage.until_shown("on all channels")
        await stage.pilot.resize_terminal(120, 40)
        await stage.until(lambda: not stage.screen.query(ContactPreview))


async def test_beside_the_list_no_key_is_named_that_means_something_else_there(town: Town) -> None:
    async with people_opened(town, size=(160, 45)) as stage:
        await stage.press("slash", *"dmitri", "enter")
        await stage.until_shown("· r retry")
        await stage.press("escape", "escape", "escape")
        await stage.until(lambda: isinstance(stage.app.screen, PeopleScreen))
        await stage.until_shown("on all channels")
        await stage.until_shown("the handset is off or out of reach")
        assert "r retry" not in stage.text and "copies it" not in stage.text
