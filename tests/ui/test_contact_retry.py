"""An agent reconciles a message in doubt, or sends a failed one another way: by one key, and nothing by itself."""

from datetime import timedelta
from functools import partial

from contacts_tui.channels.base import NotSent, OutcomeUnknown, Refused, SendResult
from contacts_tui.domain.channel import Channel
from contacts_tui.domain.delivery import Delivery
from contacts_tui.domain.inbox import Inbox
from contacts_tui.domain.message import Message
from contacts_tui.screens.contact.message_details import MessageDetails
from contacts_tui.screens.contact.template_picker import TemplatePicker
from contacts_tui.screens.dialogs import Decision
from contacts_tui.services import delivery, messaging
from contacts_tui.store import attempts, contacts
from tests.services.conftest import world as world
from tests.services.world import ANN, World
from tests.ui.stage import opened

LOST = OutcomeUnknown("timeout", "no answer")
OFF = Refused("30003", "unreachable")
TEXT = "Your order is here."


def ended(world: World, contact_id: int, inbox: Inbox, result: SendResult) -> Message:
    """Send a message, record this result of its attempt, and return the message."""
    message = world.send(contact_id, inbox, TEXT)
    world.store.call(delivery.record, message.id, world.store.call(attempts.begin, message.id), result)
    return message


def on_telegram(world: World) -> tuple[int, Inbox]:
    """Return a person who wrote to our bot, and the bot."""
    bot = world.inbox("Bot", Channel.TELEGRAM, "shop_support_bot")
    world.hears(bot, "hello", "42", profile="Sam")
    return world.owner(bot, "42"), bot


async def test_what_is_known_of_a_doubt_stands_under_it_and_a_key_settles_it(world: World) -> None:
    sam, bot = on_telegram(world)
    message = ended(world, sam, bot, LOST)
    async with opened(world, sam) as stage:
        await stage.until_shown("Telegram doesn't list what a bot has sent")
        assert "(no answer, " in stage.text
        await stage.pilot.press("escape", "x")
        await stage.until(lambda: isinstance(stage.app.screen, Decision))
        await stage.pilot.press("enter")
        await stage.until(lambda: stage.app.screen is stage.screen)
        assert world.message(message.id).status is Delivery.UNKNOWN, "the first answer is the harmless one"
        await stage.pilot.press("x")
        await stage.until(lambda: isinstance(stage.app.screen, Decision))
        await stage.pilot.press("down", "enter")
        await stage.until_shown("✓ sent")
        await stage.until_shown("u undoes it")
        assert world.message(message.id).status is Delivery.SENT
        await stage.pilot.press("enter")
        await stage.until_shown("arrived  marked as sent by Kim")
        await stage.until_shown("u  undo: only an agent says that it was sent")
        await stage.pilot.press("escape", "u")
        await stage.until(lambda: world.message(message.id).status is Delivery.UNKNOWN)
        await stage.until_shown("Undone")


async def test_a_message_in_doubt_goes_again_only_after_the_question(world: World) -> None:
    sam, bot = on_telegram(world)
    message = ended(world, sam, bot, LOST)
    async with opened(world, sam) as stage:
        await stage.until_shown("asks first")
        await stage.pilot.press("escape", "r")
        await stage.until(lambda: isinstance(stage.app.screen, Decision))
        await stage.until_shown("Telegram doesn't list")
        await stage.pilot.press("enter")
        await stage.until(lambda: stage.app.screen is stage.screen)
        assert world.message(message.id).status is Delivery.UNKNOWN, "the first answer is the harmless one"
        await stage.pilot.press("r")
        await stage.until(lambda: isinstance(stage.app.screen, Decision))
        await stage.until_shown("resend: they may get it twice")
        await stage.pilot.press("down", "down", "enter")
        await stage.until_shown("· queued")
        assert world.message(message.id).status is Delivery.QUEUED


async def test_the_details_lay_a_doubt_out_and_ask_too(world: World) -> None:
    sam, bot = on_telegram(world)
    message = ended(world, sam, bot, LOST)
    async with opened(world, sam) as stage:
        await stage.until_shown("asks first")
        await stage.pilot.press("escape", "v")
        await stage.until(lambda: isinstance(stage.app.screen, MessageDetails))
        await stage.until_shown("May or may not have been sent")
        assert "r  resend (asks first): they may get it twice" in stage.text
        await stage.pilot.press("r")
        await stage.until(lambda: isinstance(stage.app.screen, Decision))
        await stage.pilot.press("escape")
        await stage.until(lambda: isinstance(stage.app.screen, MessageDetails))
        assert world.message(message.id).status is Delivery.UNKNOWN
        await stage.pilot.press("x")
        await stage.until(lambda: isinstance(stage.app.screen, Decision))
        await stage.pilot.press("down", "enter")
        await stage.until_shown("marked as sent by Kim")
        assert "May or may not" not in stage.text
        await stage.pilot.press("u")
        await stage.until_shown("undone by Kim")
        assert world.message(message.id).status is Delivery.UNKNOWN


async def test_a_failed_message_goes_another_way_and_nothing_is_sent_without_enter(world: World) -> None:
    ann = world.person()
    world.hears(world.whatsapp, "hello")
    ended(world, ann, world.shop, OFF)
    async with opened(world, ann) as stage:
        await stage.until_shown("w write on WhatsApp instead")
        await stage.pilot.press("escape", "w")
        await stage.until(lambda: stage.composer.text == TEXT)
        await stage.until_focused(stage.composer)
        assert "WhatsApp" in str(stage.composer.border_title)
        assert [message.body for message in world.thread(ann)] == ["hello", TEXT]
        world.clock.forward(seconds=1)
        await stage.pilot.press("enter")
        await stage.until(lambda: [message.body for message in world.thread(ann)] == ["hello", TEXT, TEXT])


LONG = "\n\n".join(f"{letter} " + "word " * 250 + "end." for letter in "ABC")
"""Three paragraphs, of which each fills most of a message on WhatsApp."""
PARTS = tuple(LONG.split("\n\n"))


def said(world: World, contact_id: int) -> list[str]:
    """Return the texts that we wrote on WhatsApp."""
    return [m.body for m in world.thread(contact_id) if m.channel is Channel.WHATSAPP and m.author]


def has_said(world: World, contact_id: int, parts: int) -> bool:
    """Return whether so many parts, and no more, were written on WhatsApp."""
    return said(world, contact_id) == list(PARTS[:parts])


def too_long(world: World) -> int:
    """Return a person with an open window on WhatsApp, to whom a long text failed elsewhere."""
    bot = world.inbox("Bot", Channel.TELEGRAM, "shop_support_bot")
    world.hears(bot, "hello", "42", profile="Sam")
    sam = world.owner(bot, "42")
    world.store.call(contacts.add_identity, sam, Channel.WHATSAPP, ANN)
    world.hears(world.whatsapp, "hello")
    message = world.send(sam, bot, LONG)
    world.store.call(delivery.record, message.id, world.store.call(attempts.begin, message.id), OFF)
    return sam


def draft(world: World, contact_id: int) -> str:
    """Return the draft on WhatsApp."""
    identity = world.identity(contact_id, Channel.WHATSAPP)
    return world.store.call_read(messaging.draft, identity.id, world.whatsapp.id)


async def test_a_text_that_is_too_long_goes_in_parts_each_by_its_own_key(world: World) -> None:
    sam = too_long(world)
    async with opened(world, sam, size=(120, 30)) as stage:
        await stage.until_shown("w write on WhatsApp instead, in 3 parts")
        await stage.pilot.press("escape", "w")
        await stage.until(lambda: stage.composer.text == LONG)
        await stage.until_shown("part 1 of 3")
        await stage.until_shown("Press ⏎ for each part; it sends up to the cursor.")
        await stage.until_focused(stage.composer)
        assert stage.composer.cursor_location == (0, len(PARTS[0]))
        for number in (1, 2):
            assert said(world, sam) == list(PARTS[: number - 1]), "nothing goes without a key"
            world.clock.forward(seconds=1)
            await stage.pilot.press("enter")
            await stage.until_shown(f"part {number + 1} of 3")
            await stage.until(partial(has_said, world, sam, number))
            left = "\n\n".join(PARTS[number:])
            assert (stage.composer.text, draft(world, sam)) == (left, left)
        world.clock.forward(seconds=1)
        await stage.pilot.press("enter")
        await stage.until(lambda: stage.composer.text == "")
        assert said(world, sam) == list(PARTS)
        assert draft(world, sam) == ""
        await stage.until(lambda: "part 3" not in stage.text)


async def test_what_is_left_of_a_text_in_parts_is_still_there_at_the_next_look(world: World) -> None:
    sam = too_long(world)
    async with opened(world, sam, size=(120, 30)) as stage:
        await stage.until_shown("in 3 parts")
        await stage.pilot.press("escape", "w")
        await stage.until_shown("part 1 of 3")
        await stage.until_focused(stage.composer)
        world.clock.forward(seconds=1)
        await stage.pilot.press("enter")
        await stage.until_shown("part 2 of 3")
        await stage.pilot.press("escape", "escape")
        await stage.until(lambda: stage.app.screen is not stage.screen)
    async with opened(world, sam, size=(120, 30)) as stage:
        await stage.until(lambda: stage.composer.text == "\n\n".join(PARTS[1:]))
        await stage.until_focused(stage.composer)
        await stage.pilot.press("enter")
        await stage.until_shown("Or press ⏎ again to send it in 2 parts")
        assert said(world, sam) == [PARTS[0]], "a text that nobody saw cut is asked about first"
        await stage.pilot.press("backspace", "enter")
        await stage.until(lambda: said(world, sam) == [PARTS[0], PARTS[1][:-1]])
        await stage.until(lambda: stage.composer.text == PARTS[2])


async def test_a_draft_on_the_other_channel_is_asked_about(world: World) -> None:
    ann = world.person()
    world.hears(world.whatsapp, "hello")
    whatsapp = world.identity(ann, Channel.WHATSAPP)
    world.store.call(messaging.save_draft, whatsapp.id, world.whatsapp.id, "half a thought")
    ended(world, ann, world.shop, OFF)
    async with opened(world, ann) as stage:
        await stage.until_shown("w write on WhatsApp instead")
        await stage.pilot.press("escape", "w")
        await stage.until(lambda: isinstance(stage.app.screen, Decision))
        await stage.until_shown("half a thought")
        await stage.pilot.press("down", "enter")
        await stage.until(lambda: stage.composer.text == f"half a thought\n\n{TEXT}")


async def test_where_a_template_is_needed_the_picker_opens_with_the_text_on_offer(world: World) -> None:
    ann = world.person()
    world.template()
    ended(world, ann, world.shop, OFF)
    async with opened(world, ann) as stage:
        await stage.until_shown("w write on WhatsApp instead, template needed")
        await stage.pilot.press("escape", "v")
        await stage.until_shown("2  write on WhatsApp instead, template needed")
        await stage.pilot.press("2")
        await stage.until(lambda: isinstance(stage.app.screen, TemplatePicker))
        assert stage.composer.text == TEXT


async def test_where_nothing_else_is_open_it_says_why(world: World) -> None:
    ann = world.person()
    ended(world, ann, world.shop, OFF)
    async with opened(world, ann) as stage:
        await stage.until_shown("no other channel is available: WhatsApp:")
        await stage.pilot.press("escape", "w", "v")
        await stage.until_shown("No other channel is available: WhatsApp:")


async def test_a_rate_limited_message_says_when_it_is_tried_again(world: World) -> None:
    sam, bot = on_telegram(world)
    ended(world, sam, bot, NotSent("429", "Too Many Requests", timedelta(seconds=30), rate_limited=True))
    async with opened(world, sam) as stage:
        await stage.until_shown("Telegram asks for a pause; nothing was sent")
        await stage.pilot.press("escape", "v")
        await stage.until_shown("It will be retried automatically, not before 17 Nov 12:00:30.")
