"""Sending after another agent has answered: a question first, which shows their answer."""

import pytest

from contacts_tui.domain.channel import Channel
from contacts_tui.domain.message import Direction, NewMessage
from contacts_tui.screens.dialogs import Decision
from contacts_tui.services import messaging
from contacts_tui.store import drafts
from tests.services.world import World
from tests.ui.stage import Stage, opened
from tests.ui.test_contact_files import attach, file


@pytest.fixture
def ann(world: World) -> int:
    """Return a person who wrote by SMS."""
    contact_id = world.person()
    world.hears(world.shop, "Where is my order?")
    return contact_id


def answers(world: World, contact_id: int, text: str, author: str = "Noor", channel: Channel = Channel.SMS) -> None:
    """Send a message from another process."""
    identity = world.identity(contact_id, channel)
    inbox = world.shop if channel is Channel.SMS else world.whatsapp
    new = NewMessage(messaging.new_uid(), text, author=author)
    world.store.call(messaging.send, identity.id, inbox.id, new)


def sent(world: World, contact_id: int) -> list[str]:
    return [message.body for message in world.thread(contact_id) if message.direction is Direction.OUT]


def draft(world: World, contact_id: int) -> str:
    identity = world.identity(contact_id, Channel.SMS)
    return world.store.call_read(lambda session, _: drafts.get(session, identity.id, world.shop.id))


async def begun(stage: Stage, contact_id: int, text: str = "It is") -> None:
    """Type the beginning of a text, and wait until it is kept as a draft."""
    await stage.until_focused(stage.composer)
    await stage.type(text)
    await stage.until(lambda: draft(stage.world, contact_id) == text)


async def asked(stage: Stage) -> None:
    await stage.until(lambda: isinstance(stage.app.screen, Decision))


@pytest.mark.parametrize("key", ["enter", "ctrl+s"])
async def test_it_asks_shows_the_answer_and_sends_once_the_agent_says_so(world: World, ann: int, key: str) -> None:
    async with opened(world, ann) as stage:
        await begun(stage, ann)
        answers(world, ann, "Tomorrow, says Noor")
        await stage.pilot.press(key)
        await asked(stage)
        await stage.until_shown("Noor answered since you began to write.")
        await stage.until_shown("Noor, just now, by SMS:")
        await stage.until_shown("Tomorrow, says Noor")
        assert sent(world, ann) == ["Tomorrow, says Noor"]
        await stage.pilot.press("down", "enter")
        await stage.until(lambda: sent(world, ann) == ["Tomorrow, says Noor", "It is"])


async def test_without_an_answer_since_nothing_is_asked(world: World, ann: int) -> None:
    answers(world, ann, "An old answer")
    async with opened(world, ann) as stage:
        await begun(stage, ann)
        await stage.pilot.press("enter")
        await stage.until(lambda: sent(world, ann) == ["An old answer", "It is"])
        # This process knows what it sent itself.
        await begun(stage, ann, "And more")
        await stage.pilot.press("enter")
        await stage.until(lambda: sent(world, ann) == ["An old answer", "It is", "And more"])


async def test_the_text_is_kept_as_a_draft_or_discarded(world: World, ann: int) -> None:
    async with opened(world, ann) as stage:
        await begun(stage, ann)
        answers(world, ann, "Tomorrow")
        await stage.pilot.press("enter")
        await asked(stage)
        await stage.pilot.press("enter")
        await stage.until_shown("Not sent: your text is kept.")
        assert (stage.composer.text, draft(world, ann)) == ("It is", "It is")
        await stage.until_focused(stage.composer)
        await stage.pilot.press("enter")
        await asked(stage)
        await stage.pilot.press("down", "down", "enter")
        await stage.until_shown("Not sent: the text is discarded.")
        await stage.until(lambda: (stage.composer.text, draft(world, ann)) == ("", ""))
        await begun(stage, ann, "Anything else?")
        await stage.pilot.press("enter")
        await stage.until(lambda: sent(world, ann) == ["Tomorrow", "Anything else?"])


async def test_after_a_restart_the_draft_still_knows_when_it_was_begun(world: World, ann: int) -> None:
    world.hears(world.whatsapp, "Hello?")
    world.clock.forward(minutes=1)
    world.hears(world.shop, "Hello??")
    async with opened(world, ann) as stage:
        await begun(stage, ann)
    answers(world, ann, "Tomorrow", channel=Channel.WHATSAPP)
    async with opened(world, ann) as stage:
        await stage.until_focused(stage.composer)
        await stage.pilot.press("f1")
        await stage.until(lambda: stage.composer.text == "It is")
        await stage.pilot.press("enter")
        await asked(stage)
        await stage.until_shown("Tomorrow")
    assert sent(world, ann) == ["Tomorrow"]


async def test_ones_own_answer_from_another_terminal_is_asked_about(world: World, ann: int) -> None:
    async with opened(world, ann) as stage:
        await begun(stage, ann)
        answers(world, ann, "Tomorrow", "Kim")
        await stage.pilot.press("enter")
        await asked(stage)
        await stage.until_shown("You, in another terminal, just now, by SMS:")


async def test_a_file_alone_is_asked_about_too(world: World) -> None:
    ann = world.person()
    world.hears(world.whatsapp, "Hello")
    async with opened(world, ann) as stage:
        await attach(stage, file(world))
        answers(world, ann, "Tomorrow")
        await stage.until_focused(stage.composer)
        await stage.pilot.press("enter")
        await asked(stage)
        await stage.until_shown("Tomorrow")
    assert sent(world, ann) == ["Tomorrow"]


async def test_a_template_that_was_looked_for_before_an_answer_is_asked_about(world: World) -> None:
    world.template("We are open again.")
    ann = world.person()
    world.hears(world.whatsapp, "Hello")
    world.clock.forward(hours=30)
    async with opened(world, ann) as stage:
        await stage.until_focused(stage.notice)
        await stage.pilot.press("enter")
        await stage.until_shown("We are open again.")
        answers(world, ann, "By SMS: tomorrow")
        await stage.pilot.press("enter")
        await asked(stage)
        await stage.until_shown("By SMS: tomorrow")
        await stage.pilot.press("enter")
        await stage.until_shown("Not sent.")
    assert sent(world, ann) == ["By SMS: tomorrow"]
