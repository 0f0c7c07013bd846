"""The people screen: who is in the list, what their lines say, and which widget gets the keys."""

import asyncio
import threading
from datetime import timedelta
from pathlib import Path

import pytest

from contacts_tui.domain.channel import Channel
from contacts_tui.domain.snooze import Snooze, Wake
from contacts_tui.domain.view import View
from contacts_tui.screens.contact.contact_screen import ContactScreen
from contacts_tui.screens.person.person_form import PersonForm
from contacts_tui.services import queue, views
from contacts_tui.services.queue import Action, Kind
from contacts_tui.store.store import READERS
from contacts_tui.widgets.heading import Heading
from contacts_tui.widgets.navigation import Navigation
from contacts_tui.widgets.search_field import SearchField
from tests.services.world import World
from tests.ui.people_stage import people_opened
from tests.ui.town import Town, name, number


async def test_a_line_tells_who_where_what_and_until_when(town: Town) -> None:
    town.doubtful(7)
    async with people_opened(town) as stage:
        amara, ben = stage.line_of("Amara"), stage.line_of("Ben")
        assert "●1" in amara and "WA" in amara and "Is the blue one back in stock?" in amara
        assert " 2 m" in amara and "WA 23 h 56 m" in amara
        assert "✓✓ Your parcel left this" in ben and "SMS" in ben
        assert "✗" in stage.line_of("Dmitri") and "not delivered" in stage.line_of("Dmitri")
        assert "?" in stage.line_of("Person 007") and "outcome unknown: Did you" in stage.line_of("Person 007")
        assert "no conversation yet" in stage.line_of("Person 059")
        assert stage.line_of("Élodie").rstrip(" ▁▂▃▄▅▆▇█").endswith("WA 2 h 57 m !")
        assert stage.heading.split("  ")[-1].strip() == "60 people · 4 unread · sorted by last message"


async def test_the_next_window_is_shown_once_the_one_that_closed_first_has_closed(world: World) -> None:
    world.person("Ann Lee", "+12025550142", "+12025550143")
    world.person("Ben", "+12025550150")
    world.hears(world.whatsapp, "one number", "+12025550142")
    world.clock.forward(hours=10)
    world.hears(world.whatsapp, "the other", "+12025550143")
    async with people_opened(world) as stage:
        await stage.until(lambda: "WA 13 h" in stage.line_of("Ann"))
        world.clock.forward(hours=15)
        world.hears(world.shop, "hello", "+12025550150")
        await stage.until(lambda: "WA 8 h" in stage.line_of("Ann"))


@pytest.mark.parametrize("width", [60, 80])
async def test_a_narrow_line_keeps_the_hours_that_run_out(town: Town, width: int) -> None:
    async with people_opened(town, size=(width, 24)) as stage:
        assert "WA 2 h 57 m !" in stage.line_of("Élodie")
        assert "WA 23 h" not in stage.line_of("Amara")
        assert all(len(line) <= width for line in stage.text.splitlines())


async def test_an_empty_store_says_how_people_come_in(nobody: World) -> None:
    async with people_opened(nobody) as stage:
        await stage.until_shown("contacts-tui people import FILE.csv")
        await stage.press("j", "enter", "G")
        assert stage.people.current is None


async def test_each_view_lists_its_people_and_escape_returns(town: Town) -> None:
    async with people_opened(town) as stage:
        await stage.press("f")
        await stage.until(lambda: stage.people.count == 1)
        assert stage.people.current == town.contacts[3]
        await stage.press("c")
        await stage.until(lambda: stage.people.current == town.contacts[4])
        assert "closing soonest first" in stage.heading
        await stage.press("r")
        await stage.until(lambda: stage.people.count == 5)
        await stage.press("escape")
        await stage.until(lambda: stage.people.count == 60)


async def test_an_empty_view_says_so(tmp_path: Path) -> None:
    world = World(tmp_path)
    world.person()
    async with people_opened(world) as stage:
        await stage.press("f")
        await stage.until_shown("No message failed. esc goes back to All people.")
    world.store.close()


async def test_tab_walks_the_views_and_enter_returns_to_the_list(town: Town) -> None:
    async with people_opened(town) as stage:
        await stage.press("tab", "k")
        await stage.until(lambda: stage.people.count == 53)
        assert isinstance(stage.app.focused, Navigation)
        await stage.press("enter")
        await stage.until(lambda: stage.app.focused is None)


async def test_folded_views_come_with_tab_and_go_with_it(town: Town) -> None:
    async with people_opened(town, size=(60, 20)) as stage:
        assert "Closing soon" not in stage.text
        await stage.press("tab")
        await stage.until_shown("Closing soon")
        await stage.press("tab")
        await stage.until(lambda: "Closing soon" not in stage.text)


async def test_search_filters_as_one_types_and_enter_opens(town: Town) -> None:
    async with people_opened(town) as stage:
        await stage.press("slash", *"nunez")
        await stage.until(lambda: stage.people.count == 1 and stage.people.current == town.contacts[2])
        await stage.press("enter")
        await stage.until(lambda: isinstance(stage.app.screen, ContactScreen))


async def test_enter_typed_ahead_of_the_search_opens_whom_it_finds(town: Town) -> None:
    release = threading.Event()
    async with people_opened(town) as stage:
        assert stage.people.current == town.contacts[0]
        # The store is slow: every read from now on waits.
        held = [asyncio.ensure_future(stage.app.session.read(lambda *_: release.wait())) for _ in range(READERS)]
        try:
            await stage.press("slash", *"carla", "enter")
            assert not isinstance(stage.app.screen, ContactScreen)
        finally:
            release.set()
            await asyncio.gather(*held)
        await stage.until_shown("to Carla Núñez")


async def test_enter_typed_ahead_of_a_search_that_finds_nobody_opens_nobody(town: Town) -> None:
    async with people_opened(town) as stage:
        await stage.press("slash", *"zzzz", "enter")
        await stage.until(lambda: isinstance(stage.app.screen, PersonForm) or "No one matches “zzzz”" in stage.text)
        assert not isinstance(stage.app.screen, ContactScreen)


async def test_arrows_move_in_what_was_found_while_the_field_keeps_the_keys(town: Town) -> None:
    async with people_opened(town) as stage:
        await stage.press("slash", *"person")
        await stage.until(lambda: stage.people.count == 54)
        first = stage.people.current
        await stage.press("down", "down", "up")
        assert stage.people.current not in (None, first)
        assert isinstance(stage.app.focused, SearchField)


async def test_no_match_says_so_and_escape_clears(town: Town) -> None:
    async with people_opened(town) as stage:
        await stage.press("slash", *"zzzz")
        await stage.until_shown("No one matches “zzzz”. ⏎ adds a person with this name. esc clears the search.")
        await stage.press("escape")
        await stage.until(lambda: stage.people.count == 60)
        assert stage.screen.query_one(SearchField).value == ""
        assert stage.app.focused is None


async def test_more_matches_than_shown_are_told(tmp_path: Path) -> None:
    town = Town(tmp_path, people=520)
    async with people_opened(town) as stage:
        await stage.press("slash", *"person")
        await stage.until(lambda: "first 500 shown, type more" in stage.heading)
    town.store.close()


async def test_the_far_end_of_a_long_list_is_read_when_it_is_reached(tmp_path: Path) -> None:
    town = Town(tmp_path, people=520)
    async with people_opened(town) as stage:
        await stage.until(lambda: stage.people.count == 520)
        await stage.press("G")
        last = stage.people.current
        assert last is not None
        await stage.until(lambda: "▸" in stage.line_of(name(town.contacts.index(last))))
        await stage.press("g")
        assert stage.people.current == town.contacts[0]
    town.store.close()


async def test_a_message_from_outside_moves_its_line_and_not_the_cursor(town: Town) -> None:
    async with people_opened(town) as stage:
        await stage.press("j", "j")
        assert stage.people.current == town.contacts[2]
        town.clock.forward(minutes=1)
        town.hears(town.shop, "Hello, is anybody there?", number(5))
        await stage.until_shown("Hello, is anybody there?")
        await stage.until(lambda: stage.row_of("Farid") < stage.row_of("Amara"))
        assert stage.people.current == town.contacts[2]
        await stage.until(lambda: "6 unread" in stage.heading)
        assert "▸" in stage.line_of("Carla")


async def test_a_new_person_appears_by_themselves(nobody: World) -> None:
    async with people_opened(nobody) as stage:
        await stage.until_shown("No people yet.")
        nobody.hears(nobody.whatsapp, "Hi", "+4915112345678", profile="Lena Vogt")
        await stage.until_shown("Lena Vogt")
        assert stage.people.current is not None


async def test_a_name_can_neither_command_the_terminal_nor_the_app(nobody: World) -> None:
    hostile = '[@click=app.quit]Eve[/] \x1b]0;owned\x07\u202egnp\u2066 \x9b2J [/nope] [a="b]'
    eve = nobody.person(hostile, number(1))
    nobody.hears(nobody.shop, f"words {hostile}", number(1))
    async with people_opened(nobody) as stage:
        await stage.until_shown("[@click=app.quit]Eve[/]")
        for bad in ("\x1b", "\x07", "\u202e", "\u2066", "\x9b"):
            assert bad not in stage.text
        await stage.press("slash", *"words")
        await stage.until(lambda: stage.people.current == eve)
        await stage.press("ctrl+p", *"eve")
        await stage.until_shown("Open this person.")
        await stage.press("enter")
        await stage.until(lambda: isinstance(stage.app.screen, ContactScreen))


@pytest.mark.parametrize("times", [1, 2])
async def test_a_click_opens_a_person_and_a_double_click_does_no_more(town: Town, times: int) -> None:
    async with people_opened(town) as stage:
        await stage.pilot.click(stage.people, offset=(10, 2), times=times)
        await stage.until_shown("to Carla Núñez")
        assert len(stage.app.screen_stack) == 2


async def test_a_search_begins_anew_and_no_letter_goes_into_a_field_that_was_left(town: Town) -> None:
    async with people_opened(town) as stage:
        await stage.press("slash", *"carla", "enter")
        await stage.until_shown("to Carla Núñez")
        await stage.press("escape", "escape")
        await stage.until_shown("Matches for “carla”")
        assert stage.app.focused is None
        await stage.press("j", "x", "slash", *"ben")
        await stage.until_shown("Matches for “ben”")
        await stage.press("ctrl+p", *"amara")
        await stage.until_shown("Open this person.")
        await stage.press("enter")
        await stage.until_shown("to Amara Okafor")
        await stage.press("escape", "escape")
        await stage.until_shown("Matches for “ben”")
        assert stage.app.focused is None, "the palette opened somebody: the search was left"
        await stage.press("escape")
        await stage.until(lambda: stage.people.count == 60)


async def test_a_click_on_a_view_lists_it_and_enter_opens_its_first_person(town: Town) -> None:
    async with people_opened(town) as stage:
        await stage.pilot.click(stage.screen.query_one(Navigation), offset=(3, 5))
        await stage.until(lambda: stage.people.count == 5)
        assert stage.app.focused is None
        await stage.press("enter")
        await stage.until_shown("to Amara Okafor")


async def test_a_click_on_the_sums_sorts_by_name_and_back(town: Town) -> None:
    async with people_opened(town) as stage:
        heading = stage.screen.query_one(Heading)
        for words in ("sorted by name", "sorted by last message"):
            await stage.pilot.click(heading, offset=(heading.size.width - 5, 0))
            await stage.until_shown(words)
        await stage.press("o")
        await stage.until_shown("sorted by name")
        await stage.until(lambda: stage.row_of("Élodie") < stage.row_of("Farid") < stage.row_of("Person 006"))
        await stage.press("r")
        await stage.until(lambda: stage.people.count == 5)
        assert "sorted by name" in stage.heading


async def test_q_asks_before_it_leaves(town: Town) -> None:
    async with people_opened(town) as stage:
        await stage.press("q")
        await stage.until_shown("Quit the program?")
        await stage.press("escape")
        await stage.until(lambda: "Quit the program?" not in stage.text)
        assert stage.app.is_running
        await stage.press("q")
        await stage.until_shown("Quit the program?")
        await stage.press("y")
        await stage.until(lambda: not stage.app.is_running)


@pytest.mark.parametrize(("row", "words"), [(1, "· WhatsApp · from"), (None, "· SMS · from")])
async def test_a_click_on_the_card_beside_the_list_opens_the_person(town: Town, row: int | None, words: str) -> None:
    async with people_opened(town, size=(170, 40)) as stage:
        await stage.until_shown("1 SMS")
        line = stage.row_of("1 SMS") if row is None else stage.row_of("last seen")
        await stage.pilot.click(offset=(140, line))
        await stage.until_shown("to Amara Okafor")
        await stage.until_shown(words)


async def test_a_wide_terminal_shows_the_person_beside_the_list(town: Town) -> None:
    async with people_opened(town, size=(170, 40)) as stage:
        await stage.until_shown("Messaging")
        await stage.press("j")
        await stage.until(lambda: "+1 202 555 1001" in stage.text)
        assert Channel.WHATSAPP.label in stage.text
        await stage.pilot.resize_terminal(120, 40)
        await stage.until(lambda: "Messaging" not in stage.text)


async def test_trouble_with_the_store_is_a_sentence_and_not_a_crash(town: Town) -> None:
    async with people_opened(town) as stage:
        stage.app.session.close()
        await stage.press("f")
        await stage.until_shown("is closed")


async def test_who_waits_is_listed_first_the_most_urgent_at_the_top(town: Town) -> None:
    async with people_opened(town, view="") as stage:
        await stage.until(lambda: stage.people.count == 5)
        assert "Waiting" in stage.heading and "most urgent first" in stage.heading
        assert stage.people.current == town.contacts[7], "the target of an hour ran out first"
        seventh, amara = stage.line_of("Person 007"), stage.line_of("Amara")
        assert "21 h" in seventh and "target \N{MINUS SIGN}20 h" in seventh
        assert " 2 m target in 58 m" in amara
        town.clock.forward(minutes=1)
        town.send(town.contacts[7], town.shop, "It is on its way.")
        await stage.until(lambda: stage.people.count == 4)
        await stage.until_shown("w Waiting          4")


async def test_everybody_is_listed_first_while_nobody_waits(tmp_path: Path) -> None:
    world = World(tmp_path)
    world.person("Ann Archer")
    async with people_opened(world, view="") as stage:
        await stage.until_shown("Ann Archer")
        assert "All people" in stage.heading
        world.hears(world.shop, "Hello?")
        await stage.until_shown("w Waiting          1")
        assert "All people" in stage.heading, "the list isn't taken away"
    world.store.close()


async def test_a_view_chosen_in_the_configuration_is_the_first(town: Town) -> None:
    async with people_opened(town, view="closed") as stage:
        await stage.until(lambda: stage.people.count == 53)
        await stage.press("w")
        await stage.until(lambda: stage.people.count == 5)
        await stage.press("escape")
        await stage.until(lambda: "Closed" in stage.heading)


async def test_a_view_that_there_is_not_is_told_and_who_waits_is_listed(town: Town) -> None:
    async with people_opened(town, view="Mein") as stage:
        await stage.until_shown("There is no view “Mein”")
        await stage.until(lambda: stage.people.count == 5)


async def test_counts_and_list_of_a_view_follow_what_others_do(town: Town) -> None:
    async with people_opened(town, view="Mine") as stage:
        await stage.until_shown("No open person is assigned to you.")
        town.store.call(queue.apply, "Noor", [town.contacts[0]], Action(Kind.ASSIGN, "Kim"))
        await stage.until_shown("Amara Okafor")
        await stage.until_shown("▸y Mine             1")
        snooze = Snooze(Wake.AT, town.clock() + timedelta(hours=20))
        town.store.call(queue.apply, "Noor", [town.contacts[0]], Action(Kind.SNOOZE, snooze=snooze))
        await stage.press("s")
        await stage.until(lambda: "Thu 19 Nov 06:01" in stage.line_of("Amara"))
        assert "Wakes" in stage.text


async def test_a_saved_view_stands_under_the_others_with_its_count(town: Town) -> None:
    async with people_opened(town) as stage:
        assert "Saved" not in stage.text
        town.store.call(views.save, "Kim", View("VIP, late", "tag:vip is:late order:urgent"))
        await stage.until_shown("VIP, late")
        town.store.call(queue.apply, "Noor", [town.contacts[7]], Action(Kind.TAG, "vip"))
        await stage.until(
            lambda: stage.line_of("VIP, late").split("  ")[0:1] != [] and " 1 " in stage.line_of("VIP, late")[:22]
        )
        await stage.press("tab", "j")
        await stage.until(lambda: stage.people.current == town.contacts[7])
        assert "VIP, late" in stage.heading


async def test_urgent_columns_stay_in_a_narrow_terminal(town: Town) -> None:
    for size in ((80, 24), (60, 20)):
        async with people_opened(town, view="", size=size) as stage:
            await stage.until_shown("target \N{MINUS SIGN}20 h")
            assert "Runs out" in stage.text and "Wait" in stage.text
            assert all(len(line) <= size[0] for line in stage.text.splitlines())
