"""Letters never run a command where text was meant: every state of the composer's place, whatever is typed there."""

from collections.abc import Callable
from pathlib import Path

import pytest
from textual import events

from contacts_tui.domain.channel import Channel
from contacts_tui.services import inboxes
from tests.services.world import World
from tests.ui.stage import Stage, opened

ANSWER = "my answer LSMUN tiqy1234[]?: D"
"""A text that holds every letter and digit that is a command on this screen."""


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)


def closed_window(world: World) -> int:
    ann = world.person()
    world.template()
    world.hears(world.whatsapp, "Hello")
    world.clock.forward(hours=27)
    return ann


def opted_out(world: World) -> int:
    ann = world.person()
    world.hears(world.shop, "STOP")
    return ann


def never_spoken_to(world: World) -> int:
    return world.person()


def nothing_usable(world: World) -> int:
    world.store.call(inboxes.put_aside, "Kim", world.shop.id)
    world.store.call(inboxes.put_aside, "Kim", world.whatsapp.id)
    return world.person()


async def typed_in_vain(stage: Stage) -> None:
    """Type an answer where nothing can be written, and assert that this is said and nothing else happens."""
    await stage.until_focused(stage.notice)
    place, theme = str(stage.notice.border_title), stage.app.theme
    await stage.type(ANSWER)
    await stage.pilot.press("enter")
    stage.notice.post_message(events.Paste("my answer"))
    await stage.until_shown("Your typing was ignored")
    assert "esc goes to the thread" in " ".join(stage.text.split())
    assert stage.app.screen is stage.screen and stage.app.is_running
    assert stage.composer.text == "" and str(stage.notice.border_title) == place
    assert stage.app.theme == theme and stage.app.clipboard == ""
    await stage.until_focused(stage.notice)


@pytest.mark.parametrize("person", [closed_window, opted_out, never_spoken_to, nothing_usable])
@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_an_answer_typed_where_nothing_can_be_written_does_nothing(
    world: World, person: Callable[[World], int], size: tuple[int, int]
) -> None:
    contact = person(world)
    before = len(world.thread(contact))
    async with opened(world, contact, size=size) as stage:
        await typed_in_vain(stage)
        assert len(world.thread(contact)) == before


@pytest.mark.parametrize("channel", [Channel.TELEGRAM, Channel.MESSENGER])
@pytest.mark.parametrize("by_click", [True, False], ids=["click", "key"])
async def test_a_dead_channel_takes_the_composers_place_and_the_keys(
    world: World, channel: Channel, by_click: bool
) -> None:
    ann = world.person()
    world.hears(world.whatsapp, "Hello")
    row = next(place for place, one in enumerate(Channel) if one is channel)
    async with opened(world, ann, size=(120, 40)) as stage:
        await stage.until_focused(stage.composer)
        await stage.type("half a thought")
        if by_click:
            line = next(y for y, text in enumerate(stage.text.splitlines()) if f"{row + 1} {channel.label}" in text)
            await stage.pilot.click(offset=(90, line))
        else:
            await stage.pilot.press(f"f{row + 1}")
        await stage.until_shown(f"{channel.label} · no inbox connected")
        assert not stage.composer.display
        await typed_in_vain(stage)
        await stage.pilot.press("f2")
        await stage.until_focused(stage.composer)
        assert stage.composer.text == "half a thought"


async def test_a_telegram_bot_to_which_they_never_wrote_offers_its_link(world: World) -> None:
    ann = world.person()
    world.hears(world.whatsapp, "Hello")
    world.inbox("Bot", Channel.TELEGRAM, "shop_support_bot")
    async with opened(world, ann) as stage:
        await stage.until_focused(stage.composer)
        await stage.pilot.press("f3")
        await stage.until_shown("Telegram · never wrote to us")
        await typed_in_vain(stage)
        await stage.pilot.press("right", "left", "enter")
        await stage.until(lambda: stage.app.clipboard == "https://t.me/shop_support_bot")
        await stage.pilot.press("right", "enter")
        await stage.until_shown("· SMS · from Shop")


async def test_what_is_typed_before_the_composer_stands_goes_into_it(world: World) -> None:
    ann = world.person()
    world.hears(world.whatsapp, "Hello")
    async with opened(world, ann) as stage:
        await stage.pilot.press("escape", "escape")
        await stage.until(lambda: stage.app.screen is not stage.screen)
        stage.app.open_contact(ann)
        await stage.pilot.press(*"my answer".replace(" ", ""))
        await stage.until(lambda: len(stage.app.screen_stack) == 2 and stage.app.focused is not None)
        assert len(stage.app.screen_stack) == 2, "nothing was opened by a letter"


async def test_an_empty_thread_shows_that_it_has_the_keys(world: World) -> None:
    ann = world.person()
    async with opened(world, ann) as stage:
        await stage.until_focused(stage.notice)
        assert "▌" not in stage.text
        await stage.pilot.press("escape")
        await stage.until_focused(stage.thread)
        await stage.until_shown("▌")


async def test_enter_on_an_empty_composer_says_that_there_is_nothing_to_send(world: World) -> None:
    ann = world.person()
    world.hears(world.whatsapp, "Hello")
    async with opened(world, ann) as stage:
        await stage.until_focused(stage.composer)
        await stage.pilot.press("enter")
        await stage.until_shown("Nothing to send yet")
        await stage.type("Hi")
        await stage.pilot.press("enter")
        await stage.until_shown("queued")
        assert "Nothing to send yet" not in stage.text


async def test_the_empty_thread_says_what_the_channel_needs(world: World) -> None:
    ann = world.person()
    world.template()
    async with opened(world, ann) as stage:
        await stage.until_focused(stage.notice)
        await stage.pilot.press("f2")
        await stage.until_shown("No messages by WhatsApp yet. Begin the conversation with a template: f6")
        await stage.pilot.press("f3")
        await stage.until_shown("No messages by Telegram yet. See below why")
        await stage.pilot.press("f1")
        await stage.until_shown("No messages by SMS yet. Write below to begin the conversation.")
