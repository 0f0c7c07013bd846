"""The search field of People as a filter: completion, mistakes at their place, and views that are saved."""

import pytest

from contacts_tui.commands.view_keys import key_fault
from contacts_tui.domain.person_filter import GUIDE, parse
from contacts_tui.domain.view import View
from contacts_tui.screens.people.save_view import SaveView
from contacts_tui.services import queue, views
from contacts_tui.services.queue import Action, Kind
from contacts_tui.widgets.filter_field import FilterField
from tests.other_program import execute
from tests.ui.people_stage import PeopleStage, people_opened
from tests.ui.town import Town


def typed(text: str) -> list[str]:
    """Return the keys that type a text."""
    names = {" ": "space", ":": "colon", ">": "greater_than_sign", "<": "less_than_sign", '"': "quotation_mark"}
    return [names.get(char, char) for char in text]


async def find(stage: PeopleStage, text: str) -> None:
    """Type into the search field."""
    await stage.press("slash", *typed(text))


def field(stage: PeopleStage) -> FilterField:
    return stage.screen.query_one(FilterField)


async def test_a_filter_that_is_typed_lists_who_fits_and_words_search_as_before(town: Town) -> None:
    town.store.call(queue.apply, "Noor", [town.contacts[0], town.contacts[2]], Action(Kind.TAG, "vip"))
    async with people_opened(town) as stage:
        await find(stage, "tag:vip waiting>10m")
        await stage.until(lambda: stage.people.count == 1 and stage.people.current == town.contacts[2])
        assert "Matches for “tag:vip waiting>10m”" in stage.heading
        await stage.press("escape")
        await stage.until(lambda: stage.people.count == 60)
        await find(stage, 'tag:vip "blue one"')
        await stage.until(lambda: stage.people.count == 1 and stage.people.current == town.contacts[0])
        await stage.press("escape")
        await find(stage, "is:waiting order:urgent")
        await stage.until(lambda: stage.people.count == 5)
        assert "Runs out" in stage.text and "most urgent first" in stage.heading
        await stage.press("escape")
        await find(stage, "blue one")
        await stage.until(lambda: stage.people.count == 1)


async def test_the_help_over_the_search_field_says_how_filters_are_written(town: Town) -> None:
    assert all(parse(example) for example in GUIDE)
    async with people_opened(town) as stage:
        await stage.press("slash", "f9")
        await stage.until_shown("waiting>30m")
        await stage.until_shown("who have waited for longer")


async def test_a_filter_that_is_not_whole_yet_says_so_and_adds_nobody(town: Town) -> None:
    async with people_opened(town) as stage:
        await find(stage, "tag")
        await stage.until_shown("adds a person with this name")
        await stage.press("colon")
        await stage.until_shown("“tag:” has no value: write for example tag:vip.")
        assert "adds a person" not in stage.text


async def test_a_mistake_is_named_under_its_place_and_the_list_stays(town: Town) -> None:
    async with people_opened(town) as stage:
        await find(stage, "is:unread tga:vip x")
        await stage.until_shown("^ “tga” isn't a field: did you mean tag?")
        line = next(line for line in stage.text.splitlines() if "/ is:unread tga:vip" in line)
        below = next(line for line in stage.text.splitlines() if "^ “tga”" in line)
        assert below.index("^") == line.index("tga:vip")
        heading = stage.text.splitlines()[0]
        assert "is:unread tga:vip" in heading
        assert "people" not in heading, "a filter that can't be asked for finds no number of people"
        await stage.press("enter")
        assert len(stage.app.screen_stack) == 1, "nobody is opened by mistake"
        await stage.press("escape")
        await stage.until(lambda: "isn't a field" not in stage.text and "Last message" in stage.text)


async def test_a_mistake_without_room_says_which_character_it_is(town: Town) -> None:
    async with people_opened(town, size=(60, 20)) as stage:
        await stage.until_shown("/ name, number, words they said, or a filter")
        assert "tag:" not in stage.text, "half a filter is another one"
        await find(stage, "is:unread state:open waiting>30m channel:pigeon x")
        await stage.until_shown("character 34: “pigeon” isn't a channel")
        await stage.press("ctrl+u")
        await find(stage, "assignee:me state:open langauge:de")
        await stage.until_shown("“langauge” isn't a field: did you mean language?")
        assert "character" not in stage.text


async def test_a_mistake_fits_a_terminal_that_gets_narrower(town: Town) -> None:
    async with people_opened(town) as stage:
        await find(stage, "is:unread state:open waiting>30m channel:pigeon x")
        await stage.until_shown("^ “pigeon” isn't a channel")
        await stage.pilot.resize_terminal(60, 20)
        await stage.until_shown("character 34: “pigeon” isn't a channel")


async def test_a_term_is_completed_by_a_key_and_without_one_the_key_goes_to_the_views(town: Town) -> None:
    town.store.call(queue.apply, "Noor", [town.contacts[0]], Action(Kind.TAG, "vip late"))
    async with people_opened(town) as stage:
        await find(stage, "st")
        await stage.until_shown("tab state:")
        await stage.press("tab")
        assert field(stage).value == "state:"
        await stage.until_shown("state:open  state:snoozed  state:closed")
        await stage.press("c", "tab")
        assert field(stage).value == "state:closed "
        await stage.until(lambda: stage.people.count == 53)
        await stage.press(*typed("tag:"))
        await stage.until_shown('tag:"vip late"')
        await stage.press("tab")
        assert field(stage).value == 'state:closed tag:"vip late" '
        await stage.press("tab")
        assert not field(stage).has_focus


async def test_a_filter_is_saved_with_a_key_that_opens_it_and_undone(town: Town) -> None:
    async with people_opened(town) as stage:
        await find(stage, "is:waiting waiting>1h order:waiting")
        await stage.until(lambda: stage.people.count == 3)
        await stage.press("ctrl+s")
        await stage.until(lambda: isinstance(stage.app.screen, SaveView))
        await stage.press("enter")
        await stage.until_shown("Give it a name.")
        await stage.press(*typed("Late"), "tab", "e", "enter")
        await stage.until_shown("The key e belongs to “close”: choose another one.")
        await stage.press("backspace", "V", "enter")
        await stage.until_shown("V Late             3")
        await stage.until_shown("Saved as “Late”.")
        assert "Late" in stage.heading and field(stage).value == ""
        await stage.press("escape")
        await stage.until(lambda: stage.people.count == 60)
        await stage.press("V")
        await stage.until(lambda: stage.people.count == 3)
        assert "longest waiting first" in stage.heading
        await stage.press("X")
        await stage.until_shown("View “Late” removed")
        await stage.until(lambda: "V Late" not in stage.text and stage.people.count == 60)
        await stage.press("u")
        await stage.until_shown("V Late             3")
        await stage.press("u")
        await stage.until(lambda: "V Late" not in stage.text)
    assert [view.name for view in town.store.call_read(views.listed) if view.author] == []


async def test_a_saved_view_that_only_a_newer_version_understands_says_so_and_lists_nobody(town: Town) -> None:
    execute(town.location, "INSERT INTO saved_view (name, filter, key, author) VALUES ('New', 'is:happy', 'Y', 'Noor')")
    async with people_opened(town) as stage:
        await stage.until_shown("Y New")
        await stage.press("Y")
        await stage.until_shown("“is:happy” says nothing of a person")
        assert stage.people.count == 0 and not stage.line_of("Amara")
        await stage.press("enter")
        await stage.press("escape")
        await stage.until(lambda: stage.people.count == 60)
        assert stage.line_of("Amara")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", ""),
        ("V", ""),
        ("j", "The key j belongs to “down”"),
        ("5", "The key 5 belongs to “count”"),
        ("ctrl+y", "write a character"),
        ("two", "is not a key"),
        ("H", "The key H opens “VIP”"),
    ],
)
def test_the_key_of_a_view_is_a_free_character(text: str, words: str) -> None:
    fault = key_fault(text, [View("VIP", "tag:vip", "H")])
    assert (words in fault) is True
    assert bool(fault) is bool(words)
