"""Messages from people who aren't open: told in one line, gone once they are read, and only by the rules."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from contacts_tui.app import ContactsApp
from contacts_tui.domain.notification_rules import rules
from contacts_tui.screens.notices import Notices
from contacts_tui.screens.session import AgentSession
from contacts_tui.services import messaging, queue
from contacts_tui.services.queue import Action, Kind
from contacts_tui.store import contacts, conversations
from contacts_tui.widgets.arrival_line import ArrivalLine
from tests.services.world import World
from tests.ui.people_stage import PeopleStage
from tests.ui.stage import in_utc, until

BEN, EVE = "+12025550177", "+12025550178"


@asynccontextmanager
async def watching(world: World, whose: str = "mine unassigned") -> AsyncIterator[PeopleStage]:
    notices = Notices(rules=lambda: rules("bell title", whose, ""))
    app = ContactsApp(AgentSession(world.location, "Kim", world.clock), notices=notices)
    with in_utc():
        async with app.run_test(size=(100, 30), notifications=True) as pilot:
            await until(pilot, lambda: app.session.is_open)
            stage = PeopleStage(world, app, pilot)
            await stage.until_shown("Ann Lee")
            yield stage


def told(stage: PeopleStage) -> str:
    return next((line.text for line in stage.app.screen.query(ArrivalLine)), "")


async def test_a_burst_is_one_line_with_its_count(world: World) -> None:
    world.person()
    async with watching(world) as stage:
        for place in range(30):
            world.hears(world.whatsapp, f"Question {place}", f"+1202555{2000 + place}")
        await stage.until(lambda: "Question 29" in told(stage))
        assert len(stage.app.screen.query(ArrivalLine)) == 1


async def test_the_line_goes_when_somebody_else_has_read_it(world: World) -> None:
    world.person()
    async with watching(world) as stage:
        world.hears(world.whatsapp, "Hello?")
        await stage.until(lambda: told(stage).startswith("Ann Lee: Hello? · alt+g opens it"))
        assert stage.text.splitlines()[0].strip() == told(stage), "no rest of the heading is left beside it"
        (conversation,) = world.store.call_read(
            lambda session, _: conversations.of_contact(session, world.owner(world.whatsapp))
        )
        world.store.call(messaging.mark_read, conversation.id)
        await stage.until(lambda: told(stage) == "")


async def test_nobody_is_told_of_those_of_others_and_of_those_who_are_blocked(world: World) -> None:
    ann, eve = world.person(), world.person("Eve Poe", EVE)
    world.person("Ben Roe", BEN)
    world.store.call(queue.apply, "Kim", [ann], Action(Kind.ASSIGN, "Noor"))
    world.store.call(contacts.block, eve, world.clock())
    async with watching(world) as stage:
        world.hears(world.whatsapp, "For Noor")
        world.hears(world.whatsapp, "From somebody blocked", EVE)
        world.hears(world.whatsapp, "For anybody", BEN)
        await stage.until(lambda: "Ben Roe: For anybody" in told(stage))
        assert "more" not in told(stage)


async def test_what_comes_in_while_the_program_ends_is_shown_on_no_screen(world: World) -> None:
    world.person()
    async with watching(world) as stage:
        world.hears(world.whatsapp, "Hello?")
        await stage.until(lambda: told(stage).startswith("Ann Lee"))
        arrivals = stage.app._arrivals
        last = arrivals.latest
        assert last is not None
    arrivals._show([last])
    assert not arrivals._is_seen(last.contact_id)
