"""The queue on a contact's screen: done by a key, said in words, undone, and on to the next person."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

from contacts_tui.domain.message import Direction
from contacts_tui.domain.snooze import Wake
from contacts_tui.domain.urgency import QueueEntry, State
from contacts_tui.domain.view import View
from contacts_tui.screens.base import progress_told
from contacts_tui.screens.contact.contact_screen import ContactScreen
from contacts_tui.screens.dialogs import Decision, Question
from contacts_tui.screens.people.people_screen import PeopleScreen
from contacts_tui.screens.queue.snooze_dialog import SnoozeDialog
from contacts_tui.services import agents, queue
from contacts_tui.services.agents import AgentForm
from contacts_tui.services.queue import Action, Kind
from tests.services.world import World
from tests.ui.stage import Stage, opened

NAMES = ("Ann Lee", "Ben Roe", "Cleo Diaz")


def waiting(world: World, *names: str) -> dict[str, int]:
    """Add people who wrote, ten minutes apart, the most urgent one first; return their ids by name."""
    found = {}
    for place, name in enumerate(names or NAMES):
        number = f"+1202555{place:04d}"
        found[name] = world.person(name, number)
        world.hears(world.whatsapp, f"Hello, this is {name}", number)
        world.clock.forward(minutes=10)
    return found


def entry(world: World, contact_id: int) -> QueueEntry:
    found = world.store.call_read(queue.entry, contact_id)
    assert found is not None
    return found


def name_of(stage: Stage) -> str:
    screen = stage.app.screen
    return screen._person if isinstance(screen, ContactScreen) else ""


@asynccontextmanager
async def at(world: World, contact_id: int) -> AsyncIterator[Stage]:
    """Yield the contact's screen with the focus in the composer."""
    async with opened(world, contact_id) as stage:
        await ready(stage, stage.screen._person or "")
        yield stage


async def ready(stage: Stage, name: str) -> None:
    """Wait until a person's screen is shown with the focus in the composer, and make it the stage's screen."""

    def is_there() -> bool:
        screen = stage.app.screen
        return isinstance(screen, ContactScreen) and screen._person.startswith(name) and screen._composition.has_focus

    await stage.until(is_there)
    assert isinstance(stage.app.screen, ContactScreen)
    stage.screen = stage.app.screen


async def dialog(stage: Stage, kind: type) -> None:
    await stage.until(lambda: isinstance(stage.app.screen, kind))


async def test_one_key_sends_and_is_at_the_next_most_urgent_with_the_composer_ready(world: World) -> None:
    people = waiting(world)
    async with at(world, people["Ann Lee"]) as stage:
        await stage.type("Hi")
        await stage.pilot.press("ctrl+s")
        await ready(stage, "Ben Roe")
        assert "Sent to Ann Lee." in stage.text
        sent = [m.body for m in world.thread(people["Ann Lee"]) if m.direction is Direction.OUT]
        assert sent == ["Hi"]
        assert entry(world, people["Ann Lee"]).waiting_since is None
        await stage.type("Yes")
        await stage.pilot.press("ctrl+s")
        await ready(stage, "Cleo Diaz")


async def test_a_refused_text_stays_and_nobody_else_comes(world: World) -> None:
    people = waiting(world)
    async with at(world, people["Ann Lee"]) as stage:
        stage.composer.load_text("x" * 1601)
        await stage.pilot.press("ctrl+s")
        await stage.until_shown("Not sent: 1 character too many")
        assert name_of(stage) == "Ann Lee"
        assert stage.composer.text == "x" * 1601


async def test_closing_without_an_answer_asks_says_so_and_is_undone_by_a_key(world: World) -> None:
    people = waiting(world)
    async with at(world, people["Ann Lee"]) as stage:
        await stage.pilot.press("escape", "e")
        await dialog(stage, Question)
        await stage.until_shown("Ann Lee has waited 30 m for an answer.")
        await stage.pilot.press("n")
        await stage.until(lambda: name_of(stage) == "Ann Lee")
        assert entry(world, people["Ann Lee"]).state is State.OPEN
        await stage.pilot.press("e")
        await dialog(stage, Question)
        await stage.pilot.press("y")
        await ready(stage, "Ben Roe")
        await stage.until_shown("Ann Lee closed. alt+u undoes it.")
        assert entry(world, people["Ann Lee"]).state is State.CLOSED
        await stage.pilot.press("alt+u")
        await stage.until_shown("Undone: Ann Lee closed.")
        assert entry(world, people["Ann Lee"]).state is State.OPEN
        await stage.pilot.press("alt+p")
        await ready(stage, "Ann Lee")


async def test_an_answered_person_is_closed_at_once(world: World) -> None:
    people = waiting(world)
    world.send(people["Ann Lee"], world.whatsapp, "Here you are")
    async with at(world, people["Ann Lee"]) as stage:
        await stage.pilot.press("alt+e")
        await ready(stage, "Ben Roe")
        assert entry(world, people["Ann Lee"]).state is State.CLOSED


async def test_two_keys_snooze_and_go_on_also_while_a_text_is_typed(world: World) -> None:
    people = waiting(world)
    async with at(world, people["Ann Lee"]) as stage:
        await stage.type("half a th")
        await stage.pilot.press("alt+z")
        await dialog(stage, SnoozeDialog)
        await stage.pilot.press("w")
        await ready(stage, "Ben Roe")
        await stage.until_shown("Ann Lee snoozed until they write. alt+u undoes it.")
        found = entry(world, people["Ann Lee"])
        assert (found.state, found.wake) == (State.SNOOZED, Wake.REPLY)
        assert stage.composer.text == ""
        await stage.pilot.press("alt+p")
        await ready(stage, "Ann Lee")
        assert stage.composer.text == "half a th", "the draft is kept, and no letter of a command is in it"
        await stage.until_shown("snoozed until they write")


async def test_the_last_action_is_repeated_on_the_next_person(world: World) -> None:
    people = waiting(world)
    async with at(world, people["Ann Lee"]) as stage:
        await stage.pilot.press("alt+z")
        await dialog(stage, SnoozeDialog)
        await stage.pilot.press("b")
        await ready(stage, "Ben Roe")
        await stage.pilot.press("escape", "full_stop")
        await ready(stage, "Cleo Diaz")
        ann, ben = (entry(world, people[name]).wake_at for name in NAMES[:2])
        assert ann is not None
        assert ben is not None
        assert ben - ann == timedelta(minutes=10), "each until an hour before their own window closes"


async def test_assigning_to_me_stays_and_taking_over_asks(world: World) -> None:
    people = waiting(world)
    world.store.call(queue.apply, "Noor", [people["Ann Lee"]], Action(Kind.ASSIGN, "Noor"))
    async with at(world, people["Ann Lee"]) as stage:
        await stage.until_shown("Noor")
        await stage.pilot.press("alt+a")
        await dialog(stage, Question)
        await stage.until_shown("Take over from Noor?")
        await stage.pilot.press("y")
        await stage.until_shown("Ann Lee assigned to Kim. alt+u undoes it.")
        assert name_of(stage) == "Ann Lee"
        assert entry(world, people["Ann Lee"]).assignee == "Kim"
        await stage.until_shown("yours")
        await stage.pilot.press("alt+u")
        await stage.until_shown("Undone: Ann Lee assigned to Kim.")
        assert entry(world, people["Ann Lee"]).assignee == "Noor"


async def test_three_keys_assign_to_an_agent_and_go_on(world: World) -> None:
    people = waiting(world)
    world.store.call(agents.add, "Kim", AgentForm("Sam"))
    async with at(world, people["Ann Lee"]) as stage:
        await stage.pilot.press("alt+shift+a", "s", "enter")
        await ready(stage, "Ben Roe")
        await stage.until_shown("Ann Lee assigned to Sam. alt+u undoes it.")
        assert entry(world, people["Ann Lee"]).assignee == "Sam"


async def test_next_passes_a_person_and_the_end_tells_what_was_done_and_the_way_back(world: World) -> None:
    people = waiting(world)
    async with at(world, people["Ann Lee"]) as stage:
        await stage.type("Hi")
        await stage.pilot.press("ctrl+s")
        await ready(stage, "Ben Roe")
        await stage.pilot.press("alt+n")
        await ready(stage, "Cleo Diaz")
        await stage.pilot.press("alt+z")
        await dialog(stage, SnoozeDialog)
        await stage.pilot.press("h")
        await dialog(stage, Decision)
        await stage.until_shown("Waiting: that was the last one")
        assert "1 answered, 0 closed, 1 snoozed; median wait 30 m, longest 30 m." in stage.text
        assert "1 person is still in it: you passed them." in stage.text
        await stage.pilot.press("down", "down", "enter")
        await ready(stage, "Ben Roe")
        await stage.pilot.press("alt+n")
        await dialog(stage, Decision)
        await stage.pilot.press("enter")
        await stage.until(lambda: isinstance(stage.app.screen, PeopleScreen))


async def test_who_writes_after_they_were_passed_comes_again(world: World) -> None:
    people = waiting(world, "Ann Lee", "Ben Roe")
    async with at(world, people["Ann Lee"]) as stage:
        await stage.type("Hi")
        await stage.pilot.press("ctrl+s")
        await ready(stage, "Ben Roe")
        world.clock.forward(minutes=1)
        world.hears(world.whatsapp, "One more thing", "+12025550000")
        await stage.pilot.press("alt+n")
        await ready(stage, "Ann Lee")


async def test_the_view_of_the_list_is_gone_through_and_the_most_urgent_is_one_key_away(world: World) -> None:
    people = waiting(world)
    async with at(world, people["Cleo Diaz"]) as stage:
        stage.app.session.walk.begin(View("By name", "order:name"))
        await stage.pilot.press("alt+n")
        await ready(stage, "Ann Lee")
        await stage.pilot.press("alt+n")
        await ready(stage, "Ben Roe")
        await stage.pilot.press("ctrl+t")
        await ready(stage, "Ann Lee")
        await stage.pilot.press("ctrl+t")
        await stage.until_shown("Ann Lee is the most urgent.")
        await stage.pilot.press("alt+p")
        await ready(stage, "Ben Roe")


async def test_the_card_tells_who_waits_until_when_and_who_is_late(world: World) -> None:
    people = waiting(world)
    async with opened(world, people["Ann Lee"], size=(120, 30)) as stage:
        await stage.until_shown("queue  waiting 30 m, due in 30 m")
        world.clock.forward(hours=2)
        stage.screen._throttle.ask()
        await stage.until_shown("waiting 2 h 30 m, 1 h 30 m late")
        world.store.call(queue.apply, "Kim", [people["Ann Lee"]], Action(Kind.CLOSE))
        await stage.until_shown("queue  waiting 2 h 30 m")


async def test_how_far_an_undo_of_many_has_come_is_told_wherever_the_agent_is(world: World) -> None:
    async with opened(world, world.person("Ann Lee")) as stage:
        tell = progress_told(stage.app)
        tell("Undoing: 200 people done")
        await stage.until_shown("Undoing: 200 people done")
        await stage.pilot.press("escape", "escape")
        await stage.until(lambda: isinstance(stage.app.screen, PeopleScreen))
        tell("Undoing: 400 people done")
        await stage.until_shown("Undoing: 400 people done")
        tell("")
        await stage.until(lambda: "Undoing" not in stage.text)
