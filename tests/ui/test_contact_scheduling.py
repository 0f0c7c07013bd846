"""Sending later from the composer: the time asked for, what is scheduled in sight, changed, cancelled and undone."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

from contacts_tui.screens.scheduling.schedule_dialog import ScheduleDialog
from contacts_tui.screens.scheduling.scheduled_list import ScheduledList
from contacts_tui.screens.scheduling.scheduled_text import ScheduledText
from contacts_tui.services import scheduled
from contacts_tui.widgets.variable_field import VariableField
from tests.services.test_scheduled import due, schedule
from tests.services.world import START, World
from tests.ui.people_stage import people_opened
from tests.ui.stage import Stage, opened

TOMORROW = datetime(2026, 11, 18, 9, tzinfo=UTC)


@asynccontextmanager
async def writing(world: World) -> AsyncIterator[tuple[Stage, int]]:
    ann = world.person()
    world.hears(world.whatsapp, "Hello")
    async with opened(world, ann, size=(120, 30)) as stage:
        await stage.until_focused(stage.composer)
        yield stage, ann


async def ask(stage: Stage) -> None:
    await stage.pilot.press("alt+l")
    await stage.until(lambda: isinstance(stage.app.screen, ScheduleDialog))


async def listed(stage: Stage) -> None:
    await stage.pilot.press("alt+d")
    await stage.until(lambda: isinstance(stage.app.screen, ScheduledList))
    await stage.until_shown("Scheduled to Ann Lee")


async def test_a_text_is_scheduled_by_two_keys_and_stands_in_sight(world: World) -> None:
    async with writing(world) as (stage, ann):
        await stage.type("Later")
        await ask(stage)
        await stage.until_shown("Wed 18 November 09:00")
        await stage.pilot.press("t")
        await stage.until_shown("Message to Ann Lee scheduled for Wed 18 November 09:00. alt+u undoes it.")
        assert due(world, ann) == [("Later", TOMORROW, False)]
        assert stage.composer.text == ""
        await stage.until_shown("Will be sent Wed 18 November 09:00 · alt+d changes it")
        await stage.until_shown("◷ scheduled")
        world.clock.forward(minutes=1)
        world.hears(world.whatsapp, "Are you there?")
        await stage.until_shown("They wrote since: will still be sent")
        await stage.pilot.press("alt+u")
        await stage.until(lambda: stage.composer.text == "Later")
        assert due(world, ann) == []
        await stage.until(lambda: "will still be sent" not in stage.text)


async def test_what_will_be_closed_by_then_is_told_before_and_not_taken(world: World) -> None:
    async with writing(world) as (stage, ann):
        await stage.type("Later")
        await ask(stage)
        await stage.until_shown("Mon 23 November 09:00 · can't leave then")
        await stage.pilot.press("m")
        await stage.until_shown("The window will be closed by then")
        await stage.type("2 days")
        await stage.pilot.press("enter")
        await stage.until_shown("Thu 19 November 12:00: the window will be closed by then")
        await stage.pilot.press("escape", "escape")
        await stage.until(lambda: stage.app.screen is stage.screen)
        assert stage.composer.text == "Later"
        assert due(world, ann) == []


async def test_time_and_text_are_changed_in_the_list(world: World) -> None:
    async with writing(world) as (stage, ann):
        schedule(world, ann)
        await listed(stage)
        await stage.pilot.press("t")
        await stage.until(lambda: isinstance(stage.app.screen, ScheduleDialog))
        await stage.pilot.press("h")
        await stage.until_shown("Scheduled message to Ann Lee changed. u undoes it.")
        await stage.pilot.press("e")
        await stage.until(lambda: isinstance(stage.app.screen, ScheduledText))
        await stage.type(" on")
        await stage.pilot.press("escape")
        await stage.until_shown("Leave without saving?")
        await stage.pilot.press("escape")
        await stage.until(lambda: isinstance(stage.app.screen, ScheduledText))
        await stage.pilot.press("enter")
        await stage.until(lambda: due(world, ann) == [("Later on", START + timedelta(hours=1), False)])
        await stage.until(lambda: isinstance(stage.app.screen, ScheduledList))
        await stage.pilot.press("u", "u")
        await stage.until(lambda: due(world, ann) == [("Later", START + timedelta(hours=2), False)])


async def test_cancelled_its_text_is_in_the_composer_and_the_undo_takes_it_out_again(world: World) -> None:
    async with writing(world) as (stage, ann):
        schedule(world, ann)
        await stage.type("and more")
        await listed(stage)
        await stage.pilot.press("x")
        await stage.until_shown("Nothing is scheduled.")
        await stage.until(lambda: "⏎ choose" not in stage.text)
        await stage.pilot.press("escape")
        await stage.until(lambda: stage.composer.text == "Later\n\nand more")
        await stage.pilot.press("alt+u")
        await stage.until(lambda: stage.composer.text == "and more")
        assert [body for body, _, _ in due(world, ann)] == ["Later"]


async def test_the_list_of_all_opens_a_person(world: World) -> None:
    ann = world.person()
    world.hears(world.whatsapp, "Hello")
    schedule(world, ann)
    async with people_opened(world) as stage:
        await stage.pilot.press("L")
        await stage.until_shown("Scheduled messages")
        assert world.store.call_read(scheduled.listed)[0].name in stage.text
        await stage.pilot.press("enter")
        await stage.until_shown("Will be sent 14:00")


async def test_a_template_is_scheduled_from_its_picker_where_the_window_is_closed(world: World) -> None:
    ann = world.person()
    world.template()
    world.hears(world.whatsapp, "Hello")
    world.clock.forward(days=2)
    async with opened(world, ann, size=(120, 30)) as stage:
        await stage.pilot.press("f6")
        await stage.until_shown("1 value to fill in")
        await stage.pilot.press("alt+l")
        await stage.until_focused(stage.app.screen.query(VariableField)[1])
        await stage.type("4711")
        await ask(stage)
        await stage.until_shown("Fri 20 November 09:00")
        await stage.pilot.press("t")
        await stage.until_shown("Message to Ann Lee scheduled for Fri 20 November 09:00. alt+u undoes it.")
        await stage.until_shown("◷ scheduled")
        assert due(world, ann) == [("Hi Ann, order 4711 is ready.", datetime(2026, 11, 20, 9, tzinfo=UTC), False)]
        await stage.pilot.press("alt+u")
        await stage.until(lambda: due(world, ann) == [])
