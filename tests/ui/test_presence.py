"""Who else has a person open, and who is writing to them: in the list, on the card, above the composer."""

from collections.abc import Iterator

import pytest

from contacts_tui.domain.change import ChangeKind
from contacts_tui.domain.channel import Channel
from contacts_tui.domain.presence import Presence
from contacts_tui.screens.dialogs import Question
from contacts_tui.services import messaging, presence, queue
from contacts_tui.store import change_feed
from tests.services.world import World
from tests.ui.people_stage import people_opened
from tests.ui.stage import opened


@pytest.fixture
def ann(world: World) -> Iterator[int]:
    """Yield a person who wrote."""
    contact_id = world.person()
    world.hears(world.shop, "Where is my order?")
    yield contact_id


def shows(world: World, contact_id: int, agent: str = "Noor", *, is_writing: bool = False) -> None:
    """Tell the store that another process has this person open."""
    world.store.call(presence.show, Presence(f"the terminal of {agent}", agent, contact_id, is_writing))


def seen(world: World) -> tuple[tuple[str, int, bool], ...]:
    """Return what other processes see of the one under test."""
    found = world.store.call_read(presence.others, "another")
    return tuple((one.agent, one.contact_id, one.is_writing) for one in found)


@pytest.mark.parametrize("size", [(60, 20), (80, 24), (120, 40), (180, 50)])
async def test_the_list_and_the_card_beside_it_say_who_is_there(world: World, ann: int, size: tuple[int, int]) -> None:
    async with people_opened(world, size=size) as stage:
        await stage.until_shown("Ann Lee")
        shows(world, ann)
        await stage.until(lambda: "Noor" in stage.text)
        shows(world, ann, is_writing=True)
        await stage.until(lambda: any("Ann Lee" in line and "Noor, w" in line for line in stage.text.splitlines()))
        if size[0] >= 180:
            await stage.until_shown("here  Noor, writing")
        world.store.call(presence.leave, "the terminal of Noor")
        await stage.until(lambda: "Noor" not in stage.text)


@pytest.mark.parametrize("size", [(60, 20), (80, 24), (120, 40)])
async def test_above_the_place_to_write_stands_who_is_there(world: World, ann: int, size: tuple[int, int]) -> None:
    shows(world, ann)
    async with opened(world, ann, size=size) as stage:
        await stage.until_shown("Noor is looking at Ann Lee.")
        shows(world, ann, is_writing=True)
        shows(world, ann, "Kim")
        await stage.until_shown("Noor is writing to Ann Lee. You are looking at Ann Lee")
        if size[0] >= 120:
            await stage.until_shown("here  Noor, writing; you, elsewhere")
        world.clock.forward(seconds=presence.LASTS.total_seconds())
        await stage.until(lambda: "Noor" not in stage.text)


async def test_others_see_who_opens_writes_pauses_and_leaves(world: World, ann: int) -> None:
    async with opened(world, ann) as stage:
        await stage.until(lambda: seen(world) == (("Kim", ann, False),))
        await stage.until_focused(stage.composer)
        await stage.type("It is")
        await stage.until(lambda: seen(world) == (("Kim", ann, True),))
        # Nothing more is typed: after a while, Kim writes no more.
        await stage.until(lambda: seen(world) == (("Kim", ann, False),))
        await stage.type(" on its way")
        await stage.until(lambda: seen(world) == (("Kim", ann, True),))
        await stage.pilot.press("enter")
        await stage.until(lambda: seen(world) == (("Kim", ann, False),))
        await stage.pilot.press("escape", "escape")
        await stage.until(lambda: seen(world) == ())


async def test_the_end_of_the_program_leaves_nothing_behind(world: World, ann: int) -> None:
    async with opened(world, ann) as stage:
        await stage.until(lambda: seen(world) == (("Kim", ann, False),))
    assert seen(world) == ()


async def test_keys_cost_no_change_in_the_feed(world: World, ann: int) -> None:
    def latest() -> int:
        return world.store.call_read(lambda session, _: change_feed.latest(session))

    async with opened(world, ann) as stage:
        await stage.until_focused(stage.composer)
        await stage.type("I")
        # The beginning of a draft is a change: lists mark it.
        await stage.until(lambda: draft(world, ann) == "I")
        first = latest()
        await stage.type("t is on its way to you")
        await stage.until(lambda: seen(world) == (("Kim", ann, True),))
        await stage.until(lambda: seen(world) == (("Kim", ann, False),))
        # The reading of the thread is a change, too.
        later = world.store.call_read(lambda session, _: change_feed.since(session, first, 100))
        assert {change.kind for change in later} <= {ChangeKind.CONVERSATION}
        assert len(later) <= 1


async def test_taking_over_from_who_is_writing_asks(world: World, ann: int) -> None:
    shows(world, ann, is_writing=True)
    async with opened(world, ann) as stage:
        await stage.until_shown("Noor is writing to Ann Lee.")
        await stage.pilot.press("alt+a")
        await stage.until(lambda: isinstance(stage.app.screen, Question))
        await stage.until_shown("Take over from Noor?")
        await stage.pilot.press("y")
        await stage.until(lambda: owner(world, ann) == "Kim")


async def test_assigning_in_the_list_says_who_is_writing(world: World, ann: int) -> None:
    shows(world, ann, is_writing=True)
    async with people_opened(world) as stage:
        await stage.until(lambda: "Noor, writing" in stage.line_of("Ann Lee"))
        await stage.press("a")
        await stage.until_shown("Noor is writing to Ann Lee.")
        await stage.press("y")
        await stage.until(lambda: owner(world, ann) == "Kim")


def draft(world: World, contact_id: int) -> str:
    identity = world.identity(contact_id, Channel.SMS)
    return world.store.call_read(messaging.draft, identity.id, world.shop.id)


def owner(world: World, contact_id: int) -> str:
    entry = world.store.call_read(queue.entry, contact_id)
    return "" if entry is None else entry.assignee
