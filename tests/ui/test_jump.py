"""Jump mode: letters on what is in sight, and what typing them does."""

import pytest
from textual.pilot import Pilot
from textual.widgets import Input

from contacts_tui.domain.view import BUILT_IN
from contacts_tui.screens.contact.contact_screen import ContactScreen
from contacts_tui.screens.dialogs import Question
from contacts_tui.screens.help import HelpScreen
from contacts_tui.screens.jump import JumpScreen
from contacts_tui.widgets.jump import labels
from contacts_tui.widgets.plain_text import Plain
from tests.services.world import World
from tests.ui.people_stage import people_opened
from tests.ui.stage import opened, screen_text, until

BEN = "+12025550143"


@pytest.mark.parametrize("count", [1, 26, 27, 51, 52, 300])
def test_no_label_begins_another_one(count: int) -> None:
    found = labels(count)
    assert len(found) == len(set(found)) == count
    assert not [one for one in found for other in found if one != other and other.startswith(one)]
    assert max(map(len, found)) == (1 if count <= 26 else 2)


async def letters_on(pilot: Pilot[None], key: str, words: str) -> str:
    """Enter jump mode, and return the label on these words, or the next one on their left."""
    lines = screen_text(pilot).splitlines()
    row = next(row for row, line in enumerate(lines) if words in line)
    column = lines[row].index(words)
    await pilot.press(key)
    await until(pilot, lambda: isinstance(pilot.app.screen, JumpScreen) and bool(pilot.app.screen.query(".label")))
    await pilot.pause()
    found = {
        label.region.x: label.text for label in pilot.app.screen.query(".label").results(Plain) if label.region.y == row
    }
    return found[max(x for x in found if x <= column)]


async def test_letters_go_to_views_and_open_people_and_esc_goes_nowhere(world: World) -> None:
    ann = world.person("Ann Lee")
    world.person("Ben Baker", BEN)
    world.hears(world.shop, "Hello", BEN)
    world.clock.forward(minutes=1)
    world.hears(world.shop, "Where is my parcel?")
    async with people_opened(world) as stage:
        label = await letters_on(stage.pilot, "apostrophe", "w Waiting")
        await stage.press(*label)
        await stage.until(lambda: stage.heading.split()[0] == BUILT_IN[0].name)
        await stage.press("apostrophe", "escape")
        await stage.until(lambda: stage.app.screen is stage.screen)
        label = await letters_on(stage.pilot, "apostrophe", "Ann Lee")
        # Another person comes to the top meanwhile: the label still opens the person it was put on.
        world.clock.forward(minutes=1)
        world.hears(world.shop, "Hello?", BEN)
        await stage.press(*label)
        await stage.until(lambda: isinstance(stage.app.screen, ContactScreen))
        assert isinstance(stage.app.screen, ContactScreen)
        assert stage.app.screen._contact_id == ann


async def test_on_a_contact_letters_choose_a_channel_a_message_and_a_field_while_one_types(world: World) -> None:
    ann = world.person("Ann Lee")
    world.hears(world.shop, "See https://shop.example/blue please")
    world.hears(world.whatsapp, "Or here")
    async with opened(world, ann, size=(120, 40)) as stage:
        await stage.until_focused(stage.composer)
        await stage.type("half a")
        label = await letters_on(stage.pilot, "alt+j", "1 SMS")
        await stage.pilot.press(*label)
        await stage.until_shown("See https://shop.example/blue")
        await letters_on(stage.pilot, "alt+j", "https://shop")
        await stage.pilot.press("escape")
        await stage.until(lambda: stage.app.screen is stage.screen)
        label = await letters_on(stage.pilot, "alt+j", "Ann Lee · ")
        await stage.pilot.press(*label)
        await stage.until_focused(stage.thread)
        assert stage.thread.selected is not None
        assert stage.thread.selected.message.body.startswith("See")


async def test_over_a_dialog_letters_go_to_a_choice_and_a_field_and_the_help_begins_with_its_keys(world: World) -> None:
    ann = world.person("Ann Lee")
    world.template()
    world.hears(world.whatsapp, "Hello")
    async with opened(world, ann, size=(120, 40)) as stage:
        await stage.until_focused(stage.composer)
        await stage.pilot.press("escape", "z")
        await stage.until_shown("Snooze Ann Lee")
        label = await letters_on(stage.pilot, "apostrophe", "Monday")
        await stage.pilot.press(*label)
        await stage.until_shown("▸ m")
        await stage.pilot.press("question_mark")
        await stage.until(lambda: isinstance(stage.app.screen, HelpScreen))
        assert [line.strip() for line in stage.text.splitlines() if line.strip() in ("Snoozing", "A contact")] == [
            "Snoozing"
        ]
        await stage.pilot.press("escape", "escape", "t")
        await stage.until_shown("1 value to fill in")
        label = await letters_on(stage.pilot, "alt+j", "such as 4711")
        await stage.pilot.press(*label)
        await stage.until(lambda: isinstance(stage.app.focused, Input) and not stage.app.focused.value)
        await stage.type("?'")
        await stage.until_shown("order ?' is ready")


async def test_where_nothing_can_be_jumped_to_that_is_said(world: World) -> None:
    async with people_opened(world) as stage:
        stage.app.push_screen(Question("Leave?", "Nothing is lost."))
        await stage.until_shown("Leave?")
        await stage.press("apostrophe")
        await stage.until_shown("Nothing here can be jumped to")
