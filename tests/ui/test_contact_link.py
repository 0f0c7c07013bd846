"""The link by which a person writes first: on the card with its key, and on the clipboard."""

from pathlib import Path

import pytest

from contacts_tui.commands import BY_ID
from contacts_tui.domain.channel import Channel
from contacts_tui.domain.inbox import InboxForm
from contacts_tui.services import inboxes
from tests.services.world import World
from tests.ui.stage import Stage, opened

BOT, PAGE = "https://t.me/okaygoods_bot", "https://m.me/102030405060708"


@pytest.fixture
def world(tmp_path: Path) -> World:
    made = World(tmp_path)
    for channel, address, options in (
        (Channel.TELEGRAM, "okaygoods_bot", {}),
        (Channel.MESSENGER, "102030405060708", {"app_secret": "env:APP_SECRET"}),
    ):
        made.store.call(
            inboxes.connect,
            "Kim",
            InboxForm(
                name=channel.label, channel=channel, address=address, account="", secret="env:TOKEN", options=options
            ),
        )
    return made


def shown(stage: Stage) -> str:
    """Return the words on the screen without its frames, separated by single spaces."""
    return " ".join(stage.text.replace("▏", " ").replace("│", " ").split())


async def test_the_links_stand_on_the_card_with_the_key(world: World) -> None:
    contact = world.person()
    async with opened(world, contact) as stage:
        await stage.pilot.press("f7")
        await stage.until_focused(stage.section)
        await stage.until(lambda: f"{BOT} (y copies it)" in shown(stage) and f"{PAGE} (y copies it)" in shown(stage))
        assert shown(stage).count("never wrote to us") == 2


@pytest.mark.parametrize(("key", "link"), [("f3", BOT), ("f4", PAGE)])
async def test_the_link_of_the_channel_that_was_wanted_is_copied(world: World, key: str, link: str) -> None:
    contact = world.person()
    world.hears(world.shop, "Hello")
    async with opened(world, contact) as stage:
        await stage.until_focused(stage.composer)
        await stage.pilot.press(key)
        await stage.until_focused(stage.notice)
        await stage.pilot.press("enter")
        await stage.until(lambda: f"Copied: {link}" in shown(stage))
        assert stage.app.clipboard == link
        assert "select it here" in shown(stage)


async def test_the_cursor_of_the_section_says_which_link_is_meant(world: World) -> None:
    contact = world.person()
    async with opened(world, contact) as stage:
        await stage.pilot.press("f7")
        await stage.until_focused(stage.section)
        await stage.pilot.press("j", "j", "j", "y")
        await stage.until(lambda: stage.app.clipboard == PAGE)


async def test_without_a_link_there_is_no_key(tmp_path: Path) -> None:
    world = World(tmp_path)
    contact = world.person()
    async with opened(world, contact, size=(120, 40)) as stage:
        await stage.until_focused(stage.notice)
        assert stage.screen.check_action("copy_link", ()) is False
        assert BY_ID["contact.link"].label not in stage.text
