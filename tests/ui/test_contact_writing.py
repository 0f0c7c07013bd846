"""Writing to a person: what is typed is sent once, or kept."""

from datetime import timedelta
from pathlib import Path

import pytest
from textual import events

from contacts_tui.domain.channel import Channel
from contacts_tui.domain.message import Direction
from contacts_tui.screens.contact.template_picker import TemplatePicker
from contacts_tui.services import messaging
from contacts_tui.store import drafts
from contacts_tui.widgets.composer import Composer
from contacts_tui.widgets.variable_field import VariableField
from tests.services.world import ANN, World
from tests.ui.stage import Stage, opened


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)


def outbound(stage: Stage, contact_id: int) -> list[str]:
    """Return the texts of what was stored to be sent."""
    return [m.body for m in stage.world.thread(contact_id) if m.direction is Direction.OUT]


def draft_of(world: World, contact_id: int, channel: Channel) -> str:
    inbox = world.whatsapp if channel is Channel.WHATSAPP else world.shop
    identity = world.identity(contact_id, channel)
    return world.store.call_read(lambda session, _: drafts.get(session, identity.id, inbox.id))


async def test_enter_stores_the_message_and_shows_its_bubble(world: World) -> None:
    ann = world.person()
    world.hears(world.whatsapp, "Is the blue one back?")
    async with opened(world, ann) as stage:
        await stage.until_focused(stage.composer)
        await stage.type("It is!")
        await stage.pilot.press("enter")
        await stage.until_shown("queued")
        assert outbound(stage, ann) == ["It is!"]
        assert stage.composer.text == ""
        assert draft_of(world, ann, Channel.WHATSAPP) == ""


async def test_what_is_typed_before_the_composer_has_the_keys_goes_into_it(world: World) -> None:
    ann = world.person()
    world.hears(world.whatsapp, "Is the blue one back?")
    async with opened(world, ann) as stage:
        await stage.until_focused(stage.composer)
        stage.screen.set_focus(None)
        await stage.type("#1 is!")
        await stage.until(lambda: stage.composer.text == "#1 is!")
        await stage.until_focused(stage.composer)


async def test_no_letter_goes_into_a_composer_behind_the_card(world: World) -> None:
    ann = world.person()
    world.hears(world.whatsapp, "Is the blue one back?")
    async with opened(world, ann, size=(60, 20)) as stage:
        await stage.until_focused(stage.composer)
        await stage.pilot.press("f7")
        await stage.until_focused(stage.section)
        stage.screen.set_focus(None)
        await stage.type("x")
        await stage.pilot.pause()
        assert stage.composer.text == ""


async def test_complaint_12_two_enters_at_once_send_one_message(world: World) -> None:
    ann = world.person()
    world.hears(world.whatsapp, "Hello")
    async with opened(world, ann) as stage:
        await stage.until_focused(stage.composer)
        await stage.type("Once")
        stage.composer.action_send()
        stage.composer.action_send()
        await stage.until(lambda: not stage.composer.is_under_way and stage.composer.text == "")
        assert outbound(stage, ann) == ["Once"]


async def test_what_is_typed_while_the_message_is_stored_stays(world: World) -> None:
    ann = world.person()
    world.hears(world.whatsapp, "Hello")
    async with opened(world, ann) as stage:
        await stage.until_focused(stage.composer)
        await stage.type("First")
        stage.composer.action_send()
        stage.composer.insert(" and more")
        await stage.until(lambda: not stage.composer.is_under_way)
        assert outbound(stage, ann) == ["First"]
        assert stage.composer.text == " and more"


async def test_blank_text_is_not_sent(world: World) -> None:
    ann = world.person()
    world.hears(world.whatsapp, "Hello")
    async with opened(world, ann) as stage:
        await stage.until_focused(stage.composer)
        await stage.type("   ")
        await stage.pilot.press("enter")
        await stage.pilot.pause()
        assert outbound(stage, ann) == []
        assert stage.composer.text == "   "


async def test_keys_that_break_the_line_do_not_send(world: World) -> None:
    ann = world.person()
    world.hears(world.whatsapp, "Hello")
    async with opened(world, ann) as stage:
        await stage.until_focused(stage.composer)
        for key in ("alt+enter", "shift+enter", "ctrl+j"):
            await stage.type("x")
            await stage.pilot.press(key)
        assert stage.composer.text == "x\nx\nx\n"
        assert stage.composer.size.height == 4
        assert outbound(stage, ann) == []


async def test_a_paste_of_several_lines_keeps_them_is_cleaned_and_does_not_send(world: World) -> None:
    ann = world.person()
    world.hears(world.whatsapp, "Hello")
    async with opened(world, ann) as stage:
        await stage.until_focused(stage.composer)
        stage.composer.post_message(events.Paste("one\r\ntwo\x1b]0;x\x07\rthree"))
        await stage.until(lambda: "three" in stage.composer.text)
        assert stage.composer.text == "one\ntwo\ufffd]0;x\ufffd\nthree"
        assert outbound(stage, ann) == []


async def test_a_text_over_the_limit_is_refused_in_words_and_kept(world: World) -> None:
    ann = world.person()
    world.hears(world.whatsapp, "Hello")
    async with opened(world, ann) as stage:
        await stage.until_focused(stage.composer)
        stage.composer.load_text("x" * 1601)
        await stage.until_shown("1 character too many")
        await stage.pilot.press("enter")
        await stage.until_shown("Not sent: 1 character too many for WhatsApp, shorten the text to 1600.")
        assert outbound(stage, ann) == []
        assert stage.composer.text == "x" * 1601


async def test_an_sms_shows_its_segments_and_what_makes_it_dear(world: World) -> None:
    ann = world.person()
    world.hears(world.shop, "Hello")
    async with opened(world, ann) as stage:
        await stage.until_focused(stage.composer)
        await stage.type("hello there!")
        await stage.until_shown("1 segment · 12/160 GSM-7")
        await stage.type("ç")
        await stage.until_shown("1 segment · 13/70 UCS-2 because of “ç” · alt+k “c”")
        await stage.pilot.press("alt+k")
        await stage.until_shown("1 segment · 13/160 GSM-7")
        assert stage.composer.text == "hello there!c"
        await stage.pilot.press("alt+k")
        await stage.until_shown("Nothing in this text can be written in plainer letters.")
        await stage.type("!")
        await stage.until(lambda: "Nothing in this text" not in stage.text)


async def test_complaint_5_free_text_is_blocked_when_the_window_is_closed(world: World) -> None:
    ann = world.person()
    world.template()
    world.hears(world.whatsapp, "Hello")
    world.clock.forward(hours=27)
    async with opened(world, ann) as stage:
        await stage.until_focused(stage.notice)
        assert not stage.composer.display
        assert "WhatsApp · the window closed 3 h ago" in stage.text
        assert "Select Template" in stage.text
        await stage.until_shown("[⏎ Select Template] or write by [f1 SMS]")


async def test_complaint_6_a_window_that_closes_while_typing_keeps_the_text_and_offers_templates(world: World) -> None:
    ann = world.person()
    world.template("Hi {{1}}, about {{2}}.")
    world.hears(world.whatsapp, "Hello")
    world.clock.forward(hours=23, minutes=57)
    async with opened(world, ann) as stage:
        await stage.until_focused(stage.composer)
        await stage.type("On its way")
        world.clock.forward(minutes=5)
        await stage.pilot.press("enter")
        await stage.until(lambda: isinstance(stage.app.screen, TemplatePicker))
        assert outbound(stage, ann) == []
        assert draft_of(world, ann, Channel.WHATSAPP) == "On its way"
        await stage.until(lambda: len(stage.app.screen.query(VariableField)) == 2)
        await stage.pilot.press("ctrl+t")
        await stage.until(lambda: "about On its way." in stage.text)
        await stage.pilot.press("ctrl+s")
        await stage.until(lambda: outbound(stage, ann) == ["Hi Ann, about On its way."])
        assert draft_of(world, ann, Channel.WHATSAPP) == ""


async def test_text_that_no_variable_took_stays_a_draft_after_a_template(world: World) -> None:
    ann = world.person()
    world.template("Hello again!")
    world.hears(world.whatsapp, "Hello")
    world.clock.forward(hours=23, minutes=57)
    async with opened(world, ann) as stage:
        await stage.until_focused(stage.composer)
        await stage.type("Later")
        world.clock.forward(minutes=5)
        await stage.pilot.press("enter")
        await stage.until_shown("Ready: ⏎ sends it.")
        await stage.pilot.press("enter")
        await stage.until(lambda: outbound(stage, ann) == ["Hello again!"])
        assert draft_of(world, ann, Channel.WHATSAPP) == "Later"


async def test_a_text_being_typed_is_not_taken_away_when_the_window_closes(world: World) -> None:
    ann = world.person()
    world.template()
    world.hears(world.whatsapp, "Hello")
    world.clock.forward(hours=23, minutes=57)
    async with opened(world, ann) as stage:
        await stage.until_focused(stage.composer)
        await stage.type("Half a sent")
        world.clock.forward(minutes=5)
        world.reported(world.whatsapp, None, sid="SM" + "9" * 32, word="queued")
        world.hears(world.shop, "an SMS, to have the screen look again")
        await stage.until_shown("Your text is kept.")
        await stage.type("ence")
        assert stage.composer.text == "Half a sentence"
        assert stage.composer.has_focus


async def test_the_window_opening_again_brings_the_composer_back_with_its_text(world: World) -> None:
    ann = world.person()
    world.template()
    world.hears(world.whatsapp, "Hello")
    identity = world.identity(ann, Channel.WHATSAPP)
    world.store.call(messaging.save_draft, identity.id, world.whatsapp.id, "Kept")
    world.clock.forward(hours=30)
    async with opened(world, ann) as stage:
        await stage.until_focused(stage.notice)
        world.hears(world.whatsapp, "Still there?")
        await stage.until_focused(stage.composer)
        assert stage.composer.text == "Kept"


async def test_a_long_draft_comes_back_with_its_end_in_sight(world: World) -> None:
    ann = world.person()
    world.hears(world.whatsapp, "Hello")
    identity = world.identity(ann, Channel.WHATSAPP)
    world.store.call(messaging.save_draft, identity.id, world.whatsapp.id, "\n".join(["line"] * 20 + ["the end"]))
    async with opened(world, ann) as stage:
        await stage.until_shown("the end")


async def test_drafts_survive_leaving_and_belong_to_their_conversation(world: World) -> None:
    ann = world.person()
    world.hears(world.whatsapp, "Hello")
    async with opened(world, ann) as stage:
        await stage.until_focused(stage.composer)
        await stage.type("For WhatsApp")
        await stage.pilot.press("f1")
        await stage.until_shown("· SMS · from Shop")
        assert stage.composer.text == ""
        await stage.type("For SMS")
        await stage.pilot.press("escape", "escape")
        await stage.until(lambda: stage.app.screen is not stage.screen)
    assert draft_of(world, ann, Channel.WHATSAPP) == "For WhatsApp"
    assert draft_of(world, ann, Channel.SMS) == "For SMS"
    async with opened(world, ann) as stage:
        await stage.until(lambda: stage.composer.text == "For WhatsApp")


async def test_the_same_words_again_after_a_send_are_a_draft_again(world: World) -> None:
    ann = world.person()
    world.hears(world.whatsapp, "Hello")
    async with opened(world, ann) as stage:
        await stage.until_focused(stage.composer)
        await stage.type("Same")
        await stage.until(lambda: draft_of(world, ann, Channel.WHATSAPP) == "Same")
        await stage.pilot.press("enter")
        await stage.until(lambda: stage.composer.text == "")
        await stage.type("Same")
    assert draft_of(world, ann, Channel.WHATSAPP) == "Same"


async def test_a_draft_is_stored_soon_after_the_last_key_and_on_quitting(world: World) -> None:
    ann = world.person()
    world.hears(world.whatsapp, "Hello")
    async with opened(world, ann) as stage:
        await stage.until_focused(stage.composer)
        await stage.type("Wait")
        await stage.until(lambda: draft_of(world, ann, Channel.WHATSAPP) == "Wait")
        await stage.type("ing")
    assert draft_of(world, ann, Channel.WHATSAPP) == "Waiting"


async def test_complaint_15_5301_a_draft_stays_with_its_person_when_the_agent_goes_on(world: World) -> None:
    ann, ben = world.person("Ann Lee"), world.person("Ben Roe", "+12025550177")
    world.hears(world.whatsapp, "Hello", "+12025550177")
    world.clock.forward(minutes=5)
    world.hears(world.whatsapp, "Hello")
    async with opened(world, ann) as stage:
        await stage.until_focused(stage.composer)
        await stage.type("For Ann")
        await stage.pilot.press("alt+n")
        await stage.until_shown("to Ben Roe …0177")
        there = stage.app.screen.query_one(Composer)
        await stage.until_focused(there)
        assert there.text == ""
        await stage.type("For Ben")
        await stage.pilot.press("enter")
        await stage.until(lambda: outbound(stage, ben) == ["For Ben"])
        assert outbound(stage, ann) == []
        await stage.pilot.press("alt+p")
        await stage.until_shown("to Ann Lee …0142")
        await stage.until(lambda: stage.app.screen.query_one(Composer).text == "For Ann")


async def test_complaint_15_5301_the_border_names_the_recipient(world: World) -> None:
    ann = world.person()
    world.hears(world.whatsapp, "Hello")
    async with opened(world, ann) as stage:
        await stage.until_shown("to Ann Lee …0142 · WhatsApp · from Shop WhatsApp")


async def test_the_border_says_when_it_is_night_there_and_asks_nothing(world: World) -> None:
    ann = world.person()
    world.hears(world.whatsapp, "Hello")
    world.clock.forward(hours=14)
    async with opened(world, ann, size=(120, 40)) as stage:
        await stage.until_shown("21:00 there")
        assert "night" not in stage.text
    world.clock.forward(hours=2)
    async with opened(world, ann) as stage:
        await stage.until_shown("23:00 there, night · ")
        await stage.until_focused(stage.composer)
        await stage.type("Hi")
        await stage.pilot.press("enter")
        await stage.until(lambda: len(world.thread(ann)) == 2)


async def test_a_narrow_border_leaves_out_what_has_no_room_but_never_the_count(world: World) -> None:
    ann = world.person()
    world.hears(world.whatsapp, "Hello")
    world.clock.forward(hours=16)
    async with opened(world, ann, size=(160, 40)) as stage:
        for width, words in ((160, "23:00 there, night · window"), (120, "─ night · window"), (50, "─ 0/1600 ─")):
            await stage.pilot.resize_terminal(width, 40)
            await stage.until_shown(words)
            await stage.until_shown("0/1600 ─")


async def test_a_store_that_refuses_keeps_the_text_and_the_same_submission_stores_once(world: World) -> None:
    ann = world.person()
    world.hears(world.whatsapp, "Hello")
    async with opened(world, ann) as stage:
        await stage.until_focused(stage.composer)
        await stage.type("Patience")
        await stage.until(lambda: draft_of(world, ann, Channel.WHATSAPP) == "Patience")
        stage.app.session.close()
        await stage.pilot.press("enter")
        await stage.until_shown("your text is kept")
        assert stage.composer.text == "Patience"
        assert outbound(stage, ann) == []


async def test_the_clock_counts_the_window_down_in_words(world: World) -> None:
    ann = world.person()
    world.hears(world.whatsapp, "Hello", ANN, at=world.clock() - timedelta(hours=20))
    async with opened(world, ann) as stage:
        await stage.until_shown("3 h 58 m left")
