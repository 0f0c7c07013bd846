"""Opening a contact and choosing where to write."""

from pathlib import Path

import pytest

from contacts_tui.domain.channel import Channel
from contacts_tui.domain.contact import ContactChange
from contacts_tui.domain.health import Source
from contacts_tui.screens.contact.route_picker import RoutePicker
from contacts_tui.screens.people.people_screen import PeopleScreen
from contacts_tui.services import inbox_problems, inboxes
from contacts_tui.store import contacts
from tests.services.world import ANN, World
from tests.ui.stage import opened

OTHER = "+12025550177"


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)


async def test_the_latest_conversation_opens_in_place(world: World) -> None:
    ann = world.person()
    world.hears(world.shop, "by SMS")
    world.clock.forward(minutes=1)
    world.hears(world.whatsapp, "on WhatsApp")
    async with opened(world, ann) as stage:
        await stage.until_focused(stage.composer)
        assert "on WhatsApp" in stage.text
        assert "by SMS" not in stage.text


async def test_a_person_never_spoken_to_gets_words_and_a_choice_in_the_composers_place(world: World) -> None:
    ann = world.person()
    for size in ((80, 24), (120, 40)):
        async with opened(world, ann, size=size) as stage:
            await stage.until_focused(stage.notice)
            await stage.until(
                lambda: "No conversation with Ann yet. f1 starts an SMS from Shop" in " ".join(stage.text.split())
            )
            await stage.pilot.press("enter")
            await stage.until_focused(stage.composer)
            await stage.until_shown("No messages by SMS yet. Write below to begin the conversation.")


async def test_a_digit_an_f_key_and_enter_in_the_section_choose_a_channel(world: World) -> None:
    ann = world.person()
    world.hears(world.whatsapp, "Hello")
    for keys in (("escape", "1"), ("f1",), ("i", "k", "enter")):
        async with opened(world, ann) as stage:
            await stage.until_focused(stage.composer)
            if keys[0] == "i":
                await stage.pilot.press("escape")
            await stage.pilot.press(*keys)
            await stage.until_shown("· SMS · from Shop")


async def test_a_click_in_the_section_chooses_a_channel(world: World) -> None:
    ann = world.person()
    world.hears(world.whatsapp, "Hello")
    async with opened(world, ann, size=(120, 40)) as stage:
        await stage.until_focused(stage.composer)
        await stage.pilot.click(stage.section, offset=(4, 1))
        await stage.until_shown("· SMS · from Shop")


async def test_complaint_6_a_closed_channel_says_why_and_what_would_help(world: World) -> None:
    ann = world.person()
    world.hears(world.shop, "STOP")
    async with opened(world, ann) as stage:
        await stage.until_focused(stage.notice)
        shown = " ".join(stage.text.replace("│", " ").split())
        assert "SMS · opted out" in shown
        assert "They must send START to +1 202 555 0101" in shown
        await stage.pilot.press("f3")
        await stage.until_shown("Telegram · no inbox connected")
        await stage.until_shown("We have no Telegram bot. Ask an administrator")


async def test_several_numbers_are_asked_about_once(world: World) -> None:
    ann = world.person("Ann Lee", ANN, OTHER)
    async with opened(world, ann) as stage:
        await stage.until_focused(stage.notice)
        await stage.pilot.press("f1")
        await stage.until(lambda: isinstance(stage.app.screen, RoutePicker))
        assert "+1 202 555 0142" in stage.text
        await stage.pilot.press("down", "enter")
        await stage.until_shown("to Ann Lee …0177 · SMS · from Shop")
        await stage.type("Hi")
        await stage.pilot.press("enter")
        await stage.until(lambda: len(world.thread(ann)) == 1)
        await stage.pilot.press("f2", "f1")
        await stage.until_shown("to Ann Lee …0177 · SMS · from Shop")
        assert stage.app.screen is stage.screen


async def test_a_choice_of_inbox_is_remembered_for_that_person_and_for_nobody_else(world: World) -> None:
    world.inbox("Returns", Channel.SMS, "+12025550102")
    ann, bob = world.person(), world.person("Bob", OTHER)
    async with opened(world, ann, size=(120, 40)) as stage:
        await stage.until_focused(stage.notice)
        await stage.until_shown("asks which inbox and which address")
        await stage.pilot.press("f1")
        await stage.until(lambda: isinstance(stage.app.screen, RoutePicker))
        await stage.until_shown("▸ +1 202 555 0142  Shop")
        await stage.pilot.press("down", "enter")
        await stage.until_shown("· SMS · from Returns")
        await stage.until_shown("from Returns +1 202 555 0102")
        assert "from Shop +" not in stage.text, "the card names the same inbox as the composer, before anything is sent"
    async with opened(world, ann, size=(120, 40)) as stage:
        await stage.until_focused(stage.notice)
        assert "from Returns +1 202 555 0102" in stage.text
        await stage.pilot.press("f1")
        await stage.until_shown("· SMS · from Returns")
        await stage.pilot.press("f1")
        await stage.until(lambda: isinstance(stage.app.screen, RoutePicker))
    async with opened(world, bob) as stage:
        await stage.until_focused(stage.notice)
        await stage.pilot.press("f1")
        await stage.until(lambda: isinstance(stage.app.screen, RoutePicker))
        await stage.until_shown("▸ +1 202 555 0177  Shop +1 202 555 0101")


async def test_complaint_4_an_existing_thread_keeps_its_inbox(world: World) -> None:
    returns = world.inbox("Returns", Channel.SMS, "+12025550102")
    ann = world.person()
    world.hears(returns, "I wrote to Returns")
    async with opened(world, ann) as stage:
        await stage.until_shown("· SMS · from Returns")
        await stage.type("Hi")
        await stage.pilot.press("enter")
        await stage.until(lambda: len(world.thread(ann)) == 2)
        assert {message.conversation_id for message in world.thread(ann)} == {world.thread(ann)[0].conversation_id}


async def test_a_first_message_from_somebody_opens_their_conversation(world: World) -> None:
    ann = world.person()
    async with opened(world, ann) as stage:
        await stage.until_focused(stage.notice)
        world.hears(world.shop, "Am I too late?")
        await stage.until_shown("Am I too late?")
        await stage.until_focused(stage.composer)


async def test_escape_goes_from_the_text_to_the_thread_to_people(world: World) -> None:
    ann = world.person()
    world.hears(world.whatsapp, "Hello")
    async with opened(world, ann) as stage:
        await stage.until_focused(stage.composer)
        await stage.pilot.press("escape")
        await stage.until_focused(stage.thread)
        await stage.pilot.press("escape")
        await stage.until(lambda: isinstance(stage.app.screen, PeopleScreen))


async def test_a_folded_card_shows_the_open_channels_and_i_brings_it_whole(world: World) -> None:
    ann = world.person()
    world.hears(world.whatsapp, "Hello")
    async with opened(world, ann) as stage:
        await stage.until_shown("f7 card · +1 202 555 0142 · f1 SMS open · f2 WhatsApp 23 h 58 m left")
        await stage.pilot.press("escape", "i")
        await stage.until_shown("4 Messenger")
        assert "last seen" in stage.text
        await stage.pilot.press("escape")
        await stage.until_shown("Hello")


async def test_a_wide_terminal_shows_the_card_beside_the_thread(world: World) -> None:
    ann = world.person()
    world.store.call(
        contacts.update, ann, ContactChange(company="Okafor & [/b]", note="\x1b]0;evil\x07 collects on Fridays")
    )
    world.hears(world.whatsapp, "Hello")
    async with opened(world, ann, size=(120, 40)) as stage:
        await stage.until_shown("Okafor & [/b]")
        assert "collects on Fridays" in stage.text
        assert "\x1b" not in stage.text
        assert "4 Messenger" in stage.text


async def test_a_number_shows_the_time_where_it_is(world: World) -> None:
    ann = world.person("Amara Okafor", "+2348035550142")
    async with opened(world, ann, size=(120, 40)) as stage:
        await stage.until_shown("Lagos, 13:00 there")


async def test_a_person_who_is_gone_is_said_to_be(world: World) -> None:
    ann = world.person()
    async with opened(world, ann) as stage:
        stage.app.open_contact(ann + 1)
        await stage.until_shown("This person is no longer in the store. esc goes back.")
        await stage.pilot.press("escape")
        await stage.until(lambda: isinstance(stage.app.screen, PeopleScreen))


async def test_the_section_says_that_the_only_inbox_needs_care(world: World) -> None:
    ann = world.person()
    world.hears(world.shop, "Hello")
    async with opened(world, ann, size=(120, 40)) as stage:
        await stage.until_focused(stage.composer)
        assert "needs attention" not in stage.text
        world.store.call(inbox_problems.failed, world.shop.id, Source.SENDING, "20003")
        await stage.until(lambda: "✗ Shop needs attention: Twilio doesn't" in stage.text)
    async with opened(world, ann) as stage:
        await stage.until_shown("f1 SMS ✗ inbox needs attention")


async def test_the_thread_of_a_disconnected_inbox_can_still_be_read(world: World) -> None:
    ann = world.person()
    world.hears(world.shop, "Hello there")
    world.store.call(inboxes.put_aside, "Kim", world.shop.id)
    for size in ((80, 24), (120, 40)):
        async with opened(world, ann, size=size) as stage:
            await stage.until_shown("Hello there")
            await stage.until_shown("disconnected")
            await stage.pilot.press("escape", "1")
            await stage.until_shown("Hello there")
            assert not stage.composer.display
