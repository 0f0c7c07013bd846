"""The key of a command that can't be used now says why, in one sentence."""

from contacts_tui.commands import BY_ID
from contacts_tui.commands.refusals import REFUSALS, refusal
from tests.services.world import World
from tests.ui.people_stage import people_opened
from tests.ui.stage import opened
from tests.ui.town import Town


def test_what_is_said_names_keys_as_they_are_now() -> None:
    assert set(REFUSALS) <= set(BY_ID)
    assert refusal("people.back") == "This is the first view: q quits the program."
    assert all("{" not in refusal(each) for each in BY_ID)


async def test_in_the_list_each_key_that_does_nothing_says_why(town: Town) -> None:
    async with people_opened(town) as stage:
        for key, words in (
            ("X", "Only a view that was saved can be removed"),
            ("u", "There is nothing to undo."),
            ("full_stop", "There is nothing to repeat yet"),
            ("escape", "This is the first view"),
            ("p", "“All people” is what is listed."),
            ("alt+g", "Nobody wrote while you were elsewhere."),
        ):
            await stage.press(key)
            await stage.until_shown(words)
        await stage.press("1", "2")
        await stage.until_shown("12: now a key that moves")
        await stage.press("j")
        await stage.until(lambda: "now a key that moves" not in stage.text)


async def test_where_nobody_is_listed_a_key_says_so(nobody: World) -> None:
    async with people_opened(nobody) as stage:
        await stage.press("z")
        await stage.until_shown("Nobody is listed here.")


async def test_in_a_thread_a_key_says_what_the_message_lacks(world: World) -> None:
    contact_id = world.person()
    world.hears(world.shop, "Is it here yet?")
    async with opened(world, contact_id) as stage:
        await stage.pilot.press("escape")
        for key, words in (
            ("x", "may or may not have been sent"),
            ("l", "This message has no link."),
            ("s", "This message has no file."),
        ):
            await stage.pilot.press(key)
            await stage.until_shown(words)


async def test_enter_where_nothing_is_listed_yet_says_to_type(world: World) -> None:
    async with opened(world, world.person()) as stage:
        await stage.until(lambda: stage.app.focused is not None)
        await stage.pilot.press("ctrl+f")
        await stage.until_shown("The newest are found first.")
        await stage.pilot.press("enter")
        await stage.until_shown("Nothing is listed: type first.")


async def test_in_a_dialog_a_key_that_begins_a_time_is_typed(world: World) -> None:
    contact_id = world.person()
    world.hears(world.shop, "Is it here yet?")
    async with opened(world, contact_id) as stage:
        await stage.pilot.press("escape", "z")
        await stage.until_shown("Another time:")
        await stage.pilot.press("b")
        await stage.until_shown("“b” isn't a time")
