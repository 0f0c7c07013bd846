"""What can't be stored, or becomes possible while a person is open, is said, and nothing vanishes by it."""

from collections.abc import Iterator
from contextlib import contextmanager

from contacts_tui.domain.channel import Channel
from contacts_tui.domain.message import Direction
from contacts_tui.services import messaging, people_edit
from contacts_tui.services.people_edit import PersonEdit
from tests.other_program import execute
from tests.services.world import World
from tests.ui.stage import opened
from tests.ui.test_contact_collision import answers, asked, begun, draft
from tests.ui.test_contact_files import attach, file


@contextmanager
def refused_drafts(world: World) -> Iterator[None]:
    """Let the database refuse to change a draft."""
    words = "BEGIN SELECT RAISE(FAIL, 'the disk is full'); END"
    for event in ("INSERT", "UPDATE", "DELETE"):
        execute(world.location, f"CREATE TRIGGER no_{event.lower()} BEFORE {event} ON draft {words}")
    yield
    for event in ("INSERT", "UPDATE", "DELETE"):
        execute(world.location, f"DROP TRIGGER no_{event.lower()}")


async def test_a_channel_that_gets_an_address_while_it_is_open_is_written_on(world: World) -> None:
    world.person("Ann Lee")
    bot = world.inbox("Bot", Channel.TELEGRAM, "shop_support_bot")
    world.hears(bot, "hello", "4242", profile="Zoe")
    zoe = world.owner(bot, "4242")
    async with opened(world, zoe) as stage:
        await stage.until_focused(stage.composer)
        await stage.pilot.press("f1")
        await stage.until(lambda: bool(stage.notice.display))
        await stage.until(lambda: stage.notice.is_focused)
        edit = PersonEdit(add_phones=("+12025550199",))
        world.store.call(people_edit.change, "Noor", zoe, edit, None)
        await stage.until(lambda: bool(stage.composer.display))
        await stage.until_focused(stage.composer)
        await stage.until_shown("+1 202 555 0199")
        await stage.type("Hi Zoe")
        await stage.pilot.press("enter")
        await stage.until(lambda: stage.composer.text == "")
    assert [one.body for one in world.thread(zoe) if one.direction is Direction.OUT] == ["Hi Zoe"]


async def test_a_text_that_could_not_be_discarded_is_not_called_discarded(world: World) -> None:
    ann = world.person()
    world.hears(world.shop, "Where is my order?")
    async with opened(world, ann) as stage:
        await begun(stage, ann)
        answers(world, ann, "Tomorrow")
        await stage.pilot.press("enter")
        await asked(stage)
        with refused_drafts(world):
            await stage.pilot.press("down", "down", "enter")
            await stage.until(lambda: "discarded" in stage.text or "The draft was not stored" in stage.text)
            assert "discarded" not in stage.text
        assert draft(world, ann) == "It is"


async def test_a_file_that_could_not_be_taken_off_is_still_shown(world: World) -> None:
    ann = world.person()
    world.hears(world.whatsapp, "Hello")
    async with opened(world, ann) as stage:
        path = file(world)
        await attach(stage, path)
        with refused_drafts(world):
            await stage.pilot.press("ctrl+g")
            await stage.until_shown("The draft was not stored")
            assert f"{path.name}, " in stage.text
        identity = world.identity(ann, Channel.WHATSAPP)
        assert world.store.call_read(messaging.draft_file, identity.id, world.whatsapp.id) == str(path)
