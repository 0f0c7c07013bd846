"""Read is what was in sight, at the end of the thread, in a terminal with the focus, or what an agent marks so."""

from pathlib import Path

import pytest
from textual import events

from contacts_tui.screens.contact import reading
from contacts_tui.screens.help import HelpScreen
from contacts_tui.services import messaging
from contacts_tui.store import change_feed
from tests.services.world import World
from tests.ui.people_stage import people_opened
from tests.ui.stage import Stage, opened
from tests.ui.test_contact_thread import talk, unread
from tests.ui.town import Town


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)


async def dwelt(stage: Stage) -> None:
    """Wait twice as long as a message has to be in sight to count as read."""
    over: list[bool] = []
    stage.app.set_timer(2 * reading.DWELL, lambda: over.append(True))
    await stage.until(lambda: bool(over))


async def test_what_arrives_in_the_background_is_unread_until_the_terminal_has_the_focus_again(world: World) -> None:
    ann = world.person()
    world.hears(world.whatsapp, "First")
    async with opened(world, ann) as stage:
        await stage.until(lambda: unread(world, ann) == 0)
        stage.app.post_message(events.AppBlur())
        await stage.until(lambda: not stage.app.app_focus)
        world.hears(world.whatsapp, "Second")
        await stage.until_shown("Second")
        await dwelt(stage)
        assert unread(world, ann) == 1
        stage.app.post_message(events.AppFocus())
        await stage.until(lambda: unread(world, ann) == 0)
        await stage.until_focused(stage.composer)


async def test_an_opening_that_shows_the_beginning_reads_nothing(world: World) -> None:
    ann = world.person()
    talk(world, 40)
    async with opened(world, ann) as stage:
        await stage.until_shown(" new ")
        await dwelt(stage)
        assert unread(world, ann) == 40
        await stage.pilot.press("escape", "end")
        await stage.until(lambda: unread(world, ann) == 0)


async def test_what_comes_below_a_thread_that_is_scrolled_up_is_unread(world: World) -> None:
    ann = world.person()
    talk(world, 40)
    async with opened(world, ann) as stage:
        await stage.pilot.press("escape", "end")
        await stage.until(lambda: unread(world, ann) == 0)
        await stage.pilot.press("home")
        world.hears(world.whatsapp, "Below")
        await stage.until_shown("1 new below")
        await dwelt(stage)
        assert unread(world, ann) == 1
        await stage.pilot.click(stage.thread, offset=(30, stage.thread.size.height - 1))
        await stage.until_shown("Below")
        await stage.until(lambda: unread(world, ann) == 0)


async def test_what_comes_behind_another_screen_or_the_card_is_unread(world: World) -> None:
    ann = world.person()
    world.hears(world.whatsapp, "First")
    async with opened(world, ann) as stage:
        await stage.until(lambda: unread(world, ann) == 0)
        for open_it, close_it in (("f9", "f9"), ("f7", "escape")):
            await stage.pilot.press(open_it)
            await stage.until(lambda: isinstance(stage.app.screen, HelpScreen) or stage.section.has_focus)
            world.clock.forward(minutes=1)
            world.hears(world.whatsapp, f"Behind {open_it}")
            await dwelt(stage)
            assert unread(world, ann) == 1
            await stage.pilot.press(close_it)
            await stage.until(lambda: unread(world, ann) == 0)


async def test_a_visit_that_is_over_at_once_reads_nothing(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    ann = world.person()
    world.hears(world.whatsapp, "First")
    monkeypatch.setattr(reading, "DWELL", 3600.0)
    async with opened(world, ann) as stage:
        await stage.until_shown("First")
        await stage.pilot.press("escape", "escape")
        await stage.until(lambda: stage.app.screen is not stage.screen)
        assert unread(world, ann) == 1


async def test_a_key_marks_the_conversation_unread_and_it_stays_so_for_the_visit(world: World) -> None:
    ann = world.person()
    world.hears(world.whatsapp, "First")
    world.clock.forward(minutes=1)
    world.hears(world.whatsapp, "Second")
    async with opened(world, ann) as stage:
        await stage.until(lambda: unread(world, ann) == 0)
        await stage.pilot.press("escape", "N")
        await stage.until(lambda: unread(world, ann) == 1)
        await stage.until_shown("Marked as unread.")
        lines = stage.text.splitlines()
        new, second = (next(y for y, line in enumerate(lines) if word in line) for word in (" new ", "Second"))
        assert new < second < new + 4, "the line stands above what is unread"
        await dwelt(stage)
        assert unread(world, ann) == 1
    async with opened(world, ann) as stage:
        await stage.until(lambda: unread(world, ann) == 0)


async def test_nothing_is_written_where_nothing_was_unread(world: World) -> None:
    ann = world.person()
    world.hears(world.whatsapp, "First")
    async with opened(world, ann) as stage:
        await stage.until(lambda: unread(world, ann) == 0)
        before = world.store.call_read(lambda session, _: change_feed.latest(session))
        await stage.pilot.press("f5", "f5")
        await dwelt(stage)
        assert world.store.call_read(lambda session, _: change_feed.latest(session)) == before


async def test_a_key_marks_somebody_in_the_list_unread_and_read_again(town: Town) -> None:
    ben = town.contacts[1]
    async with people_opened(town) as stage:
        town.hears(town.shop, "Thanks!", "+12025551001")
        await stage.until(lambda: "Thanks!" in stage.line_of("Ben"))
        town.store.call(messaging.set_unread, "Kim", [ben], unread=False)
        await stage.until(lambda: "●" not in stage.line_of("Ben"))
        while stage.people.current != ben:
            await stage.press("k")
        await stage.press("N")
        await stage.until(lambda: "●" in stage.line_of("Ben"))
        while stage.people.current != ben:
            await stage.press("k")
        await stage.press("N")
        await stage.until(lambda: "●" not in stage.line_of("Ben"))


async def test_somebody_who_never_wrote_cant_be_marked_unread(town: Town) -> None:
    async with people_opened(town) as stage:
        await stage.press("G", "N")
        await stage.until_shown("They never wrote: there is nothing to mark as unread")


async def test_a_thread_opens_at_its_first_unread_message_however_many_follow(world: World) -> None:
    ann = world.person()
    talk(world, 30)
    world.store.call(messaging.mark_read, world.thread(ann)[-1].conversation_id)
    world.clock.forward(minutes=1)
    world.hears(world.whatsapp, "The first unread one")
    talk(world, 120)
    async with opened(world, ann) as stage:
        await stage.until(lambda: " new " in stage.text and "The first unread one" in stage.text)
        await dwelt(stage)
        assert unread(world, ann) == 121
        await stage.pilot.press("escape")
        await stage.until_focused(stage.thread)
        while unread(world, ann):
            await stage.pilot.press("pagedown")
        await stage.until_shown("Number 119.")


async def test_who_jumps_to_the_end_over_messages_never_shown_has_not_read_them(world: World) -> None:
    ann = world.person()
    talk(world, 300)
    async with opened(world, ann) as stage:
        await stage.until_shown(" new ")
        await stage.pilot.press("escape", "end")
        await stage.until_shown("You skipped unread messages above")
        await stage.until(lambda: stage.thread.shows_end)
        await dwelt(stage)
        assert unread(world, ann) == 300
        while not stage.thread.has_passed(world.thread(ann)[0].id):
            await stage.pilot.press("home")
        await stage.pilot.press("end")
        await stage.until(lambda: unread(world, ann) == 0)


async def test_the_timeline_marks_nothing_that_it_never_showed(world: World) -> None:
    ann = world.person()
    talk(world, 120)
    async with opened(world, ann) as stage:
        await stage.until_shown(" new ")
        await stage.pilot.press("f5")
        await stage.until(lambda: stage.thread.shows_end)
        await dwelt(stage)
        assert unread(world, ann) == 120
