"""The second agent of the demo for a team: works through the services, seen by the others, never in their way."""

import asyncio
import time
from collections.abc import Callable

import pytest

from contacts_tui.cli.demo_script import beside
from contacts_tui.demo.pauses import Span
from contacts_tui.demo.second_agent import BETWEEN, WORD, SecondAgent, Visit, visits
from contacts_tui.domain.urgency import State
from contacts_tui.paths import shipped_data
from contacts_tui.screens.session import AgentSession
from contacts_tui.services import messaging, presence, queue
from tests.patience import LIMIT
from tests.services.world import World

BEN = "+12025550143"


async def until(holds: Callable[[], bool]) -> None:
    """Wait for a condition, with a deadline."""
    deadline = time.monotonic() + LIMIT
    while not holds():
        assert time.monotonic() < deadline
        await asyncio.sleep(0.01)


@pytest.mark.engine("sqlite")
async def test_the_limit_that_was_waited_for_is_told(world: World) -> None:
    with pytest.raises(TimeoutError, match=r"nothing more arrived within 0\.01 s"):
        await beside(world.store, "Noor", "Kim", limit=0.01)


@pytest.mark.engine("sqlite")
async def test_who_waits_is_answered_before_everybodys_eyes_and_who_was_answered_meanwhile_is_not(
    world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    ann, ben = world.person(), world.person("Ben Baker", BEN)
    for number in ("+12025550142", BEN):
        world.hears(world.shop, "Is it there?", number)
    ends = {contact: (world.identity(contact, world.shop.channel).id, world.shop.id) for contact in (ann, ben)}
    session = AgentSession(world.location, "Noor", world.clock)
    await session.open()
    telling = asyncio.create_task(beside(world.store, "Noor", "Kim"))
    rounds = words = 0

    def is_seen(contact_id: int) -> bool:
        others = world.store.call_read(presence.others, "kim's")
        return [(one.agent, one.contact_id, one.is_writing) for one in others] == [("Noor", contact_id, True)]

    async def pause(span: Span) -> None:
        """Check at the first word what others see, answer Ben at the third, stay in round four; else return at once."""
        nonlocal rounds, words
        rounds += span is BETWEEN
        words += span is WORD
        if span is WORD and words == 1:
            await until(lambda: is_seen(ann))
            await until(lambda: "Noor is writing to Ann Lee." in capsys.readouterr().out)
            assert world.store.call_read(messaging.draft, *ends[ann]) == "It "
        elif span is WORD and words == 3:
            await until(lambda: is_seen(ben))
            world.send(ben, world.shop, "Kim was quicker")
        elif rounds == 4:
            await asyncio.Event().wait()

    told = (Visit("Ann Lee", "Shop", ("It is.",)), Visit("Ben Baker", "Shop", ("It is.",)), Visit("Zoë", "Shop", ("",)))
    working = asyncio.create_task(SecondAgent(session, pause).work(told))
    try:
        await until(lambda: rounds == 4 or working.done())
        async with asyncio.timeout(LIMIT):
            await telling
    finally:
        working.cancel()
        await asyncio.wait({working, telling})
        session.close()
    assert [(message.author, message.body) for message in world.thread(ann)] == [
        ("", "Is it there?"),
        ("Noor", "It is."),
    ]
    assert [message.body for message in world.thread(ben)] == ["Is it there?", "Kim was quicker"]
    assert world.store.call_read(messaging.draft, *ends[ben]) == ""
    entry = world.store.call_read(queue.entry, ann)
    assert entry is not None and entry.state is State.CLOSED
    assert world.store.call_read(presence.others, "kim's") == ()
    assert "Noor (SMS, Shop)\n      It is." in capsys.readouterr().out


def test_the_script_names_people_and_inboxes_of_the_demo_and_leaves_the_newcomers_path_alone() -> None:
    names = [visit.name for visit in visits(shipped_data())]
    assert len(set(names)) == len(names)
    assert not {"Leila Ben Amor", "Camille Lefèvre", "Farid Haddad", "Eero Virtanen", "Wanjiru K."} & set(names)
