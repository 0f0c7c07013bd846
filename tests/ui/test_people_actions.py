"""Actions on people in the list: on one, or many at once, and undone."""

from pathlib import Path

from contacts_tui.domain.channel import Channel
from contacts_tui.domain.person_filter import ME
from contacts_tui.domain.snooze import Wake
from contacts_tui.domain.urgency import State
from contacts_tui.domain.view import View
from contacts_tui.screens.dialogs import Question
from contacts_tui.screens.queue.assign_dialog import AssignDialog
from contacts_tui.screens.queue.queue_actions import CHUNK
from contacts_tui.screens.queue.snooze_dialog import SnoozeDialog
from contacts_tui.screens.queue.tag_dialog import TagDialog
from contacts_tui.services import agents, arrivals, messaging, people, queue, views
from contacts_tui.services.agents import AgentForm
from contacts_tui.services.queue import Action, Kind
from tests.services.world import people_in
from tests.ui.people_stage import PeopleStage, people_opened
from tests.ui.town import Town, number


def state(town: Town, place: int) -> State:
    """Return the person's state in the queue."""
    entry = town.store.call_read(queue.entry, town.contacts[place])
    return State.CLOSED if entry is None else entry.state


def owner(town: Town, place: int) -> str:
    """Return the person's assignee, or an empty text."""
    card = town.store.call_read(people.card, town.contacts[place])
    assert card is not None
    return card.contact.owner


def fitting(town: Town, line: str) -> int:
    """Return how many people fit a filter."""
    return town.store.call_read(views.count, line, "Kim")


async def at_list(stage: PeopleStage) -> None:
    """Wait until no dialog is open over the list."""
    await stage.until(lambda: stage.app.screen is stage.screen)


async def test_closing_one_who_waits_asks_and_leaves_the_view_for_the_next(town: Town) -> None:
    async with people_opened(town, view="") as stage:
        await stage.until(lambda: stage.people.current == town.contacts[7])
        await stage.press("e")
        await stage.until(lambda: isinstance(stage.app.screen, Question))
        assert "Close Person 007?" in stage.text and "They wait for an answer." in stage.text
        await stage.press("escape")
        await at_list(stage)
        assert state(town, 7) is State.OPEN
        await stage.press("e")
        await stage.until_shown("Close Person 007?")
        await stage.press("y")
        await stage.until_shown("Person 007 closed. u undoes it.")
        await stage.until(lambda: stage.people.count == 4)
        assert stage.people.current == town.contacts[4]
        await stage.press("u")
        await stage.until_shown("Undone: Person 007 closed.")
        await stage.until(lambda: stage.people.count == 5)
        assert state(town, 7) is State.OPEN


async def test_closing_one_who_was_answered_asks_nothing_and_the_same_key_opens_again(town: Town) -> None:
    async with people_opened(town) as stage:
        await stage.press("j")
        assert stage.people.current == town.contacts[1]
        await stage.press("e")
        await stage.until(lambda: state(town, 1) is State.CLOSED)
        assert stage.people.current == town.contacts[2], "on to the next"
        await stage.press("k")
        await stage.until(lambda: (row := stage.people.row(town.contacts[1])) is not None and row.state == "closed")
        await stage.press("e")
        await stage.until(lambda: state(town, 1) is State.OPEN)


async def test_somebody_is_snoozed_by_two_keys(town: Town) -> None:
    async with people_opened(town, view="") as stage:
        await stage.until(lambda: stage.people.current == town.contacts[7])
        await stage.press("z")
        await stage.until(lambda: isinstance(stage.app.screen, SnoozeDialog))
        await stage.press("h")
        await stage.until_shown("Person 007 snoozed until 11:01")
        await stage.until(lambda: stage.people.count == 4)
        await stage.press("s")
        await stage.until(lambda: stage.people.count == 1)
        assert "11:01" in stage.line_of("Person 007")
        entry = town.store.call_read(queue.entry, town.contacts[7])
        assert entry is not None and entry.wake is Wake.AT


async def test_assigning_to_me_asks_before_it_takes_over(town: Town) -> None:
    town.store.call(queue.apply, "Noor", [town.contacts[0]], Action(Kind.ASSIGN, "Noor"))
    async with people_opened(town) as stage:
        await stage.press("j", "a")
        await stage.until(lambda: owner(town, 1) == "Kim")
        await stage.press("g", "a")
        await stage.until(lambda: isinstance(stage.app.screen, Question))
        assert "Assign Amara Okafor to Kim?" in stage.text and "another agent, who may be answering" in stage.text
        await stage.press("y")
        await stage.until(lambda: owner(town, 0) == "Kim")
        await stage.press("u")
        await stage.until(lambda: owner(town, 0) == "Noor")
        await stage.press("u")
        await stage.until(lambda: owner(town, 1) == "")


async def test_somebody_is_assigned_to_an_agent_by_letters_and_the_next_one_too(town: Town) -> None:
    town.store.call(agents.add, "Kim", AgentForm("Noor"))
    async with people_opened(town) as stage:
        await stage.press("A")
        await stage.until(lambda: isinstance(stage.app.screen, AssignDialog))
        await stage.press("n", "enter")
        await stage.until(lambda: owner(town, 0) == "Noor")
        await at_list(stage)
        assert stage.people.current == town.contacts[1]
        await stage.press("full_stop")
        await stage.until(lambda: owner(town, 1) == "Noor")
        assert stage.people.current == town.contacts[2]


async def test_an_action_that_changed_nothing_is_the_one_repeated(town: Town) -> None:
    town.store.call(queue.apply, "Kim", [town.contacts[1]], Action(Kind.ASSIGN, "Kim"))
    async with people_opened(town) as stage:
        await stage.press("z")
        await stage.until(lambda: isinstance(stage.app.screen, SnoozeDialog))
        await stage.press("w")
        await at_list(stage)
        await stage.until(lambda: stage.people.current == town.contacts[1])
        await stage.press("a")
        await stage.until_shown("Nothing to do: assigned to you already.")
        await stage.press("j", "full_stop")
        await stage.until(lambda: "Kim" in {owner(town, place) for place in (2, 3, 4)})


async def test_a_tag_is_added_and_removed(town: Town) -> None:
    async with people_opened(town) as stage:
        await stage.press("T")
        await stage.until(lambda: isinstance(stage.app.screen, TagDialog))
        await stage.until_shown("There are no tags yet: type one.")
        await stage.press(*"vip", "enter")
        await stage.until(lambda: fitting(town, "tag:vip") == 1)
        await at_list(stage)
        await stage.press("g", "T")
        await stage.until_shown("remove")
        await stage.press("enter")
        await stage.until(lambda: fitting(town, "tag:vip") == 0)
        await at_list(stage)
        await stage.press("u")
        await stage.until(lambda: fitting(town, "tag:vip") == 1)


async def test_marking_unread_is_undone_exactly(town: Town) -> None:
    async with people_opened(town) as stage:
        assert "●2" in stage.line_of("Carla")
        await stage.press("j", "j", "N")
        await stage.until_shown("Carla Núñez marked as read. u undoes it.")
        await stage.until(lambda: "●" not in stage.line_of("Carla"))
        await stage.press("u")
        await stage.until(lambda: "●2" in stage.line_of("Carla"))


async def test_a_stretch_of_people_is_closed_at_once_and_undone_at_once(town: Town) -> None:
    async with people_opened(town) as stage:
        await stage.press("v", "4", "j")
        await stage.until_shown("5 of 60 selected")
        assert stage.line_of("Amara").find("+") >= 0
        await stage.press("e")
        await stage.until_shown("Close 5 people?")
        assert "3 of them wait for an answer." in stage.text and "u undoes it, for all of them." in stage.text
        await stage.press("y")
        await stage.until_shown("5 people closed. u undoes it.")
        assert fitting(town, "state:open") == 2
        await stage.until(lambda: "selected" not in stage.heading)
        assert stage.people.current == town.contacts[4]
        await stage.press("u")
        await stage.until_shown("Undone: 5 people closed.")
        assert fitting(town, "state:open") == 7


async def test_single_people_are_selected_and_left_out_again(town: Town) -> None:
    async with people_opened(town) as stage:
        await stage.press("x", "j", "x", "x")
        await stage.until_shown("3 of 60 selected")
        await stage.press("k", "x")
        await stage.until_shown("2 of 60 selected")
        await stage.press("a")
        await stage.until_shown("Assign 2 people to Kim?")
        await stage.press("y")
        await stage.until_shown("2 people assigned to Kim")
        assert fitting(town, f"assignee:{ME}") == 2
        await stage.press("x")
        await stage.until_shown("1 of 60 selected")
        await stage.press("escape")
        await stage.until(lambda: "selected" not in stage.heading)
        assert stage.people.count == 60


async def test_a_whole_view_of_many_is_done_in_chunks_and_undone_as_one(tmp_path: Path) -> None:
    size = 2 * CHUNK + 50
    town = Town(tmp_path, people=size)
    async with people_opened(town) as stage:
        await stage.until(lambda: stage.people.count == size)
        await stage.press("asterisk")
        await stage.until_shown(f"{size} of {size} selected")
        await stage.press("a")
        await stage.until_shown(f"Assign {size} people to Kim?")
        await stage.press("y")
        await stage.until_shown(f"{size} people assigned to Kim. u undoes it.")
        assert fitting(town, "assignee:me") == size
        town.store.call(queue.apply, "Noor", [town.contacts[0]], Action(Kind.ASSIGN, "Noor"))
        await stage.press("u")
        await stage.until_shown(f"Undone: {size - 1} people assigned to Kim; 1 person")
        assert (fitting(town, "assignee:me"), owner(town, 0)) == (0, "Noor")
        batches = {
            entry.batch for entry in town.store.call_read(queue.written, "Kim", 2 * size) if entry.agent == "Kim"
        }
        assert len(batches) == 1
    town.store.close()


async def test_a_count_moves_that_far_and_no_further_key_takes_it(town: Town) -> None:
    async with people_opened(town) as stage:
        await stage.press("1", "0", "j")
        order = people_in(town.store)
        assert stage.people.current == order[10]
        await stage.press("5", "slash", "escape", "k")
        assert stage.people.current == order[9], "the number was for the key after it"


async def test_a_draft_begun_elsewhere_is_marked(town: Town) -> None:
    async with people_opened(town) as stage:
        identity = town.identity(town.contacts[1], Channel.SMS)
        town.store.call(messaging.save_draft, identity.id, town.shop.id, "Dear Ben")
        await stage.until(lambda: "✎" in stage.line_of("Ben"))
        town.store.call(messaging.save_draft, identity.id, town.shop.id, "")
        await stage.until(lambda: "✎" not in stage.line_of("Ben"))


async def test_whoever_is_unread_far_down_counts_when_many_are_marked(tmp_path: Path) -> None:
    town = Town(tmp_path, people=600)
    town.store.call(messaging.set_unread, "Noor", town.contacts, unread=False)
    town.hears(town.shop, "Hello?", number(599))
    town.store.call(views.save, "Noor", View("By name", "order:name"))
    async with people_opened(town, view="By name") as stage:
        await stage.until(lambda: stage.people.count == 600)
        await stage.press("asterisk")
        await stage.until_shown("600 selected")
        await stage.press("N")
        await stage.until_shown("marked as read")
    assert town.store.call_read(arrivals.unread_among, town.contacts) == frozenset()
    town.store.close()


async def test_whoever_never_wrote_is_not_said_to_be_marked(town: Town) -> None:
    town.store.call(messaging.set_unread, "Noor", town.contacts, unread=False)
    async with people_opened(town) as stage:
        await stage.press("asterisk", "N")
        await stage.until_shown("5 people marked as unread")
        await stage.press("u")
        await stage.until_shown("Undone")
        await stage.press("G", "v", "k", "N")
        await stage.until_shown("None of them wrote")
