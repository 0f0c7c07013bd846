"""Answering from the timeline: by the cheapest open channel, which is named with the reason, and never by a guess."""

from contacts_tui.domain.channel import Channel
from contacts_tui.domain.message import Direction
from contacts_tui.store import contacts
from tests.services.world import ANN, World
from tests.ui.stage import opened


def on_three_channels(world: World) -> int:
    """Return Sam, who wrote to our bot and then, last, on WhatsApp; their number takes an SMS as well."""
    bot = world.inbox("Bot", Channel.TELEGRAM, "shop_support_bot")
    world.hears(bot, "By Telegram", "42", profile="Sam")
    sam = world.owner(bot, "42")
    for channel in (Channel.SMS, Channel.WHATSAPP):
        world.store.call(contacts.add_identity, sam, channel, ANN)
    world.clock.forward(minutes=1)
    world.hears(world.whatsapp, "On WhatsApp")
    return sam


async def test_an_answer_from_the_timeline_goes_by_the_cheapest_open_channel_and_says_which(world: World) -> None:
    sam = on_three_channels(world)
    async with opened(world, sam, size=(120, 40)) as stage:
        await stage.until_shown("to Sam …0142 · WhatsApp · from Shop WhatsApp")
        await stage.pilot.press("f5")
        await stage.until_shown("Telegram, cheapest open: free · from B")
        await stage.pilot.press("f5")
        await stage.until_shown("to Sam …0142 · WhatsApp · from Shop WhatsApp")
        await stage.pilot.press("f5")
        await stage.until_shown("Telegram, cheapest open: free")
        await stage.pilot.press("f1")
        await stage.until_shown("to Sam …0142 · SMS · from Shop")
        await stage.pilot.press("f3")
        await stage.until_shown("Telegram, cheapest open: free")
        await stage.type("Hi")
        await stage.pilot.press("enter")
        await stage.until(lambda: len(world.thread(sam)) == 3)
        assert [(m.channel, m.body) for m in world.thread(sam) if m.direction is Direction.OUT] == [
            (Channel.TELEGRAM, "Hi")
        ]


async def test_a_text_that_was_begun_stays_on_its_channel_in_the_timeline(world: World) -> None:
    sam = on_three_channels(world)
    async with opened(world, sam) as stage:
        await stage.until_focused(stage.composer)
        await stage.type("For WhatsApp")
        await stage.pilot.press("f5")
        await stage.until_shown("By Telegram")
        await stage.until_shown("Your text stays on WhatsApp. Telegram is the cheapest open channel: f3 writes")
        assert stage.composer.text == "For WhatsApp"
        await stage.pilot.press("enter")
        await stage.until(lambda: world.thread(sam)[-1].body == "For WhatsApp")
        assert world.thread(sam)[-1].channel is Channel.WHATSAPP


async def test_with_no_channel_open_the_timeline_offers_the_template(world: World) -> None:
    ann = world.person()
    world.template()
    world.hears(world.whatsapp, "Hello")
    world.clock.forward(days=2)
    world.hears(world.shop, "STOP")
    async with opened(world, ann) as stage:
        await stage.until_shown("SMS · opted out")
        await stage.pilot.press("f5")
        await stage.until_shown("WhatsApp · the window closed")
        await stage.until_focused(stage.notice)
        await stage.pilot.press("enter")
        await stage.until_shown("order_ready")


async def test_the_window_that_is_left_stands_beside_the_text(world: World) -> None:
    ann = world.person()
    world.hears(world.whatsapp, "Hello")
    world.clock.forward(hours=21)
    async with opened(world, ann) as stage:
        await stage.until_focused(stage.composer)
        await stage.type("Yes")
        await stage.until_shown("window 2 h 58 m left · 3/1600")
        await stage.pilot.press("f1")
        await stage.until(lambda: "window 2 h" not in stage.text)
