"""Merging, linking, moving apart and undoing by keys, as the agent sees it."""

from collections.abc import Iterator

import pytest

from contacts_tui.domain.cells import text_width
from contacts_tui.domain.channel import Channel
from contacts_tui.domain.contact import ContactChange, NewContact
from contacts_tui.screens.contact.route_picker import RoutePicker
from contacts_tui.screens.merging.candidate_picker import CandidatePicker
from contacts_tui.screens.merging.merge import MergeScreen
from contacts_tui.screens.merging.merges import MergesScreen
from contacts_tui.services import duplicates, merging, people, views
from contacts_tui.store import contacts
from contacts_tui.widgets.choice_list import ChoiceList
from contacts_tui.widgets.search_field import SearchField
from tests.services.twins import BO_NUMBER, Twins
from tests.services.world import World
from tests.ui.people_stage import PeopleStage, people_opened
from tests.ui.stage import Stage, opened

HOSTILE = "[b]山田[/b] \x1b[2J\u202e 花子 with a name that goes on and on and on"


@pytest.fixture
def twins(nobody: World) -> Iterator[Twins]:
    yield Twins(nobody)


def said(stage: Stage | PeopleStage, words: str) -> bool:
    """Return whether a sentence is on the screen, wherever its lines break."""
    return words in " ".join(stage.text.translate(str.maketrans("│▌▏▎", "    ")).split())


async def until_said(stage: Stage | PeopleStage, words: str) -> None:
    """Wait for a sentence."""
    await stage.until(lambda: said(stage, words))


async def to_bo(stage: PeopleStage) -> None:
    """Wait until the cursor is on Bo, and ask with whom to merge."""
    await stage.until_shown("▸● A. Okafor")
    await stage.press("m")
    await stage.until(lambda: isinstance(stage.app.screen, CandidatePicker))


async def test_a_suggested_contact_is_merged_and_the_merge_undone_from_the_list(twins: Twins) -> None:
    before = twins.dump()
    async with people_opened(twins.world, size=(80, 24)) as stage:
        await to_bo(stage)
        await stage.until_shown("same email amara@x.example")
        await stage.press("enter")
        await stage.until_shown("Merge  Amara Okafor  into  A. Okafor")
        await until_said(stage, "3 messages in 2 threads")
        await stage.press("x")
        await stage.until_shown("Merge  A. Okafor  into  Amara Okafor")
        await until_said(stage, "5 messages in 4 threads, 4 addresses, 2 drafts and 1 note go over")
        await until_said(stage, "1 message still waiting to be sent will be sent as written")
        await stage.press("enter")
        await until_said(stage, "A. Okafor was merged into Amara Okafor")
        await stage.until_shown("1 person")
        assert twins.contact(twins.bo) is None
        await stage.until_shown("u undo")
        await stage.press("u")
        await until_said(stage, "Undone: A. Okafor is a contact of its own again.")
        await stage.until_shown("2 people")
        assert "u undo" not in stage.text.splitlines()[-1]
    assert twins.dump() == before


async def test_enter_before_the_answer_takes_whom_the_search_finds_and_not_whom_the_list_still_shows(
    twins: Twins,
) -> None:
    twins.world.person("Carla Núñez", "+13055550117")
    async with people_opened(twins.world, size=(80, 24)) as stage:
        await to_bo(stage)
        picker = stage.app.screen
        assert isinstance(picker, CandidatePicker)
        await stage.until(lambda: picker.query_one(ChoiceList).highlighted is not None)
        picker.query_one(SearchField).value = "Carla"
        picker.action_choose()
        await stage.until(lambda: isinstance(stage.app.screen, MergeScreen))
        await stage.until(lambda: "Carla Núñez" in stage.line_of("  into  "))


async def test_who_types_on_after_an_early_enter_is_asked_again(twins: Twins) -> None:
    twins.world.person("Carla Núñez", "+13055550117")
    async with people_opened(twins.world, size=(80, 24)) as stage:
        await to_bo(stage)
        picker = stage.app.screen
        assert isinstance(picker, CandidatePicker)
        options, field = picker.query_one(ChoiceList), picker.query_one(SearchField)
        await stage.until(lambda: options.highlighted is not None)
        field.value = "C"
        picker.action_choose()
        field.value = "Carla"
        await stage.until(lambda: picker._listed == "Carla")
        await stage.pilot.pause()
        assert stage.app.screen is picker


async def test_each_field_is_chosen_with_the_arrows(twins: Twins) -> None:
    async with people_opened(twins.world, size=(80, 24)) as stage:
        await to_bo(stage)
        await stage.until_shown("same email")
        await stage.press("enter")
        await stage.until_shown("▸ name")
        await stage.press("right")
        await stage.until(lambda: "○ A. Okafor" in stage.line_of("▸ name"))
        assert stage.line_of("▸ name").endswith("Amara Okafor")
        await stage.press("j", "j", "j")
        await stage.until_shown("▸ tags")
        assert "◉ vip" in stage.line_of("▸ tags")
        await stage.press("space")
        await stage.until(lambda: "◉ VIP, lagos" in stage.line_of("▸ tags") and "○ vip" in stage.line_of("▸ tags"))
        await stage.press("space", "space")
        await stage.until_shown("◉ vip")
        await stage.press("x")
        await stage.until_shown("Merge  A. Okafor  into  Amara Okafor")
        await stage.press("enter")
        await stage.until(lambda: twins.contact(twins.bo) is None)
    merged = twins.contact(twins.amara)
    assert merged is not None
    assert merged.name == "Amara Okafor"
    (entry,) = twins.world.store.call_read(merging.journal)
    assert entry.author == "Kim"


async def test_escape_and_n_leave_both_as_they_are(twins: Twins) -> None:
    async with people_opened(twins.world, size=(80, 24)) as stage:
        await to_bo(stage)
        await stage.until_shown("same email")
        await stage.press("enter")
        await stage.until(lambda: isinstance(stage.app.screen, MergeScreen))
        await stage.until_shown("▸ name")
        await stage.press("escape")
        await to_bo(stage)
        await stage.until_shown("same email")
        await stage.press("enter")
        await stage.until_shown("▸ name")
        await stage.press("n")
        await until_said(stage, "Not the same person: ")
        await to_bo(stage)
        await stage.until_shown("No suggestions")
        await stage.press(*"1000")
        await stage.until_shown("No one matches “1000”")
        await stage.press("backspace", "backspace", "backspace", "backspace", *"vip")
        await stage.until_shown("▸ Amara Okafor")
        await stage.press("escape")
        await stage.until(lambda: stage.app.screen is stage.screen)
    assert twins.contact(twins.bo) is not None
    assert twins.world.store.call_read(duplicates.suggestions) == ()


async def test_all_pairs_are_gone_through_one_after_the_other(twins: Twins) -> None:
    world = twins.world
    carla = world.store.call(contacts.insert, NewContact(name="Carla", emails=("carla@x.example",))).id
    world.store.call(contacts.insert, NewContact(name="Carla N.", emails=("CARLA@x.example",)))
    async with people_opened(world, size=(80, 24)) as stage:
        await stage.press("D")
        await stage.until_shown("▸ Carla · Carla N.")
        await stage.until_shown("Amara Okafor · A. Okafor")
        await stage.press("enter")
        await stage.until_shown("Merge  Carla N.  into  Carla")
        await stage.press("enter")
        await stage.until_shown("▸ Amara Okafor · A. Okafor")
        assert "Carla · Carla N." not in stage.text
        await stage.press("ctrl+n")
        await until_said(stage, "no two contacts share")
        await until_said(stage, "they are no longer suggested. alt+u undoes it.")
        await stage.press("alt+u")
        await stage.until_shown("▸ Amara Okafor · A. Okafor")
        await until_said(stage, "Undone: Amara Okafor and A. Okafor marked as not the same person. alt+u undoes next: ")
        await stage.press("u")
        await stage.until_shown("Carla · Carla N.")
        await stage.press("escape")
        await stage.until(lambda: stage.app.screen is stage.screen)
    assert world.store.call_read(people.find, "Carla N.").id != carla


async def test_the_journal_undoes_what_can_be_undone_and_says_why_not(twins: Twins) -> None:
    world = twins.world
    carla = world.person("Carla Núñez", "+13055550117")
    first = twins.merge(twins.amara, twins.bo)
    second = twins.merge(carla, twins.amara)
    async with people_opened(world, size=(80, 24)) as stage:
        await stage.press("M")
        await stage.until(lambda: isinstance(stage.app.screen, MergesScreen))
        await stage.until_shown(f"▸ {second.id}  Amara Okafor → Carla Núñez")
        await stage.press("j")
        await until_said(stage, f"number {second.id} of the journal moved one of these two later")
        assert "u undo" not in stage.text.splitlines()[-1]
        await stage.press("u", "k")
        await stage.until_shown("u undoes it")
        await stage.press("u")
        await until_said(stage, "Undone: Amara Okafor is a contact of its own again.")
        await until_said(stage, "Undone by Kim")
        await stage.press("j")
        await stage.until_shown("u undo")
        await stage.press("u")
        await until_said(stage, "Undone: A. Okafor is a contact of its own again.")
        assert world.store.call_read(views.count, "", "") == 3
        await stage.press("enter")
        await stage.until_shown("to Amara Okafor")
    assert [entry.id for entry in world.store.call_read(merging.journal)] == [second.id, first.id]


async def test_a_contact_that_is_merged_away_elsewhere_goes_on_as_the_one_that_stays(twins: Twins) -> None:
    async with opened(twins.world, twins.bo) as stage:
        await stage.until_shown("to A. Okafor")
        await stage.until_focused(stage.composer)
        await stage.type("half a sen")
        entry = twins.merge(twins.amara, twins.bo)
        await until_said(stage, "A. Okafor was merged into Amara Okafor by Kim: you go on with Amara Okafor.")
        await stage.until_shown("to Amara Okafor")
        assert stage.composer.text == "half a sen"
        assert stage.composer.has_focus
        await stage.type("tence")
        await stage.until(lambda: stage.composer.text == "half a sentence")
        twins.undo(entry)
        await until_said(stage, "This conversation is A. Okafor's again")
        await stage.until_shown("to A. Okafor")
        assert stage.composer.text == "half a sentence"


async def test_the_timeline_gains_what_was_merged_and_loses_it_again(twins: Twins) -> None:
    async with opened(twins.world, twins.amara, size=(120, 40)) as stage:
        await stage.until_shown("to Amara Okafor")
        await stage.pilot.press("f5")
        await stage.until_shown("amara on whatsapp")
        entry = twins.merge(twins.amara, twins.bo)
        await stage.until_shown("bo on the page")
        twins.undo(entry)
        await stage.until(lambda: "bo on the page" not in stage.text)
        assert "amara on whatsapp" in stage.text


async def test_two_threads_on_one_channel_can_both_be_opened(twins: Twins) -> None:
    twins.merge(twins.amara, twins.bo)
    async with opened(twins.world, twins.amara, size=(120, 40)) as stage:
        await stage.until_shown("to Amara Okafor")
        await stage.pilot.press("f2")
        await until_said(stage, "2 WhatsApp threads, this is the latest: f2 again to choose another.")
        await stage.until_shown("draft to bo")
        await stage.pilot.press("f2")
        await stage.until(lambda: isinstance(stage.app.screen, RoutePicker))
        await stage.until_shown("  +1 202 555 0142  ")
        await stage.pilot.press("j", "enter")
        await stage.until_shown("draft to amara")
        await stage.until_shown("amara on whatsapp")


async def test_a_chat_is_linked_from_the_chat_and_from_the_person(twins: Twins) -> None:
    world = twins.world
    world.hears(twins.bot, "it is me", "777", profile="Carla on Telegram")
    carla = world.person("Carla Núñez", "+13055550117")
    (chat,) = world.store.call_read(people.search, "it is me", 5).ids
    async with opened(world, chat) as stage:
        await _to_the_thread(stage)
        await stage.pilot.press("L")
        await until_said(stage, "Who is Carla on Telegram? The chat goes to the contact you choose.")
        await stage.type("Núñez")
        await stage.until_shown("▸ Carla Núñez")
        await stage.pilot.press("enter")
        await stage.until_shown("Merge  Carla on Telegram  into  Carla Núñez")
        await stage.pilot.press("enter")
        await stage.until_shown("to Carla Núñez")
        await stage.until_focused(stage.thread)
        await stage.pilot.press("u")
        await stage.until_shown("to Carla on Telegram")
    assert world.identity(chat, Channel.TELEGRAM).address == "777"
    async with opened(world, carla) as stage:
        await stage.until_focused(stage.notice)
        await stage.pilot.press("escape", "L")
        await until_said(stage, "Which of those who wrote by Telegram or Messenger is Carla Núñez?")
        await stage.until_shown("▸ Carla on Telegram")
        assert "Okafor" not in stage.text
        await stage.pilot.press("enter")
        await stage.until_shown("Merge  Carla on Telegram  into  Carla Núñez")
        await stage.pilot.press("enter")
        await stage.until(lambda: "it is me" in stage.text)
    assert world.identity(carla, Channel.TELEGRAM).address == "777"


async def _to_the_thread(stage: Stage) -> None:
    await stage.until_focused(stage.composer)
    await stage.pilot.press("escape")
    await stage.until_focused(stage.thread)


async def test_a_wrong_number_is_moved_away_and_back(twins: Twins) -> None:
    world = twins.world
    async with opened(world, twins.bo) as stage:
        await _to_the_thread(stage)
        await stage.pilot.press("S")
        await stage.until_shown(f"▸ SMS {BO_NUMBER}, WhatsApp {BO_NUMBER}")
        await stage.until_shown("2 messages")
        await stage.pilot.press("enter")
        await stage.until_shown("was moved from")
        assert len(world.store.call_read(people.search, BO_NUMBER, 5).ids) == 1
        await stage.until_shown("u undo")
        await stage.pilot.press("u")
        await stage.until_shown("Undone: +234 803 555 0142")
    assert world.identity(twins.bo, Channel.SMS).address == BO_NUMBER


async def test_the_merge_looks_again_when_one_of_the_two_changes(twins: Twins) -> None:
    async with people_opened(twins.world, size=(80, 24)) as stage:
        await to_bo(stage)
        await stage.until_shown("same email")
        await stage.press("enter")
        await stage.until_shown("▸ name")
        twins.world.store.call(contacts.update, twins.bo, ContactChange(company="Somewhere Else"))
        await stage.until_shown("Somewhere Else")
        twins.merge(twins.amara, twins.bo)
        await until_said(stage, "no longer in the store")
        await stage.press("enter", "escape")
        await stage.until(lambda: stage.app.screen is stage.screen)


@pytest.mark.parametrize("size", [(80, 24), (120, 40), (50, 16)], ids=lambda size: f"{size[0]}x{size[1]}")
async def test_hostile_and_wide_names_keep_to_their_columns(twins: Twins, size: tuple[int, int]) -> None:
    world = twins.world
    other = world.store.call(
        contacts.insert, NewContact(name=HOSTILE, company=HOSTILE, emails=("amara@x.example",), note=HOSTILE * 5)
    )
    world.store.call(contacts.add_identity, other.id, Channel.TELEGRAM, "777", twins.bot.id, HOSTILE)
    async with people_opened(world, size=size) as stage:
        stage.app.push_screen(MergeScreen(twins.amara, other.id, "u"))
        await stage.until_shown("◉ Amara")
        lines = stage.text.splitlines()
        assert all(text_width(line) <= size[0] for line in lines)
        assert "[b]山田" in stage.text
        assert not set(stage.text) & set("\x1b\u202e")
        assert "…" in next(line for line in lines if "company" in line)
        assert lines[-1].startswith(" ⏎ merge  esc back")


async def test_a_pair_says_its_whole_reason_though_a_narrow_list_cuts_it(twins: Twins) -> None:
    async with people_opened(twins.world, size=(60, 20)) as stage:
        twins.world.store.call(contacts.update, twins.bo, ContactChange(name="A. Okafor of the long name"))
        await stage.until_shown("Okafor of")
        await stage.press("D")
        await until_said(stage, "Same email amara@x.example.")
        assert "same email amara@x.example" not in stage.text
