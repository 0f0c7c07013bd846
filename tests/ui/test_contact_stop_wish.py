"""Writing to a person who may want no more messages: a mark on the card, and a question once."""

from pathlib import Path

import pytest

from contacts_tui.domain.delivery import Delivery
from contacts_tui.domain.message import Direction
from contacts_tui.screens.dialogs import Decision
from contacts_tui.services import messaging
from contacts_tui.services.workers import outbox
from contacts_tui.store import messages
from tests.services.world import World
from tests.ui.stage import Stage, opened


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)


def outbound(stage: Stage, contact_id: int) -> list[str]:
    """Return the texts of what was stored to be sent."""
    return [m.body for m in stage.world.thread(contact_id) if m.direction is Direction.OUT]


async def asked(stage: Stage) -> None:
    """Wait for the question."""
    await stage.until(lambda: isinstance(stage.app.screen, Decision))


async def test_the_card_marks_it_and_the_send_asks_once(world: World) -> None:
    ann = world.person()
    world.hears(world.whatsapp, "Stop please")
    async with opened(world, ann, size=(120, 40)) as stage:
        await stage.until_focused(stage.composer)
        await stage.until_shown("may want you to stop")
        await stage.type("Only one more")
        await stage.pilot.press("enter")
        await asked(stage)
        await stage.until_shown("Stop please")
        await stage.pilot.press("escape")
        await stage.until_focused(stage.composer)
        assert (outbound(stage, ann), stage.composer.text) == ([], "Only one more")
        await stage.pilot.press("enter")
        await asked(stage)
        await stage.pilot.press("down", "enter")
        await stage.until_shown("queued")
        assert outbound(stage, ann) == ["Only one more"]
        await stage.until(lambda: "may want you to stop" not in stage.text)
        await stage.until_focused(stage.composer)
        await stage.type("And another")
        await stage.pilot.press("enter")
        await stage.until(lambda: outbound(stage, ann) == ["Only one more", "And another"])


async def test_trying_again_asks_too(world: World) -> None:
    ann = world.person()
    world.hears(world.whatsapp, "Hello")
    message = world.send(ann, world.whatsapp, "hello")
    world.store.call(lambda s, c: messages.set_status(s, c, message.id, Delivery.FAILED, code="63018"))
    world.hears(world.whatsapp, "please stop")
    async with opened(world, ann) as stage:
        await stage.until_focused(stage.composer)
        await stage.pilot.press("escape")
        await stage.until_focused(stage.thread)
        await stage.pilot.press("up", "r")
        await asked(stage)
        await stage.pilot.press("down", "enter")
        await stage.until(lambda: stage.world.message(message.id).status is Delivery.QUEUED)
    assert world.store.call_read(messaging.draft, 1, world.whatsapp.id) == ""


async def test_a_message_that_waited_is_held_back_and_released_by_the_agent(world: World) -> None:
    ann = world.person()
    world.hears(world.whatsapp, "Hello")
    message = world.send(ann, world.whatsapp, "Our news")
    world.hears(world.whatsapp, "please stop")
    assert world.store.call(outbox.take, "tests", 16) == ()
    async with opened(world, ann, size=(120, 40)) as stage:
        await stage.until_focused(stage.composer)
        await stage.until_shown("it was held back")
        await stage.pilot.press("escape")
        await stage.until_focused(stage.thread)
        await stage.pilot.press("up", "r")
        await asked(stage)
        await stage.until_shown("please stop")
        await stage.pilot.press("down", "enter")
        await stage.until(lambda: stage.world.message(message.id).status is Delivery.QUEUED)
    assert [job.message_id for job in world.store.call(outbox.take, "tests", 16)] == [message.id]
