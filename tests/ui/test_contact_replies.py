"""Canned replies in the composer: found by letters, filled in, edited in place, and never sent by themselves."""

from contacts_tui.domain.canned_reply import CannedReply
from contacts_tui.domain.message import Direction
from contacts_tui.screens.contact.reply_editor import ReplyEditor
from contacts_tui.screens.contact.reply_picker import ReplyPicker
from contacts_tui.screens.dialogs import Question
from contacts_tui.services import canned_replies
from contacts_tui.widgets.writing_area import WritingArea
from tests.services.world import World
from tests.ui.stage import Stage, opened

REPLIES = (
    CannedReply("ready", "Hi {{first name}}, your order is ready. {{agent}}"),
    CannedReply("late", "Sorry, {{company}}."),
    CannedReply("private", "Mine alone", "Kim"),
    CannedReply("hers", "Not mine", "Noor"),
)


def prepared(world: World) -> int:
    ann = world.person()
    world.hears(world.whatsapp, "Hello")
    for reply in REPLIES:
        world.store.call(canned_replies.save, "Kim", reply)
    return ann


def sent(world: World, contact_id: int) -> list[str]:
    return [message.body for message in world.thread(contact_id) if message.direction is Direction.OUT]


def kept(world: World) -> dict[str, str]:
    return {reply.name: reply.text for reply in world.store.call_read(canned_replies.listed, "Kim")}


async def picking(stage: Stage, key: str = "slash") -> None:
    await stage.until_focused(stage.composer)
    await stage.pilot.press(key)
    await stage.until(lambda: isinstance(stage.app.screen, ReplyPicker))


async def test_a_slash_letters_and_enter_put_the_reply_into_the_text_filled_in(world: World) -> None:
    ann = prepared(world)
    async with opened(world, ann) as stage:
        await picking(stage)
        assert "private" in stage.text
        assert "hers" not in stage.text
        await stage.type("rdy")
        await stage.until_shown("Hi Ann, your order is ready. Kim")
        await stage.pilot.press("enter")
        await stage.until_focused(stage.composer)
        assert stage.composer.text == "Hi Ann, your order is ready. Kim"
        assert sent(world, ann) == []
        await stage.pilot.press("enter")
        await stage.until(lambda: sent(world, ann) == ["Hi Ann, your order is ready. Kim"])


async def test_a_slash_within_a_text_is_text_and_the_other_key_puts_a_reply_where_the_cursor_is(world: World) -> None:
    ann = prepared(world)
    async with opened(world, ann) as stage:
        await stage.until_focused(stage.composer)
        await stage.type("24/7 ")
        await picking(stage, "ctrl+r")
        await stage.type("mine")
        await stage.pilot.press("enter")
        await stage.until_focused(stage.composer)
        assert stage.composer.text == "24/7 Mine alone"


async def test_a_variable_that_is_not_known_is_named_and_holds_the_text_back(world: World) -> None:
    ann = prepared(world)
    async with opened(world, ann) as stage:
        await picking(stage)
        await stage.type("late")
        await stage.until_shown("Not known about this person: {{company}}.")
        await stage.pilot.press("enter")
        await stage.until_focused(stage.composer)
        await stage.pilot.press("enter")
        await stage.until_shown("Not sent: {{company}} isn't filled in.")
        assert sent(world, ann) == []


async def test_a_reply_is_edited_in_place_and_can_be_shared(world: World) -> None:
    ann = prepared(world)
    async with opened(world, ann) as stage:
        await picking(stage)
        await stage.type("private")
        await stage.pilot.press("ctrl+e")
        await stage.until(lambda: isinstance(stage.app.screen, ReplyEditor))
        await stage.until_shown("Only you have it")
        stage.app.screen.query_one(WritingArea).put("Ours, {{name}}")
        await stage.pilot.press("ctrl+t", "ctrl+s")
        await stage.until(lambda: isinstance(stage.app.screen, ReplyPicker))
        await stage.until_shown("Ours, Ann Lee")
        found = world.store.call_read(canned_replies.listed, "Noor")
        assert ("private", "Ours, {{name}}", "") in [(one.name, one.text, one.author) for one in found]
        assert kept(world) == {"late": "Sorry, {{company}}.", "private": "Ours, {{name}}", "ready": REPLIES[0].text}


async def test_a_new_reply_is_named_by_what_was_looked_for_and_a_mistake_is_said(world: World) -> None:
    ann = world.person()
    async with opened(world, ann) as stage:
        await stage.pilot.press("f1")
        await picking(stage)
        await stage.until_shown("No replies yet.")
        await stage.type("thanks")
        await stage.pilot.press("ctrl+n")
        await stage.until(lambda: isinstance(stage.app.screen, ReplyEditor))
        await stage.type("Thank you, {{nmae}}")
        await stage.pilot.press("ctrl+s")
        await stage.until_shown("{{nmae}} is never filled in")
        await stage.pilot.press("escape")
        await stage.until_shown("Leave without saving?")
        await stage.pilot.press("escape")
        await stage.until(lambda: isinstance(stage.app.screen, ReplyEditor))
        assert stage.app.screen.typed() == "canned reply “thanks”\nThank you, {{nmae}}"  # type: ignore[attr-defined]
        stage.app.screen.query_one(WritingArea).put("Thank you!")
        await stage.pilot.press("ctrl+s")
        await stage.until(lambda: isinstance(stage.app.screen, ReplyPicker))
        assert kept(world) == {"thanks": "Thank you!"}


async def test_removing_asks_and_is_undone(world: World) -> None:
    ann = prepared(world)
    async with opened(world, ann) as stage:
        await picking(stage)
        await stage.type("late")
        await stage.pilot.press("ctrl+x")
        await stage.until(lambda: isinstance(stage.app.screen, Question))
        await stage.pilot.press("n")
        await stage.until(lambda: isinstance(stage.app.screen, ReplyPicker))
        assert "late" in kept(world)
        await stage.pilot.press("ctrl+x")
        await stage.until(lambda: isinstance(stage.app.screen, Question))
        await stage.pilot.press("y")
        await stage.until(lambda: "late" not in kept(world))
        await stage.until(lambda: bool(stage.app.session.undo_stack))
        await stage.pilot.press("escape", "escape", "alt+u")
        await stage.until_shown("Undone: reply “late” removed")
        assert kept(world)["late"] == "Sorry, {{company}}."
