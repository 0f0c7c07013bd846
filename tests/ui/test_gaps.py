"""An inbox that may be missing messages says so on every screen, until it is caught up or an agent took note."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from contacts_tui.domain.channel import Channel
from contacts_tui.domain.gap import Reason
from contacts_tui.screens.inboxes.inboxes_screen import InboxesScreen
from contacts_tui.services import gaps
from contacts_tui.store import gaps as stored
from tests.services.world import World
from tests.ui.people_stage import people_opened
from tests.ui.stage import in_utc


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    """Yield a world whose shop received a message an hour ago."""
    made = World(tmp_path)
    made.hears(made.shop, "Hello")
    made.clock.forward(hours=1)
    with in_utc():
        yield made
    made.store.close()


def miss(world: World) -> None:
    """Open a gap of the shop over the last twelve minutes."""
    world.store.call(gaps.asked, world.shop, world.clock() - timedelta(minutes=12))


@pytest.mark.parametrize("size", [(60, 20), (80, 24), (120, 40)])
async def test_people_say_since_when_and_stop_saying_it_when_all_is_there(world: World, size: tuple[int, int]) -> None:
    miss(world)
    async with people_opened(world, size=size) as stage:
        await stage.until_shown("! Shop may be missing messages since 12:48: catching up")
        (gap,) = world.store.call_read(gaps.of_inbox, world.shop.id)
        world.store.call(stored.failed, gap.id, "unheard", timedelta(minutes=1))
        # Where the sentence has no room, the name of the state is shown, with the key that shows more.
        told = ("since 12:48: can't catch up yet", "! Shop may miss messages (i shows it)")
        await stage.until(lambda: any(words in stage.text for words in told))
        world.store.call(stored.close, gap)
        await stage.until_shown("2 inboxes live")
        assert "missing" not in stage.text


@pytest.mark.parametrize("size", [(60, 20), (80, 24), (120, 40)])
async def test_the_inbox_says_why(world: World, size: tuple[int, int]) -> None:
    miss(world)
    async with people_opened(world, size=size) as stage:
        await stage.press("i")
        await stage.until(lambda: isinstance(stage.app.screen, InboxesScreen))
        await stage.until_shown("! Shop ")
        await stage.until_shown("may miss messages")
        await stage.until_shown("! may be missing messages since 12:48: catching up.")
        await stage.until_shown("Why: requested by hand. Complete up to 17 Nov 12:48.")
        assert "✓ Live, no known problems." not in stage.text
        assert "acknowledge" not in stage.text


async def test_what_is_lost_is_said_until_somebody_takes_note(world: World) -> None:
    bot = world.inbox("Bot", Channel.TELEGRAM, "shop_support_bot")
    world.clock.forward(days=3)
    now = world.clock()
    lost = (now - timedelta(days=2), now - timedelta(days=1))
    world.store.call(stored.note, bot.id, Reason.EXPIRED, *lost, is_lost=True)
    async with people_opened(world, size=(120, 40)) as stage:
        await stage.press("i")
        await stage.until(lambda: isinstance(stage.app.screen, InboxesScreen))
        await stage.press("end")
        await stage.until_shown(
            "! lost messages from 18 Nov 13:00 to 19 Nov 13:00: nothing was received for longer than"
        )
        await stage.until_shown("then press n to acknowledge")
        await stage.press("n")
        await stage.until_shown("Acknowledged: Bot lost messages")
        await stage.until(lambda: not world.store.call_read(gaps.of_inbox, bot.id))
        await stage.until(lambda: "lost messages" not in stage.text)
