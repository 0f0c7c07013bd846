"""A message that was just sent is taken back by the key that undoes, here or with the next person open."""

from datetime import timedelta

from contacts_tui.domain.message import Direction
from tests.services.world import World
from tests.ui.stage import Stage
from tests.ui.test_contact_queue import at, ready, waiting

HOLD = timedelta(seconds=5)


def sent(world: World, contact_id: int) -> list[str]:
    return [message.body for message in world.thread(contact_id) if message.direction is Direction.OUT]


async def send(stage: Stage, text: str, key: str) -> None:
    stage.app.session.hold = HOLD
    await stage.type(text)
    await stage.pilot.press(key)


async def test_the_text_comes_back_into_the_composer_before_what_is_typed_since(world: World) -> None:
    people = waiting(world)
    async with at(world, people["Ann Lee"]) as stage:
        await send(stage, "To the wrong one", "enter")
        await stage.until_shown("alt+u undoes it within 5 s.")
        assert sent(world, people["Ann Lee"]) == ["To the wrong one"]
        await stage.type("and")
        await stage.pilot.press("alt+u")
        await stage.until_shown("Undone: nothing was sent to Ann Lee.")
        await stage.until(lambda: stage.composer.text == "To the wrong one\n\nand")
        await stage.until(lambda: "queued" not in stage.text)
        assert sent(world, people["Ann Lee"]) == []


async def test_it_is_taken_back_from_the_next_persons_screen_too(world: World) -> None:
    people = waiting(world)
    async with at(world, people["Ann Lee"]) as stage:
        await send(stage, "Hi", "ctrl+s")
        await ready(stage, "Ben Roe")
        await stage.until_shown("Sent to Ann Lee. alt+u undoes it within 5 s.")
        await stage.pilot.press("alt+u")
        await stage.until_shown("Undone: nothing was sent to Ann Lee.")
        assert stage.app.session.tally.words.startswith("0 answered")
        assert stage.composer.text == ""
        await stage.pilot.press("alt+p")
        await ready(stage, "Ann Lee")
        assert stage.composer.text == "Hi"
        assert sent(world, people["Ann Lee"]) == []


async def test_without_a_hold_nothing_is_offered(world: World) -> None:
    people = waiting(world)
    async with at(world, people["Ann Lee"]) as stage:
        await stage.type("Hi")
        await stage.pilot.press("enter")
        await stage.until_shown("queued")
        assert "undoes it" not in stage.text
