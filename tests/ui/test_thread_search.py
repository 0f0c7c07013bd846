"""Finding what was said: by words, whatever their case and accents, or by the day."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from contacts_tui.screens.contact.thread_search import ThreadSearch
from tests.services.world import World
from tests.ui.stage import Stage, opened


def long_talk(world: World) -> int:
    """Receive 120 messages, one a day, the 6th about crème brûlée, then a text about it by SMS, and a last message."""
    ann = world.person()
    for place in range(120):
        text = "A Crème brûlée, please" if place == 5 else f"Message {place}"
        world.hears(world.whatsapp, text)
        world.clock.forward(days=1)
    world.hears(world.shop, "creme by SMS")
    world.clock.forward(minutes=1)
    world.hears(world.whatsapp, "The end")
    return ann


@asynccontextmanager
async def searching(world: World, *keys: str) -> AsyncIterator[Stage]:
    async with opened(world, long_talk(world)) as stage:
        await stage.until(lambda: stage.screen._composition.has_focus)
        await stage.pilot.press(*keys or ("ctrl+f",))
        await stage.until(lambda: isinstance(stage.app.screen, ThreadSearch))
        yield stage


async def test_words_are_found_in_any_spelling_far_back_and_stand_under_the_cursor(world: World) -> None:
    async with searching(world) as stage:
        await stage.type("creme BRULEE")
        await stage.until_shown("A Crème brûlée, please")
        await stage.pilot.press("enter")
        await stage.until(lambda: stage.thread.selected is not None and "brûlée" in stage.thread.selected.message.body)
        await stage.until_focused(stage.thread)
        await stage.until_shown("A Crème brûlée")
        await stage.until_shown("Message 4")


async def test_the_timeline_is_searched_over_all_channels(world: World) -> None:
    async with searching(world, "f5", "ctrl+f") as stage:
        await stage.until_shown("all channels")
        await stage.type("creme")
        await stage.until_shown("creme by SMS")
        await stage.until_shown("A Crème brûlée, please")
        await stage.pilot.press("enter")
        await stage.until(lambda: stage.thread.selected is not None and "SMS" in stage.thread.selected.message.body)


async def test_a_day_is_gone_to(world: World) -> None:
    async with searching(world) as stage:
        await stage.type("2026-12-01")
        await stage.until_shown("Tue 1 December 2026")
        await stage.pilot.press("enter")
        await stage.until(lambda: stage.thread.selected is not None)
        assert stage.thread.selected is not None
        assert stage.thread.selected.message.body == "Message 14"


async def test_nothing_found_says_so_and_back_stays(world: World) -> None:
    async with searching(world) as stage:
        await stage.type("zebra")
        await stage.until_shown("No message here has “zebra” in it.")
        await stage.pilot.press("enter", "escape")
        await stage.until(lambda: stage.app.screen is stage.screen)
        assert "The end" in stage.text or " new " in stage.text
